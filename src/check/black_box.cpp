#include "../oracles/central_difference.hpp"
#include "../oracles/roundings.hpp"
#include "check.hpp"
#include "diagnosis.hpp"
#include "examination.hpp"
#include "guarded.hpp"
#include "judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

namespace handgrad {

namespace {

// What `diagnose` needs to know of a black box: its Jacobian by one central difference an entry.
// Mistakes are large, so its few digits tell one from another.
Evidence gather_by_differences(AnyLayer<double>& layer, const Passes& passes,
                               const Tensor<double>& z, const Tensor<double>& dy) {
    // The cube root of the rounding unit balances the error of the difference and its rounding
    constexpr double step = 0x1p-17;
    Evidence evidence;
    evidence.layer = layer.name();
    evidence.inputs = {z};
    for (const auto& parameter : layer.parameters())
        evidence.inputs.push_back(parameter.value);
    evidence.y = passes.y;
    evidence.dy = dy;
    evidence.precision = 1e-7;
    evidence.window = layer.window();
    const auto forward = [&layer](const std::vector<Tensor<double>>& inputs) {
        const auto parameters = layer.parameters();
        for (auto place : range(parameters.size()))
            parameters[place].value = inputs[place + 1];
        return Tensor<double>(layer.forward(inputs[0]));
    };
    const auto column = [forward](std::vector<Tensor<double>> inputs, std::size_t place,
                                  std::size_t position) {
        double& entry = inputs[place].flat(position);
        const double above = entry + step, below = entry - step;
        entry = above;
        const auto y_above = forward(inputs);
        entry = below;
        return elementwise(y_above, forward(inputs),
                           [=](double a, double b) { return (a - b) / (above - below); });
    };
    std::vector<std::vector<std::pair<std::uint32_t, double>>> rows(dy.size());
    std::uint32_t input = 0;
    for (auto place : range(evidence.inputs.size()))
        for (auto position : range(evidence.inputs[place].size())) {
            const auto slopes = column(evidence.inputs, place, position);
            for (auto j : range(dy.size()))
                if (slopes.flat(j) != 0)
                    rows[j].emplace_back(input, slopes.flat(j));
            ++input;
        }
    evidence.structure.first.push_back(0);
    for (const auto& row : rows) {
        for (const auto& [i, slope] : row) {
            evidence.structure.input.push_back(i);
            evidence.jacobian.push_back(slope);
        }
        evidence.structure.first.push_back(evidence.structure.input.size());
    }
    evidence.gradient_at = [column, dy](const std::vector<Tensor<double>>& other) {
        std::vector<double> gradient;
        for (auto place : range(other.size()))
            for (auto position : range(other[place].size())) {
                const auto slopes = column(other, place, position);
                double sum = 0;
                for (auto j : range(dy.size()))
                    sum += dy.flat(j) * slopes.flat(j);
                gradient.push_back(sum);
            }
        return gradient;
    };
    forward(evidence.inputs);
    return evidence;
}

// An allowance for the rounding of a black box: where all entries cancel, as they do in a saturated
// softmax, they were computed from what is as large as dy.
Passes rounding_of_black_box(const Tensor<double>&, const Tensor<double>& dy,
                             const Passes& passes) {
    constexpr double epsilon = Arithmetic::float64().epsilon;
    auto allowed = rounding_of_largest(dy, passes, epsilon);
    const double of_dy = rounding_allowance(dy.size(), largest_of(dy), epsilon);
    const auto allow = [of_dy](Tensor<double>& tensor) {
        for (auto& entry : tensor)
            entry += of_dy;
    };
    allow(allowed.dz);
    for (auto& gradient : allowed.gradients)
        allow(gradient);
    return allowed;
}

// ∂⟨y(x), dy⟩/∂x for two dy, from the same evaluations.
// @param noise how far rounding may have taken every entry of y
template <class Function>
std::pair<Estimate, Estimate> central_differences(Function&& y, double x, const Tensor<double>& dy,
                                                  const Tensor<double>& other_dy,
                                                  const Tensor<double>& noise) {
    Ladder first(x), second(x);
    for (int rung = 0; !first.done() || !second.done(); ++rung) {
        const Tensor<double> above = y(Ladder(x).above(rung)), below = y(Ladder(x).below(rung));
        const auto climb = [&](Ladder& ladder, const Tensor<double>& weights) {
            if (ladder.done())
                return;
            for (auto position : range(weights.size()))
                ladder.add(weights.flat(position), above.flat(position), below.flat(position),
                           noise.flat(position));
            ladder.climb_down();
        };
        climb(first, dy);
        climb(second, other_dy);
    }
    return {first.best(), second.best()};
}

// Names the mistakes in the gradients of `report` that are wrong.
// @param truths of every entry of every gradient
void name_mistakes(CheckReport& report, AnyLayer<double>& layer, const Passes& passes,
                   const Tensor<double>& z, const Tensor<double>& dy,
                   const std::vector<std::vector<Estimate>>& truths) {
    std::optional<Evidence> evidence;
    for (auto place : range(report.tensors.size())) {
        auto& tensor = report.tensors[place];
        if (tensor.wrong == 0 || !tensor.problem.empty())
            continue;
        if (!evidence)
            evidence = gather_by_differences(layer, passes, z, dy);
        const auto& wrong = place == 0 ? passes.dz : passes.gradients[place - 1];
        Tensor<double> right = wrong;
        for (auto position : range(right.size()))
            right.flat(position) = truths[place][position].value;
        tensor.mistakes = diagnose(*evidence, place, wrong, right);
    }
}

} // namespace

CheckReport check(AnyLayer<double>& given_layer, const Tensor<double>& z,
                  const Tensor<double>& dy) {
    GuardedLayer layer(given_layer);
    auto work = examine(layer, z, dy, rounding_of_black_box);
    auto& report = work.report;
    report.oracles = {"central differences"};
    if (!work.ready)
        return report;

    // z and every parameter, one after the other
    std::vector<Tensor<double>> inputs = parameter_values(layer);
    inputs.insert(inputs.begin(), z);
    // y where one entry is moved; what a layer refuses there is no number
    std::string refused;
    const auto y_at = [&](std::size_t place, std::size_t position, double value) {
        auto moved = inputs[place];
        moved.flat(position) = value;
        std::swap(moved, inputs[place]);
        auto y = filled(shape_of(dy), std::numeric_limits<double>::quiet_NaN());
        try {
            put_back(layer, {inputs.begin() + 1, inputs.end()});
            y = forward_of_copy(layer, inputs[0]);
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            refused = error.what();
        }
        std::swap(moved, inputs[place]);
        return y;
    };
    const auto noise =
        rounding_of_forward([&] { return forward_of_copy(layer, inputs[0]); }, work.passes.y);
    // What one dy makes vanish, by chance or by cancelling, another shows
    auto other_draw = draw_of_dy(dy.size() + 1);
    const auto other_dy = readable_probe(shape_of(dy), other_draw);
    Passes other;
    std::vector<TensorReport> others;
    std::vector<std::vector<Estimate>> truths;
    const auto compare = [&](const std::string& name, const Tensor<double>& gradient,
                             std::size_t place) {
        if (shape_of(gradient) != shape_of(inputs[place])) {
            truths.emplace_back();
            return wrong_shape(name, shape_of(gradient), shape_of(inputs[place]));
        }
        const auto& other_gradient = place == 0 ? other.dz : other.gradients[place - 1];
        std::vector<Bounded<double>> analytic, other_analytic;
        std::vector<Estimate> truth, other_truth;
        for (auto position : range(gradient.size())) {
            refused.clear();
            const auto [first, second] =
                central_differences([&](double value) { return y_at(place, position, value); },
                                    inputs[place].flat(position), dy, other_dy, noise);
            truth.push_back(first);
            other_truth.push_back(second);
            if (!refused.empty() && !std::isfinite(first.bound))
                throw Error(fmt::format("{}{} cannot be found by differences; where its entry is "
                                        "moved a little, forward says: {}",
                                        name, text(index_at(shape_of(gradient), position)),
                                        refused));
            const auto allowed = [&](const Estimate& estimate) {
                return rounding_allowance(dy.size(), estimate.magnitude,
                                          layer.arithmetic().epsilon);
            };
            analytic.emplace_back(gradient.flat(position), allowed(first));
            other_analytic.emplace_back(other_gradient.flat(position), allowed(second));
        }
        report.coverage.entries += gradient.size();
        report.coverage.not_zero += static_cast<std::size_t>(std::count_if(
            truth.begin(), truth.end(), [](const Estimate& e) { return e.magnitude != 0; }));
        truths.push_back(truth);
        others.push_back(judge_all(name, shape_of(gradient), other_analytic, other_truth,
                                   largest_of(other_dy), layer.arithmetic()));
        return judge_all(name, shape_of(gradient), analytic, truth, largest_of(dy),
                         layer.arithmetic());
    };
    try {
        other = backward_from_nan(layer, other_dy);
        report.tensors.push_back(compare("dz", work.passes.dz, 0));
        for (auto place : range(work.names.size()))
            report.tensors.push_back(
                compare(work.names[place], work.passes.gradients[place], place + 1));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        report.problem = error.what();
    }

    put_back(given_layer, {inputs.begin() + 1, inputs.end()});
    if (report.passed())
        for (const auto& tensor : others)
            if (tensor.wrong > 0 && report.findings.empty())
                report.findings.push_back(
                    {"right for every dy",
                     fmt::format("{}{} is right for one dy, and for another it is {:.6g} where it "
                                 "should be {:.6g}",
                                 tensor.name, text(tensor.worst.index), tensor.worst.analytic,
                                 tensor.worst.numeric)});

    // Name the mistake; where forward refuses to be moved, nothing can be named
    try {
        name_mistakes(report, layer, work.passes, z, dy, truths);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
    }
    put_back(given_layer, {inputs.begin() + 1, inputs.end()});
    return report;
}

CheckReport check(AnyLayer<double>& given_layer, const Tensor<double>& z, std::uint64_t seed) {
    GuardedLayer layer(given_layer);
    return with_random_dy(layer, z, seed,
                          [&](const Tensor<double>& dy) { return check(given_layer, z, dy); });
}

} // namespace handgrad
