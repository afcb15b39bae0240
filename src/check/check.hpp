#pragma once

/// @file
/// The gradient checker: every entry of dz and of every parameter's gradient against an oracle
/// that knows only the forward pass.

#include "../layers/layer.hpp"
#include "../oracles/central_difference.hpp"
#include "probe.hpp"
#include "report.hpp"

#include <cmath>
#include <limits>
#include <new>
#include <utility>

namespace handgrad {

/// The name of a layer in reports: its `name`, if it has one.
template <class L>
std::string layer_name() {
    if constexpr (requires { std::string(L::name); })
        return std::string(L::name);
    else
        return "layer";
}

/// How far `analytic` may be from the truth by rounding alone: a sum of at most `terms` products
/// whose sizes add up to `magnitude`.
inline double rounding_allowance(std::size_t terms, double magnitude) {
    // A sum of n terms has a rounding error of at most n·u·Σ|term|; each term is itself rounded,
    // for which 64 operations leave room
    const auto operations = static_cast<double>(terms) + 64;
    return operations * std::numeric_limits<double>::epsilon() * magnitude;
}

/// The name of the gradient of a parameter: "dweight" for "weight", "2.dweight" for "2.weight".
inline std::string gradient_name(std::string name) {
    const auto dot = name.rfind('.');
    return name.insert(dot == std::string::npos ? 0 : dot + 1, "d");
}

/// Judges one entry.
/// @param terms how many products the analytic value may be a sum of
/// @param scale the largest term of the whole gradient, which says what a tight bound is
inline Entry judge(std::vector<std::size_t> index, double analytic, const Estimate& estimate,
                   std::size_t terms, double scale) {
    Entry entry{std::move(index), analytic, estimate.value};
    entry.error = std::abs(analytic - estimate.value);
    entry.bound = estimate.bound + rounding_allowance(terms, estimate.magnitude);
    // A bound of more than a millionth of the gradient's size verifies nothing
    const bool tight = entry.bound <= 1e-6 * scale;
    if (!(entry.error <= entry.bound))
        entry.verdict = Verdict::Wrong;
    else
        entry.verdict = tight ? Verdict::Verified : Verdict::Undecided;
    return entry;
}

/// Compares a gradient that `backward` gave with an oracle, every entry.
///
/// @param name how the gradient is called
/// @param analytic the gradient
/// @param oracle a function from a row-major position to the `Estimate` of that entry
/// @param terms how many products an entry may be a sum of
template <class Oracle>
TensorReport compare(std::string name, const Tensor<double>& analytic, Oracle&& oracle,
                     std::size_t terms) {
    TensorReport report;
    report.name = std::move(name);
    report.shape = shape_of(analytic);

    std::vector<Estimate> truth;
    double scale = 0;
    for (auto position : range(analytic.size())) {
        truth.push_back(oracle(position));
        scale = std::max(scale, truth.back().magnitude);
    }
    for (auto position : range(analytic.size())) {
        auto entry = judge(index_at(report.shape, position), analytic.flat(position),
                           truth[position], terms, scale);
        const auto severity = [](const Entry& e) {
            return std::pair(e.verdict == Verdict::Wrong ? 2 : e.verdict == Verdict::Undecided,
                             std::isnan(e.error) ? std::numeric_limits<double>::infinity()
                                                 : e.error);
        };
        if (position == 0 || severity(entry) > severity(report.worst))
            report.worst = entry;
        report.verified += entry.verdict == Verdict::Verified;
        report.wrong += entry.verdict == Verdict::Wrong;
        report.undecided += entry.verdict == Verdict::Undecided;
        if (entry.verdict != Verdict::Verified)
            report.failing.push_back(std::move(entry));
    }
    return report;
}

/// Checks every entry of dz and of every parameter's gradient.
///
/// The oracle is a central difference with Richardson extrapolation, which needs `forward` only.
/// It knows its own error; what `backward` gives must lie within that and rounding. No tolerance
/// is chosen. On a kink (a tied maximum, a ReLU at 0) a central difference is no derivative: choose
/// z away from kinks, as `check(layer, z)` and `readable_probe` do.
///
/// @param layer any object with forward and backward over `Tensor<double>`; its gradients are
///        overwritten, its parameters are moved and put back
/// @param z the input at which gradients are checked
/// @param dy dL/dy, the shape of y
/// @return a report; what the layer throws, or a gradient of a wrong shape, is a finding in it
/// @throws ValueError if z, dy or a parameter is not finite everywhere
template <Layer<double> L>
CheckReport check(L& layer, const Tensor<double>& z, const Tensor<double>& dy) {
    CheckReport report;
    report.layer = layer_name<L>();
    report.configuration = "z " + text(z.shape());
    expect_finite("check", "z", z);
    expect_finite("check", "dy", dy);
    for (const auto& parameter : parameters_of<double>(layer))
        expect_finite("check", parameter.name, parameter.value);

    Tensor<double> dz;
    std::vector<Tensor<double>> gradients;
    try {
        const Tensor<double> y = layer.forward(z);
        if (shape_of(y) != shape_of(dy)) {
            report.problem = fmt::format("dy is {}, it must have the shape of y, {}",
                                         text(dy.shape()), text(y.shape()));
            return report;
        }
        dz = layer.backward(dy);
        for (const auto& parameter : parameters_of<double>(layer))
            gradients.push_back(parameter.gradient);
    } catch (const std::bad_alloc&) {
        throw; // a machine too small is no finding about the layer
    } catch (const std::exception& error) {
        report.problem = error.what();
        return report;
    }

    // Move one entry, evaluate, put it back
    const auto moved = [&](double& entry, const Tensor<double>& input) {
        return [&](double value) {
            const double before = std::exchange(entry, value);
            Tensor<double> y = layer.forward(input);
            entry = before;
            return y;
        };
    };
    const auto compare_all = [&](const std::string& name, const Tensor<double>& gradient,
                                 Tensor<double>& variable, const Tensor<double>& input) {
        if (shape_of(gradient) != shape_of(variable)) {
            TensorReport refused;
            refused.name = gradient_name(name);
            refused.shape = shape_of(gradient);
            refused.problem =
                fmt::format("{} is {}, it must have the shape of {}, {}", refused.name,
                            text(gradient.shape()), name, text(variable.shape()));
            return refused;
        }
        return compare(
            gradient_name(name), gradient,
            [&](std::size_t position) {
                double& entry = variable.flat(position);
                return central_difference(moved(entry, input), entry, dy);
            },
            dy.size());
    };

    Tensor<double> input = z;
    report.tensors.push_back(compare_all("z", dz, input, input));
    const auto parameters = parameters_of<double>(layer);
    for (auto place : range(parameters.size()))
        report.tensors.push_back(
            compare_all(parameters[place].name, gradients[place], parameters[place].value, z));
    return report;
}

/// Checks every entry of dz and of every parameter's gradient with a random dy: signed, readable,
/// no entry 0 or alike.
/// @param seed chooses dy
template <Layer<double> L>
CheckReport check(L& layer, const Tensor<double>& z, std::uint64_t seed = 1) {
    Tensor<double> y;
    try {
        y = layer.forward(z);
    } catch (const std::exception& error) {
        CheckReport report;
        report.layer = layer_name<L>();
        report.configuration = "z " + text(z.shape());
        report.problem = error.what();
        return report;
    }
    Draw draw(seed);
    return check(layer, z, readable_probe(shape_of(y), draw));
}

} // namespace handgrad
