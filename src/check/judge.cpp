#include "judge.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace handgrad {

namespace {

// Judges one entry.
// @param analytic what backward gave, and how far rounding may have taken it
// @param truth what the oracle says
// @param scale the size of the largest entry of the gradient, which says what a tight bound is
// @param largest_dy the size of what backward computes with: a layer that is saturated, as tanh
//        is at 20, has a gradient that is smaller than the rounding of its terms
Entry judge(std::vector<std::size_t> index, const Bounded<double>& analytic, const Estimate& truth,
            double scale, double largest_dy, const Arithmetic& arithmetic) {
    Entry entry{std::move(index), analytic.value, truth.value};
    entry.error = std::abs(analytic.value - truth.value);
    entry.bound = truth.bound + analytic.bound;
    // Below the normal numbers there are no digits left to verify
    const bool tight =
        truth.bound <= arithmetic.tight * scale + arithmetic.smallest &&
        analytic.bound <= arithmetic.tight * std::max(scale, largest_dy) + arithmetic.smallest;
    if (!(entry.error <= entry.bound))
        entry.verdict = Verdict::Wrong;
    else
        entry.verdict = tight ? Verdict::Verified : Verdict::Undecided;
    return entry;
}

} // namespace

double largest_of(const Tensor<double>& tensor) {
    double largest = 0;
    for (double entry : tensor)
        largest = std::max(largest, std::abs(entry));
    return largest;
}

TensorReport judge_all(std::string name, const Shape& shape,
                       const std::vector<Bounded<double>>& analytic,
                       const std::vector<Estimate>& truth, double largest_dy,
                       const Arithmetic& arithmetic) {
    TensorReport report;
    report.name = std::move(name);
    report.shape = shape;
    double scale = 0;
    for (const auto& estimate : truth)
        scale = std::max(scale, estimate.magnitude);
    // A gradient that is 0 everywhere has no size of its own
    if (scale == 0)
        scale = largest_dy;
    for (auto position : range(analytic.size())) {
        auto entry = judge(index_at(shape, position), analytic[position], truth[position], scale,
                           largest_dy, arithmetic);
        const auto severity = [](const Entry& e) {
            return std::pair(e.verdict == Verdict::Wrong ? 2 : e.verdict == Verdict::Undecided,
                             std::isnan(e.error) ? std::numeric_limits<double>::infinity()
                                                 : e.error);
        };
        report.times_bound.push_back(times_bound(entry));
        if (position == 0 || severity(entry) > severity(report.worst))
            report.worst = entry;
        report.verified += entry.verdict == Verdict::Verified;
        report.wrong += entry.verdict == Verdict::Wrong;
        report.undecided += entry.verdict == Verdict::Undecided;
        if (entry.verdict != Verdict::Verified)
            report.failing.push_back(std::move(entry));
    }
    report.pattern = pattern_of(report);
    return report;
}

TensorReport wrong_shape(const std::string& name, const Shape& gradient, const Shape& variable) {
    TensorReport refused;
    refused.name = name;
    refused.shape = gradient;
    refused.problem =
        fmt::format("{} is {}, it must be {}, the shape of what it is the gradient of", name,
                    text(gradient), text(variable));
    return refused;
}

} // namespace handgrad
