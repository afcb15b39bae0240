#pragma once

/// @file
/// The gradient checker: every entry of dz and of every parameter's gradient against oracles that
/// know only the forward pass.

#include "../oracles/central_difference.hpp"
#include "../oracles/coloured_differences.hpp"
#include "../oracles/jacobian.hpp"
#include "../oracles/recipe.hpp"
#include "../scalars/bounded.hpp"
#include "contract.hpp"
#include "diagnosis.hpp"
#include "kinks.hpp"
#include "report.hpp"
#include "smallest.hpp"

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

/// The name of the gradient of a parameter: "dweight" for "weight", "2.dweight" for "2.weight".
inline std::string gradient_name(std::string name) {
    const auto dot = name.rfind('.');
    return name.insert(dot == std::string::npos ? 0 : dot + 1, "d");
}

/// A bound on the rounding of a sum of at most `terms` products whose sizes add up to `magnitude`,
/// in arithmetic `T`.
template <class T = double>
double rounding_allowance(std::size_t terms, double magnitude) {
    // A sum of n terms has a rounding error of at most n·u·Σ|term|; each term is itself rounded,
    // for which 64 operations leave room
    return (static_cast<double>(terms) + 64) *
           static_cast<double>(std::numeric_limits<T>::epsilon()) * magnitude;
}

/// The size of the largest entry.
inline double largest_of(const Tensor<double>& tensor) {
    double largest = 0;
    for (double entry : tensor)
        largest = std::max(largest, std::abs(entry));
    return largest;
}

/// Judges one entry.
/// @param analytic what backward gave, and how far rounding may have taken it
/// @param truth what the oracle says
/// @param scale the size of the largest entry of the gradient, which says what a tight bound is
/// @param largest_dy the size of what backward computes with: a layer that is saturated, as tanh
///        is at 20, has a gradient that is smaller than the rounding of its terms
inline Entry judge(std::vector<std::size_t> index, const Bounded<double>& analytic,
                   const Estimate& truth, double scale, double largest_dy) {
    Entry entry{std::move(index), analytic.value, truth.value};
    entry.error = std::abs(analytic.value - truth.value);
    entry.bound = truth.bound + analytic.bound;
    // A bound of more than a millionth of the gradient's size verifies nothing; but below the
    // normal numbers there are no digits left to verify
    const bool tight = truth.bound <= 1e-6 * scale + std::numeric_limits<double>::min() &&
                       analytic.bound <= 1e-6 * std::max(scale, largest_dy);
    if (!(entry.error <= entry.bound))
        entry.verdict = Verdict::Wrong;
    else
        entry.verdict = tight ? Verdict::Verified : Verdict::Undecided;
    return entry;
}

/// Judges every entry of a gradient that `backward` gave.
///
/// @param name how the gradient is called
/// @param shape its shape
/// @param analytic the entries, row-major, with the bounds of their rounding
/// @param truth what the oracle says of each
/// @param largest_dy the size of the largest entry of dy
inline TensorReport judge_all(std::string name, const Shape& shape,
                              const std::vector<Bounded<double>>& analytic,
                              const std::vector<Estimate>& truth, double largest_dy) {
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
                           largest_dy);
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

/// A layer in double with its first passes, its findings so far, and all it was given.
template <class L>
struct Examination {
    L& layer;                       ///< what is examined
    Tensor<double> z;               ///< what forward is given
    Tensor<double> dy;              ///< what backward is given
    CheckReport report;             ///< what was found
    std::vector<std::string> names; ///< of the parameters' gradients
    Passes passes;                  ///< the first forward and backward
    bool ready = false;             ///< did both work, with a y that fits dy?
};

/// Refuses what is not finite, runs forward and backward once, and tries the contract.
/// @param rounding_of how far rounding takes what the layer gives
template <Layer<double> L>
Examination<L> examine(L& layer, const Tensor<double>& z, const Tensor<double>& dy,
                       const RoundingOf& rounding_of) {
    Examination<L> work{layer, z, dy, {}, {}, {}};
    auto& report = work.report;
    report.layer = layer_name<L>();
    report.configuration = "z " + text(z.shape());
    expect_finite("check", "z", z);
    expect_finite("check", "dy", dy);
    for (const auto& parameter : parameters_of<double>(layer)) {
        expect_finite("check", parameter.name, parameter.value);
        work.names.push_back(gradient_name(parameter.name));
    }
    report.coverage.dy_positive = static_cast<std::size_t>(
        std::count_if(dy.begin(), dy.end(), [](double entry) { return entry > 0; }));
    report.coverage.dy_negative = static_cast<std::size_t>(
        std::count_if(dy.begin(), dy.end(), [](double entry) { return entry < 0; }));
    try {
        run_on_another(layer, z);
        const Tensor<double> y = forward_of_copy(layer, z);
        if (shape_of(y) != shape_of(dy)) {
            report.problem = fmt::format("dy is {}, it must have the shape of y, {}",
                                         text(dy.shape()), text(y.shape()));
            return work;
        }
        work.passes = backward_from_nan(layer, dy);
        work.passes.y = y;
        report.findings = contract_findings(layer, z, dy, work.names, work.passes, rounding_of);
        forward_of_copy(layer, z);
        work.ready = true;
    } catch (const std::bad_alloc&) {
        throw; // a machine too small is no finding about the layer
    } catch (const std::exception& error) {
        report.problem = error.what();
    }
    return work;
}

/// The report on a gradient whose shape is not that of its variable.
inline TensorReport wrong_shape(const std::string& name, const Shape& gradient,
                                const Shape& variable) {
    TensorReport refused;
    refused.name = name;
    refused.shape = gradient;
    refused.problem =
        fmt::format("{} is {}, it must be {}, the shape of what it is the gradient of", name,
                    text(gradient), text(variable));
    return refused;
}

/// What `diagnose` needs to know of a black box: its Jacobian by one central difference an entry.
/// Mistakes are large, so its few digits tell one from another.
template <class L>
Evidence gather_by_differences(L& layer, const std::string& name, const Passes& passes,
                               const Tensor<double>& z, const Tensor<double>& dy) {
    // The cube root of the rounding unit balances the error of the difference and its rounding
    constexpr double step = 0x1p-17;
    Evidence evidence;
    evidence.layer = name;
    evidence.inputs = {z};
    for (const auto& parameter : parameters_of<double>(layer))
        evidence.inputs.push_back(parameter.value);
    evidence.y = passes.y;
    evidence.dy = dy;
    evidence.precision = 1e-7;
    if constexpr (requires { Window(layer.window()); })
        evidence.window = layer.window();
    const auto forward = [&layer](const std::vector<Tensor<double>>& inputs) {
        const auto parameters = parameters_of<double>(layer);
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

/// Checks every entry of dz and of every parameter's gradient of a black box.
///
/// The oracle is a central difference with Richardson extrapolation, which needs `forward` only.
/// It knows its own error; what `backward` gives must lie within that and rounding. No tolerance
/// is chosen. On a kink (a tied maximum, a ReLU at 0) a central difference is no derivative: choose
/// z away from kinks, as `check(layer, z)` and `readable_probe` do, or give a recipe, with which
/// the checker judges kinks.
///
/// @param layer any object with forward and backward over `Tensor<double>`; its gradients are
///        overwritten, its parameters are moved and put back
/// @param z the input at which gradients are checked
/// @param dy dL/dy, the shape of y
/// @return a report; what the layer throws, or a gradient of a wrong shape, is a finding in it
/// @throws ValueError if z, dy or a parameter is not finite everywhere
template <Layer<double> L>
CheckReport check(L& layer, const Tensor<double>& z, const Tensor<double>& dy) {
    auto work = examine(layer, z, dy,
                        [](const Tensor<double>&, const Tensor<double>& dy, const Passes& passes) {
                            return rounding_of_largest(dy, passes);
                        });
    auto& report = work.report;
    report.oracles = {"central differences"};
    if (!work.ready)
        return report;

    const auto values = parameter_values(layer);
    std::vector<std::vector<Estimate>> truths;
    const auto compare = [&](const std::string& name, const Tensor<double>& gradient,
                             Tensor<double>& variable, const Tensor<double>& input) {
        if (shape_of(gradient) != shape_of(variable)) {
            truths.emplace_back();
            return wrong_shape(name, shape_of(gradient), shape_of(variable));
        }
        std::vector<Bounded<double>> analytic;
        std::vector<Estimate> truth;
        for (auto position : range(gradient.size())) {
            // Move one entry, evaluate, put it back
            double& entry = variable.flat(position);
            truth.push_back(central_difference(
                [&](double value) {
                    const double before = std::exchange(entry, value);
                    Tensor<double> y = forward_of_copy(layer, input);
                    entry = before;
                    return y;
                },
                entry, dy));
            analytic.emplace_back(gradient.flat(position),
                                  rounding_allowance(dy.size(), truth.back().magnitude));
        }
        report.coverage.entries += gradient.size();
        report.coverage.not_zero += static_cast<std::size_t>(std::count_if(
            truth.begin(), truth.end(), [](const Estimate& e) { return e.magnitude != 0; }));
        truths.push_back(truth);
        return judge_all(name, shape_of(gradient), analytic, truth, largest_of(dy));
    };
    try {
        Tensor<double> input = z;
        report.tensors.push_back(compare("dz", work.passes.dz, input, input));
        const auto parameters = parameters_of<double>(layer);
        for (auto place : range(parameters.size()))
            report.tensors.push_back(compare(work.names[place], work.passes.gradients[place],
                                             parameters[place].value, z));

        // Name the mistake
        std::optional<Evidence> evidence;
        for (auto place : range(report.tensors.size())) {
            auto& tensor = report.tensors[place];
            if (tensor.wrong == 0 || !tensor.problem.empty())
                continue;
            if (!evidence)
                evidence = gather_by_differences(layer, report.layer, work.passes, z, dy);
            const auto& wrong = place == 0 ? work.passes.dz : work.passes.gradients[place - 1];
            Tensor<double> right = wrong;
            for (auto position : range(right.size()))
                right.flat(position) = truths[place][position].value;
            tensor.mistakes = diagnose(*evidence, place, wrong, right);
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        report.problem = error.what();
    }
    put_back(layer, values);
    return report;
}

/// The bound on the rounding of every entry of dz and of the parameters' gradients, from running
/// the layer on `Bounded<double>`; infinite where the layer does not compute the same numbers
/// there.
template <Recipe R>
std::vector<Bounded<double>>
bounded_gradients(const R& recipe, const std::vector<Tensor<double>>& inputs,
                  const Tensor<Bounded<double>>& dy, const Passes& passes) {
    using B = Bounded<double>;
    Lifted<B, R> lifted(recipe);
    std::vector<Tensor<B>> lifted_inputs;
    for (const auto& tensor : inputs)
        lifted_inputs.push_back(tensor_cast<B>(tensor));
    lifted.forward(lifted_inputs);
    const auto dz = lifted.layer.backward(dy);
    std::vector<B> bounded(dz.begin(), dz.end());
    for (const auto& parameter : parameters_of<B>(lifted.layer))
        bounded.insert(bounded.end(), parameter.gradient.begin(), parameter.gradient.end());

    Flat analytic(passes.dz.begin(), passes.dz.end());
    for (const auto& gradient : passes.gradients)
        analytic.insert(analytic.end(), gradient.begin(), gradient.end());
    bounded.resize(analytic.size());
    for (auto i : range(analytic.size()))
        if (bounded[i].value != analytic[i] || !std::isfinite(bounded[i].bound))
            bounded[i] = {analytic[i], std::numeric_limits<double>::infinity()};
    return bounded;
}

/// How far rounding may take every entry of what backward gave for a dy that was itself rounded
/// once.
template <Recipe R>
Passes rounding_of_passes(const R& recipe, const std::vector<Tensor<double>>& inputs,
                          const Tensor<double>& dy, const Passes& passes) {
    auto rounded_dy = zeros<Bounded<double>>(shape_of(dy));
    std::transform(dy.begin(), dy.end(), rounded_dy.begin(), [](double entry) {
        return Bounded<double>(entry, Bounded<double>::rounding(entry));
    });
    const auto bounded = bounded_gradients(recipe, inputs, rounded_dy, passes);
    // Where the layer computes something else over Bounded<double>, the largest entry must do
    auto allowed = rounding_of_largest(dy, passes);
    std::size_t i = 0;
    const auto allow = [&](Tensor<double>& entries) {
        for (auto& entry : entries)
            if (const double bound = bounded[i++].bound; std::isfinite(bound))
                entry = bound;
    };
    allow(allowed.dz);
    for (auto& gradient : allowed.gradients)
        allow(gradient);
    return allowed;
}

/// The gradient of ⟨y, dy⟩ by every input, from a Jacobian; or the sum of the sizes of its terms.
template <class T>
std::vector<double> contracted(const Structure& structure, const std::vector<T>& jacobian,
                               const Tensor<double>& dy, bool sizes = false) {
    std::vector<double> gradient(structure.inputs, 0.0);
    for (auto j : range(dy.size()))
        for (auto [at, end] = structure.row(j); at != end; ++at) {
            const double term = dy.flat(j) * static_cast<double>(jacobian[at]);
            gradient[structure.input[at]] += sizes ? std::abs(term) : term;
        }
    return gradient;
}

/// What `diagnose` needs to know of a layer.
template <class L, Recipe R, class T>
Evidence gather(const R& recipe, const L& layer, const std::string& name,
                const std::vector<Tensor<double>>& inputs, const Tensor<double>& y,
                const Tensor<double>& dy, const Structure& structure,
                const std::vector<T>& jacobian) {
    Evidence evidence;
    evidence.layer = name;
    evidence.inputs = inputs;
    evidence.y = y;
    evidence.dy = dy;
    evidence.structure = structure;
    evidence.jacobian.assign(jacobian.begin(), jacobian.end());
    if constexpr (requires { Window(layer.window()); })
        evidence.window = layer.window();
    evidence.gradient_at = [&recipe, dy](const std::vector<Tensor<double>>& other) {
        const auto there = forward_mode_jacobian<long double>(recipe, other);
        return contracted(there.structure, there.entries, dy);
    };
    return evidence;
}

/// Compares the gradients of another dy with what the Jacobian says they are.
/// @param rounding_of how far rounding takes what the layer gives
/// @return a finding on the first entry that is wrong, if there is one
template <class L, class T>
std::optional<Finding> wrong_for_another_dy(L& layer, const std::vector<Tensor<double>>& inputs,
                                            const std::vector<std::string>& names,
                                            const Tensor<double>& dy, const Structure& structure,
                                            const std::vector<T>& jacobian,
                                            const RoundingOf& rounding_of) {
    Draw draw(dy.size() + 1);
    const auto other_dy = readable_probe(shape_of(dy), draw);
    forward_of_copy(layer, inputs[0]);
    const auto other = backward_from_nan(layer, other_dy);
    const auto expected = contracted(structure, jacobian, other_dy);
    const auto magnitude = contracted(structure, jacobian, other_dy, true);
    const auto rounding = rounding_of(inputs[0], other_dy, other);
    std::size_t i = 0;
    for (auto place : range(inputs.size())) {
        const auto& given = place == 0 ? other.dz : other.gradients[place - 1];
        const auto& allowed = place == 0 ? rounding.dz : rounding.gradients[place - 1];
        for (auto position : range(given.size())) {
            const double bound = allowed.flat(position) +
                                 rounding_allowance(other_dy.size(), magnitude[i]) +
                                 std::numeric_limits<double>::min();
            if (!(std::abs(given.flat(position) - expected[i]) <= bound))
                return Finding{"right for every dy",
                               fmt::format("{}{} is right for one dy, and for another it is {:.6g} "
                                           "where it should be {:.6g}",
                                           names[place], text(index_at(shape_of(given), position)),
                                           given.flat(position), expected[i])};
            ++i;
        }
    }
    return std::nullopt;
}

template <Recipe R>
CheckReport check(const R& recipe, const Tensor<double>& z, const Tensor<double>& dy,
                  bool explain = true);

/// Looks for the smallest z and the simplest numbers with which the first wrong gradient of
/// `report` is still wrong, and works the entry by hand.
/// @return in words; "" where no entry is wrong
template <Recipe R>
std::string smallest_failing_case(const R& recipe, const CheckReport& report,
                                  const Tensor<double>& z, const Tensor<double>& dy) {
    const auto failing = std::find_if(report.tensors.begin(), report.tensors.end(),
                                      [](const TensorReport& tensor) { return tensor.wrong > 0; });
    if (failing == report.tensors.end())
        return "";
    const auto place = static_cast<std::size_t>(failing - report.tensors.begin());
    const auto fails = [&](const Tensor<double>& other_z,
                           const Tensor<double>& other_dy) -> std::optional<Entry> {
        const auto again = check(recipe, other_z, other_dy, false);
        if (again.tensors.size() <= place || again.tensors[place].wrong == 0)
            return std::nullopt;
        return again.tensors[place].worst;
    };
    const auto y_shape = [&](const Tensor<double>& other_z) -> std::optional<Shape> {
        try {
            auto layer = recipe.template operator()<double>();
            return shape_of(Tensor<double>(layer.forward(other_z)));
        } catch (const std::exception&) {
            return std::nullopt;
        }
    };
    const auto found = shrink(fails, y_shape, SmallCase{z, dy, failing->worst});

    auto layer = recipe.template operator()<double>();
    std::vector<Tensor<double>> inputs{found.z};
    std::vector<std::string> variables{"z"};
    for (const auto& parameter : parameters_of<double>(layer)) {
        inputs.push_back(parameter.value);
        variables.push_back(parameter.name);
    }
    std::size_t input = 0;
    for (auto before : range(place))
        input += inputs[before].size();
    const auto shape = shape_of(inputs[place]);
    std::size_t position = 0;
    for (auto axis : range(shape.size()))
        position = position * shape[axis] + found.entry.index[axis];
    const auto [structure, jacobian] = forward_mode_jacobian<long double>(recipe, inputs);
    return to_text(found, failing->name, variables[place], input + position, structure, jacobian);
}

/// Checks every entry of dz and of every parameter's gradient of a layer that can be made over any
/// number type, and judges every tolerance, tie and kink by evaluating it on those.
///
/// The true derivative comes from forward mode in extended precision and, independently, from
/// central differences; how far rounding may have taken what `backward` gives comes from
/// `Bounded<double>`. Outputs that stand on a kink are judged apart: their gradient must be a
/// subgradient.
///
/// @param recipe makes the layer, with its parameters; see oracles/recipe.hpp
/// @param z the input at which gradients are checked; ties and kinks are welcome
/// @param dy dL/dy, the shape of y
/// @param explain look for the smallest case that fails, where an entry is wrong
/// @throws ValueError if z, dy or a parameter is not finite everywhere
template <Recipe R>
CheckReport check(const R& recipe, const Tensor<double>& z, const Tensor<double>& dy,
                  bool explain) {
    auto layer = recipe.template operator()<double>();
    const auto values = parameter_values(layer);
    const auto rounding_of = [&](const Tensor<double>& z, const Tensor<double>& dy,
                                 const Passes& passes) {
        std::vector<Tensor<double>> inputs{z};
        inputs.insert(inputs.end(), values.begin(), values.end());
        return rounding_of_passes(recipe, inputs, dy, passes);
    };
    auto work = examine(layer, z, dy, rounding_of);
    auto& report = work.report;
    report.oracles = {"forward mode", "central differences"};
    if (!work.ready)
        return report;

    // z and every parameter, one after the other
    std::vector<Tensor<double>> inputs{z};
    std::vector<std::string> names{"dz"};
    std::vector<Tensor<double>> gradients{work.passes.dz};
    for (const auto& parameter : parameters_of<double>(layer))
        inputs.push_back(parameter.value);
    names.insert(names.end(), work.names.begin(), work.names.end());
    gradients.insert(gradients.end(), work.passes.gradients.begin(), work.passes.gradients.end());
    for (auto place : range(inputs.size()))
        if (shape_of(gradients[place]) != shape_of(inputs[place])) {
            // What has no entries to compare makes the rest of the bookkeeping meaningless
            report.tensors.push_back(
                wrong_shape(names[place], shape_of(gradients[place]), shape_of(inputs[place])));
        }
    if (!report.tensors.empty())
        return report;

    // The true Jacobian, and where there is none
    using Wide = long double;
    const auto [structure, jacobian] = forward_mode_jacobian<Wide>(recipe, inputs);
    std::vector<std::size_t> disagreeing;
    const auto on_kinks = outputs_on_kinks(recipe, inputs, structure, jacobian, disagreeing);
    if (!disagreeing.empty())
        report.findings.push_back(
            {"forward over dual numbers",
             fmt::format(
                 "the derivative of y{} by forward mode is not its slope: does forward lose "
                 "the derivative, by converting to double?",
                 text(index_at(shape_of(dy), disagreeing.front())))});

    // What backward gives at kinks, if it is a subgradient, is as true as any other
    std::vector<bool> skip(dy.size(), false);
    Flat at_kinks(structure.inputs, 0.0);
    report.kinks.outputs = on_kinks.size();
    if (!on_kinks.empty()) {
        const auto judged = judge_kinks(layer, recipe, inputs, dy, on_kinks);
        for (const auto& kink : judged) {
            report.kinks.outside += !kink.subgradient;
            if (report.kinks.convention.empty())
                report.kinks.convention = kink.convention;
            else if (report.kinks.convention != kink.convention)
                report.kinks.convention = "mixed";
            if (report.kinks.example.empty() || (report.kinks.outside == 1 && !kink.subgradient))
                report.kinks.example = index_at(shape_of(dy), kink.output);
            if (!kink.subgradient)
                continue;
            skip[kink.output] = true;
            for (auto i : range(at_kinks.size()))
                at_kinks[i] += kink.claimed[i];
        }
        if (report.kinks.outside > 0)
            report.findings.push_back(
                {"subgradient at kinks",
                 fmt::format(
                     "y{} stands on a kink, and what backward gives there is no subgradient "
                     "({})",
                     text(report.kinks.example),
                     report.kinks.convention == "all"
                         ? "every tied entry is credited in full"
                         : "it is no mean of the derivatives that meet there")});
    }

    // Contract the Jacobian with dy
    std::vector<Estimate> truth(structure.inputs);
    for (auto j : range(dy.size()))
        for (auto [at, end] = structure.row(j); at != end && !skip[j]; ++at) {
            auto& estimate = truth[structure.input[at]];
            const Wide term = Wide(dy.flat(j)) * jacobian[at];
            estimate.value += static_cast<double>(term);
            estimate.magnitude += static_cast<double>(std::abs(term));
            ++estimate.terms;
        }
    const auto differences = coloured_differences(recipe, inputs, dy, structure, skip);
    auto analytic =
        bounded_gradients(recipe, inputs, tensor_cast<Bounded<double>>(dy), work.passes);
    for (auto i : range(truth.size())) {
        auto& estimate = truth[i];
        estimate.value += at_kinks[i];
        estimate.magnitude += std::abs(at_kinks[i]);
        // The terms are exact to the wide type's rounding, and were added up in double
        estimate.bound = rounding_allowance<Wide>(estimate.terms, estimate.magnitude) +
                         static_cast<double>(estimate.terms + 1) *
                             (std::numeric_limits<double>::epsilon() * estimate.magnitude +
                              std::numeric_limits<double>::denorm_min());
        if (!std::isfinite(analytic[i].bound))
            analytic[i].bound = rounding_allowance(estimate.terms, estimate.magnitude);
        report.coverage.not_zero += estimate.magnitude != 0;
        // Two oracles that disagree cannot both be believed
        const double distance = std::abs(estimate.value - differences[i].value - at_kinks[i]);
        if (distance > estimate.bound + 2 * differences[i].bound && disagreeing.empty())
            ++report.coverage.oracles_apart;
    }
    report.coverage.entries = truth.size();
    report.coverage.products = structure.input.size();

    std::size_t start = 0;
    for (auto place : range(inputs.size())) {
        const auto first = static_cast<std::ptrdiff_t>(start);
        start += inputs[place].size();
        const auto last = static_cast<std::ptrdiff_t>(start);
        report.tensors.push_back(
            judge_all(names[place], shape_of(inputs[place]),
                      std::vector(analytic.begin() + first, analytic.begin() + last),
                      std::vector(truth.begin() + first, truth.begin() + last), largest_of(dy)));
    }

    // What one dy makes vanish, by chance or by cancelling, another shows
    if (on_kinks.empty())
        if (const auto finding =
                wrong_for_another_dy(layer, inputs, names, dy, structure, jacobian, rounding_of);
            finding && report.passed())
            report.findings.push_back(*finding);

    // Name the mistake
    if (!std::all_of(report.tensors.begin(), report.tensors.end(),
                     [](const TensorReport& tensor) { return tensor.passed(); })) {
        const auto evidence =
            gather(recipe, layer, report.layer, inputs, work.passes.y, dy, structure, jacobian);
        start = 0;
        for (auto place : range(inputs.size())) {
            auto right = zeros<double>(shape_of(inputs[place]));
            for (auto& entry : right)
                entry = truth[start++].value;
            if (report.tensors[place].wrong > 0)
                report.tensors[place].mistakes = diagnose(evidence, place, gradients[place], right);
        }
        if (explain)
            report.smallest_case = smallest_failing_case(recipe, report, z, dy);
    }
    return report;
}

/// Checks a layer, or a recipe of one, with a random dy: signed, readable, no entry 0 or alike.
/// @param seed chooses dy
template <class LayerOrRecipe>
requires(Layer<LayerOrRecipe, double> || Recipe<LayerOrRecipe>) CheckReport
    check(LayerOrRecipe& subject, const Tensor<double>& z, std::uint64_t seed = 1) {
    Draw draw(seed);
    CheckReport failed;
    failed.configuration = "z " + text(z.shape());
    Tensor<double> dy;
    try {
        if constexpr (Layer<LayerOrRecipe, double>) {
            failed.layer = layer_name<LayerOrRecipe>();
            run_on_another(subject, z);
            dy = readable_probe(shape_of(forward_of_copy(subject, z)), draw);
        } else {
            auto layer = subject.template operator()<double>();
            failed.layer = layer_name<decltype(layer)>();
            dy = readable_probe(shape_of(forward_of_copy(layer, z)), draw);
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        failed.problem = error.what();
        return failed;
    }
    return check(subject, z, dy);
}

} // namespace handgrad
