#include "check.hpp"

#include "../oracles/coloured_differences.hpp"
#include "../oracles/complex_step.hpp"
#include "../oracles/roundings.hpp"
#include "arbitration.hpp"
#include "diagnosis.hpp"
#include "examination.hpp"
#include "guarded.hpp"
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
                          const Tensor<double>& dy, const Passes& passes,
                          const Arithmetic& arithmetic) {
    auto rounded_dy = zeros<Bounded<double>>(shape_of(dy));
    std::transform(dy.begin(), dy.end(), rounded_dy.begin(), [](double entry) {
        return Bounded<double>(entry, Bounded<double>::rounding(entry));
    });
    const auto bounded = bounded_gradients(recipe, inputs, rounded_dy, passes);
    // Where the layer computes something else over Bounded<double>, the largest entry must do
    auto allowed = rounding_of_largest(dy, passes, arithmetic.epsilon);
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
// @param rounding_of_jacobian how far rounding may have taken its entries, where that was asked
// @param rounding_of how far rounding takes what the layer gives
// @return a finding on the first entry that is wrong, if there is one
std::optional<Finding>
wrong_for_another_dy(AnyLayer<double>& layer, const std::vector<Tensor<double>>& inputs,
                     const std::vector<std::string>& names, const Tensor<double>& dy,
                     const Structure& structure, const std::vector<long double>& jacobian,
                     const std::vector<double>& rounding_of_jacobian,
                     const std::vector<std::size_t>& on_kinks, const RoundingOf& rounding_of) {
    auto draw = draw_of_dy(dy.size() + 1);
    auto other_dy = readable_probe(shape_of(dy), draw);
    for (auto j : on_kinks)
        other_dy.flat(j) = 0; // judged apart
    forward_of_copy(layer, inputs[0]);
    const auto other = backward_from_nan(layer, other_dy);
    const auto expected = contracted(structure, jacobian, other_dy);
    const auto magnitude = contracted(structure, jacobian, other_dy, true);
    const auto uncertain = rounding_of_jacobian.empty()
                               ? std::vector<double>(expected.size(), 0.0)
                               : contracted(structure, rounding_of_jacobian, other_dy, true);
    const auto rounding = rounding_of(inputs[0], other_dy, other);
    const auto arithmetic = layer.arithmetic();
    std::size_t i = 0;
    for (auto place : range(inputs.size())) {
        const auto& given = place == 0 ? other.dz : other.gradients[place - 1];
        const auto& allowed = place == 0 ? rounding.dz : rounding.gradients[place - 1];
        for (auto position : range(given.size())) {
            const double bound =
                allowed.flat(position) + uncertain[i] +
                rounding_allowance(other_dy.size(), magnitude[i], arithmetic.epsilon) +
                arithmetic.smallest;
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

// One check, step by step. What a step finds, those after it use.
class Comparison {
public:
    Comparison(const AnyRecipe& recipe, const Tensor<double>& z, const Tensor<double>& dy)
        : recipe_(recipe), made_(recipe.layer<double>()), layer_(*made_),
          arithmetic_(layer_.arithmetic()), dy_(arithmetic_.rounded(dy)),
          parameters_(parameter_values(layer_)),
          work_(examine(layer_, arithmetic_.rounded(z), dy_, rounding())), report_(work_.report) {
        report_.oracles = {"forward mode", "central differences"};
    }

    CheckReport run(bool explain) {
        if (!work_.ready || !shapes_fit())
            return report_;
        try {
            differentiate();
            judge_kinks();
            contract_with_dy();
            ask_differences();
            bound_backward();
            judge_entries();
            if (!all_verified())
                judge_with_rounding_of_forward();
            try_another_dy();
            if (explain) {
                find_who_is_to_blame();
                name_mistakes();
                report_.smallest_case = smallest_failing_case(recipe_, report_, inputs_[0], dy_);
            }
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& error) {
            report_.problem = error.what();
        } catch (...) {
            report_.problem = "over another number type than double, the layer threw something "
                              "that is no std::exception";
        }
        return report_;
    }

private:
    using Wide = long double; // what the reference is computed in

    const AnyRecipe& recipe_;
    std::unique_ptr<AnyLayer<double>> made_;
    GuardedLayer layer_;
    Arithmetic arithmetic_;
    Tensor<double> dy_;
    std::vector<Tensor<double>> parameters_;
    Examination work_;
    CheckReport& report_;

    std::vector<Tensor<double>> inputs_;    // z and every parameter, one after the other
    std::vector<std::string> names_;        // of their gradients
    std::vector<Tensor<double>> gradients_; // as backward gave them
    Jacobian<Wide> jacobian_;
    std::vector<std::size_t> on_kinks_;        // outputs that have no derivative
    std::vector<std::size_t> not_its_slope_;   // outputs whose derivative by forward mode is wrong
    std::vector<bool> skip_;                   // outputs on kinks, with a subgradient
    Flat at_kinks_;                            // the sum of these subgradients
    std::vector<double> rounding_of_jacobian_; // where that was asked
    std::vector<Estimate> truth_, differences_;
    std::vector<Bounded<double>> analytic_;

    RoundingOf rounding() const {
        return [this](const Tensor<double>& z, const Tensor<double>& dy, const Passes& passes) {
            std::vector<Tensor<double>> inputs{z};
            inputs.insert(inputs.end(), parameters_.begin(), parameters_.end());
            return rounding_of_passes(recipe_, inputs, dy, passes, arithmetic_);
        };
    }

    bool shapes_fit() {
        inputs_ = {work_.z};
        names_ = {"dz"};
        gradients_ = {work_.passes.dz};
        for (const auto& parameter : layer_.parameters())
            inputs_.push_back(parameter.value);
        names_.insert(names_.end(), work_.names.begin(), work_.names.end());
        gradients_.insert(gradients_.end(), work_.passes.gradients.begin(),
                          work_.passes.gradients.end());
        // What has no entries to compare makes the rest of the bookkeeping meaningless
        for (auto place : range(inputs_.size()))
            if (shape_of(gradients_[place]) != shape_of(inputs_[place]))
                report_.tensors.push_back(wrong_shape(names_[place], shape_of(gradients_[place]),
                                                      shape_of(inputs_[place])));
        return report_.tensors.empty();
    }

    // The true Jacobian, and where there is none
    void differentiate() {
        jacobian_ = forward_mode_jacobian(*recipe_.forward<SparseDual<Wide>>(), inputs_);
        on_kinks_ = outputs_on_kinks(recipe_, inputs_, jacobian_.structure, jacobian_.entries,
                                     not_its_slope_);
        if (!not_its_slope_.empty())
            report_.findings.push_back(
                {"forward over dual numbers",
                 fmt::format("the derivative of y{} by forward mode is not its slope: does forward "
                             "lose the derivative, by converting to double?",
                             text(index_at(shape_of(dy_), not_its_slope_.front())))});
    }

    // What backward gives at kinks, if it is a subgradient, is as true as any other
    void judge_kinks() {
        skip_.assign(dy_.size(), false);
        at_kinks_.assign(jacobian_.structure.inputs, 0.0);
        auto& kinks = report_.kinks;
        kinks.outputs = on_kinks_.size();
        if (on_kinks_.empty())
            return;
        // A dy of 0 would leave a kink unseen
        auto seen_dy = dy_;
        for (auto j : on_kinks_)
            if (dy_.flat(j) == 0)
                seen_dy.flat(j) = 1;
        for (const auto& kink :
             handgrad::judge_kinks(layer_, recipe_, inputs_, seen_dy, on_kinks_)) {
            kinks.outside += !kink.subgradient;
            if (kinks.convention.empty())
                kinks.convention = kink.convention;
            else if (kinks.convention != kink.convention)
                kinks.convention = "mixed";
            if (kinks.example.empty() || (kinks.outside == 1 && !kink.subgradient))
                kinks.example = index_at(shape_of(dy_), kink.output);
            if (!kink.subgradient)
                continue;
            skip_[kink.output] = true;
            if (dy_.flat(kink.output) != 0)
                for (const auto& [i, entry] : kink.claimed)
                    at_kinks_[i] += entry;
        }
        if (kinks.outside > 0)
            report_.findings.push_back(
                {"subgradient at kinks",
                 fmt::format("y{} stands on a kink, and what backward gives there is no "
                             "subgradient ({})",
                             text(kinks.example),
                             kinks.convention == "all"
                                 ? "every tied entry is credited in full"
                                 : "it is no mean of the derivatives that meet there")});
    }

    void contract_with_dy() {
        const auto& [structure, jacobian] = jacobian_;
        truth_.assign(structure.inputs, {});
        for (auto j : range(dy_.size()))
            for (auto [at, end] = structure.row(j); at != end && !skip_[j]; ++at) {
                auto& estimate = truth_[structure.input[at]];
                const Wide term = Wide(dy_.flat(j)) * jacobian[at];
                estimate.value += static_cast<double>(term);
                estimate.magnitude += static_cast<double>(std::abs(term));
                ++estimate.terms;
            }
        for (auto i : range(truth_.size())) {
            auto& estimate = truth_[i];
            estimate.value += at_kinks_[i];
            estimate.magnitude += std::abs(at_kinks_[i]);
            // The terms are exact to the wide type's rounding, and were added up in double
            estimate.bound =
                rounding_allowance(estimate.terms, estimate.magnitude,
                                   static_cast<double>(std::numeric_limits<Wide>::epsilon())) +
                static_cast<double>(estimate.terms + 1) *
                    (std::numeric_limits<double>::epsilon() * estimate.magnitude +
                     std::numeric_limits<double>::denorm_min());
            report_.coverage.not_zero += estimate.magnitude != 0;
        }
        report_.coverage.entries = truth_.size();
        report_.coverage.products = structure.input.size();
    }

    // Two oracles that disagree cannot both be believed
    void ask_differences() {
        differences_ = coloured_differences(*recipe_.forward<Four>(), *recipe_.forward<double>(),
                                            inputs_, dy_, jacobian_.structure, skip_);
        for (auto i : range(truth_.size())) {
            differences_[i].value += at_kinks_[i];
            if (!differences_agree(i) && not_its_slope_.empty())
                ++report_.coverage.oracles_apart;
        }
    }

    // The error of a difference is estimated, not proven
    bool differences_agree(std::size_t i) const {
        return std::abs(truth_[i].value - differences_[i].value) <=
               truth_[i].bound + 2 * differences_[i].bound;
    }

    // How far rounding may have taken what backward gave
    void bound_backward() {
        analytic_ =
            bounded_gradients(recipe_, inputs_, tensor_cast<Bounded<double>>(dy_), work_.passes);
        for (auto i : range(truth_.size()))
            if (!std::isfinite(analytic_[i].bound))
                analytic_[i].bound =
                    rounding_allowance(truth_[i].terms, truth_[i].magnitude, arithmetic_.epsilon);
    }

    void judge_entries() {
        report_.tensors.clear();
        auto analytic = analytic_.begin();
        auto truth = truth_.begin();
        for (auto place : range(inputs_.size())) {
            const auto size = static_cast<std::ptrdiff_t>(inputs_[place].size());
            report_.tensors.push_back(judge_all(names_[place], shape_of(inputs_[place]),
                                                {analytic, analytic + size}, {truth, truth + size},
                                                largest_of(dy_), arithmetic_));
            analytic += size;
            truth += size;
        }
    }

    bool all_verified() const {
        return std::all_of(report_.tensors.begin(), report_.tensors.end(),
                           [](const TensorReport& tensor) { return tensor.passed(); });
    }

    // Where forward cancels, forward mode itself is wrong by more than its last digits
    void judge_with_rounding_of_forward() {
        ask_rounding_of_forward();
        const auto uncertain =
            contracted(jacobian_.structure, rounding_of_jacobian_, without_skipped(dy_), true);
        for (auto i : range(truth_.size()))
            truth_[i].bound += uncertain[i];
        judge_entries();
    }

    void ask_rounding_of_forward() {
        if (rounding_of_jacobian_.empty())
            rounding_of_jacobian_ = rounding_of_jacobian(recipe_, inputs_, jacobian_);
    }

    // dy, 0 where an output is judged as a subgradient
    Tensor<double> without_skipped(Tensor<double> dy) const {
        for (auto j : range(dy.size()))
            if (skip_[j])
                dy.flat(j) = 0;
        return dy;
    }

    // What one dy makes vanish, by chance or by cancelling, another shows
    void try_another_dy() {
        if (!report_.passed())
            return;
        const auto find = [this] {
            return wrong_for_another_dy(layer_, inputs_, names_, dy_, jacobian_.structure,
                                        jacobian_.entries, rounding_of_jacobian_, on_kinks_,
                                        rounding());
        };
        auto finding = find();
        if (finding && rounding_of_jacobian_.empty()) {
            ask_rounding_of_forward();
            finding = find();
        }
        if (finding)
            report_.findings.push_back(*finding);
    }

    // Where backward or the oracles disagree, a third oracle is asked, which shares nothing with
    // the other two but forward
    void find_who_is_to_blame() {
        std::optional<std::vector<double>> by_complex_step;
        std::size_t start = 0;
        for (auto place : range(inputs_.size())) {
            auto& tensor = report_.tensors[place];
            const auto size = inputs_[place].size();
            const auto disputed = disputed_entry(tensor, start, size);
            start += size;
            if (!disputed)
                continue;
            if (!by_complex_step)
                by_complex_step = complex_step_gradient();
            const auto i = *disputed;
            Opinions opinions{
                {"forward mode", truth_[i].value, truth_[i].bound},
                std::nullopt,
                {"central differences", differences_[i].value, 2 * differences_[i].bound}};
            if (!by_complex_step->empty())
                opinions.complex_step = {
                    "complex step", (*by_complex_step)[i] + at_kinks_[i],
                    rounding_allowance(truth_[i].terms, truth_[i].magnitude,
                                       std::numeric_limits<double>::epsilon())};
            tensor.disputed = index_at(tensor.shape, i - (start - size));
            tensor.blame =
                arbitrate({"backward", analytic_[i].value, analytic_[i].bound}, opinions);
            tensor.opinions = {opinions.forward_mode};
            if (opinions.complex_step)
                tensor.opinions.push_back(*opinions.complex_step);
            tensor.opinions.push_back(opinions.differences);
        }
    }

    // The worst entry of a tensor, if it is wrong, or else the first on which the oracles differ
    std::optional<std::size_t> disputed_entry(const TensorReport& tensor, std::size_t start,
                                              std::size_t size) const {
        for (auto i : range(size))
            if (tensor.wrong > 0 ? index_at(tensor.shape, i) == tensor.worst.index
                                 : !differences_agree(start + i))
                return start + i;
        return std::nullopt;
    }

    // The gradient by the complex step; empty where forward does not work on complex numbers
    std::vector<double> complex_step_gradient() const {
        try {
            const auto entries = complex_step_jacobian(*recipe_.forward<std::complex<double>>(),
                                                       inputs_, jacobian_.structure);
            std::vector<double> gradient(truth_.size(), 0.0);
            for (auto j : range(dy_.size()))
                for (auto [at, end] = jacobian_.structure.row(j); at != end && !skip_[j]; ++at)
                    gradient[jacobian_.structure.input[at]] += dy_.flat(j) * entries[at];
            return gradient;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception&) {
            return {};
        }
    }

    void name_mistakes() {
        if (all_verified())
            return;
        const auto evidence = gather(recipe_, layer_, inputs_, work_.passes.y, dy_,
                                     jacobian_.structure, jacobian_.entries);
        auto truth = truth_.begin();
        for (auto place : range(inputs_.size())) {
            auto right = zeros<double>(shape_of(inputs_[place]));
            for (auto& entry : right)
                entry = (truth++)->value;
            if (report_.tensors[place].wrong > 0)
                report_.tensors[place].mistakes =
                    diagnose(evidence, place, gradients_[place], right);
        }
    }
};

} // namespace

CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, const Tensor<double>& dy,
                  bool explain) {
    return Comparison(recipe, z, dy).run(explain);
}

CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, std::uint64_t seed) {
    const auto made = recipe.layer<double>();
    GuardedLayer layer(*made);
    return with_random_dy(layer, z, seed,
                          [&](const Tensor<double>& dy) { return check(recipe, z, dy); });
}

} // namespace handgrad
