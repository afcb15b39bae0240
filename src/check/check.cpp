#include "check.hpp"

#include "../oracles/coloured_differences.hpp"
#include "diagnosis.hpp"
#include "examination.hpp"
#include "judge.hpp"
#include "kinks.hpp"
#include "smallest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

namespace handgrad {

namespace {

// The bound on the rounding of every entry of dz and of the parameters' gradients, from running
// the layer on `Bounded<double>`; infinite where the layer does not compute the same numbers
// there.
std::vector<Bounded<double>> bounded_gradients(const AnyRecipe& recipe,
                                               const std::vector<Tensor<double>>& inputs,
                                               const Tensor<Bounded<double>>& dy,
                                               const Passes& passes) {
    using B = Bounded<double>;
    const auto layer = recipe.layer<B>();
    std::vector<Tensor<B>> lifted_inputs;
    for (const auto& tensor : inputs)
        lifted_inputs.push_back(tensor_cast<B>(tensor));
    layer->forward_of(lifted_inputs);
    const auto dz = layer->backward(dy);
    std::vector<B> bounded(dz.begin(), dz.end());
    for (const auto& parameter : layer->parameters())
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

// How far rounding may take every entry of what backward gave for a dy that was itself rounded
// once.
Passes rounding_of_passes(const AnyRecipe& recipe, const std::vector<Tensor<double>>& inputs,
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

// The gradient of ⟨y, dy⟩ by every input, from a Jacobian; or the sum of the sizes of its terms.
std::vector<double> contracted(const Structure& structure, const std::vector<long double>& jacobian,
                               const Tensor<double>& dy, bool sizes = false) {
    std::vector<double> gradient(structure.inputs, 0.0);
    for (auto j : range(dy.size()))
        for (auto [at, end] = structure.row(j); at != end; ++at) {
            const double term = dy.flat(j) * static_cast<double>(jacobian[at]);
            gradient[structure.input[at]] += sizes ? std::abs(term) : term;
        }
    return gradient;
}

// What `diagnose` needs to know of a layer.
Evidence gather(const AnyRecipe& recipe, const AnyLayer<double>& layer,
                const std::vector<Tensor<double>>& inputs, const Tensor<double>& y,
                const Tensor<double>& dy, const Structure& structure,
                const std::vector<long double>& jacobian) {
    Evidence evidence;
    evidence.layer = layer.name();
    evidence.inputs = inputs;
    evidence.y = y;
    evidence.dy = dy;
    evidence.structure = structure;
    evidence.jacobian.assign(jacobian.begin(), jacobian.end());
    evidence.window = layer.window();
    evidence.gradient_at = [&recipe, dy](const std::vector<Tensor<double>>& other) {
        const auto there = forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), other);
        return contracted(there.structure, there.entries, dy);
    };
    return evidence;
}

// Compares the gradients of another dy with what the Jacobian says they are.
// @param rounding_of how far rounding takes what the layer gives
// @return a finding on the first entry that is wrong, if there is one
std::optional<Finding> wrong_for_another_dy(AnyLayer<double>& layer,
                                            const std::vector<Tensor<double>>& inputs,
                                            const std::vector<std::string>& names,
                                            const Tensor<double>& dy, const Structure& structure,
                                            const std::vector<long double>& jacobian,
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

// Looks for the smallest z and the simplest numbers with which the first wrong gradient of
// `report` is still wrong, and works the entry by hand.
// @return in words; "" where no entry is wrong
std::string smallest_failing_case(const AnyRecipe& recipe, const CheckReport& report,
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
            return shape_of(recipe.layer<double>()->forward(other_z));
        } catch (const std::exception&) {
            return std::nullopt;
        }
    };
    const auto found = shrink(fails, y_shape, SmallCase{z, dy, failing->worst});

    const auto layer = recipe.layer<double>();
    std::vector<Tensor<double>> inputs{found.z};
    std::vector<std::string> variables{"z"};
    for (const auto& parameter : layer->parameters()) {
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
    const auto [structure, jacobian] =
        forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), inputs);
    return to_text(found, failing->name, variables[place], input + position, structure, jacobian);
}

} // namespace

CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, const Tensor<double>& dy,
                  bool explain) {
    const auto made = recipe.layer<double>();
    auto& layer = *made;
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
    for (const auto& parameter : layer.parameters())
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
    const auto [structure, jacobian] =
        forward_mode_jacobian(*recipe.forward<SparseDual<Wide>>(), inputs);
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
    const auto differences = coloured_differences(
        *recipe.forward<Four>(), *recipe.forward<double>(), inputs, dy, structure, skip);
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
        const auto evidence = gather(recipe, layer, inputs, work.passes.y, dy, structure, jacobian);
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

CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, std::uint64_t seed) {
    const auto layer = recipe.layer<double>();
    CheckReport failed;
    failed.layer = layer->name();
    failed.configuration = "z " + text(z.shape());
    Tensor<double> dy;
    try {
        Draw draw(seed);
        dy = readable_probe(shape_of(forward_of_copy(*layer, z)), draw);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        failed.problem = error.what();
        return failed;
    }
    return check(recipe, z, dy);
}

} // namespace handgrad
