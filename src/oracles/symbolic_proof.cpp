#include "symbolic_proof.hpp"

#include "../scalars/formula.hpp"
#include "zero.hpp"

#include <random>

namespace handgrad {

namespace {

using GiNaC::ex;

// Why nothing can be said, or ""
std::string problem_of(const SymbolicPasses& passes) {
    for (const auto& decision : passes.region)
        if (decision.tie)
            return fmt::format("{} was decided by two equal numbers, and a derivative needs room "
                               "on both sides; choose a z away from there",
                               decision_text(decision));
    for (auto place : range(passes.inputs.size()))
        if (shape_of(passes.gradients[place]) != shape_of(passes.inputs[place]))
            return fmt::format("{} is {}, it must be {}, the shape of {}",
                               gradient_name(passes.names[place]),
                               text(shape_of(passes.gradients[place])),
                               text(shape_of(passes.inputs[place])), passes.names[place]);
    const auto finite = [](const Tensor<Symbolic>& formulas) {
        return std::none_of(formulas.begin(), formulas.end(), [](const Symbolic& formula) {
            return formula.expression.has(Symbolic::not_finite()) || !std::isfinite(formula.value);
        });
    };
    if (!finite(passes.y) || !std::all_of(passes.gradients.begin(), passes.gradients.end(), finite))
        return "a formula is made of a number that is not finite, or its value at z is not";
    return "";
}

std::string configuration_of(const SymbolicPasses& passes) {
    std::string words;
    for (auto place : range(passes.inputs.size()))
        words += fmt::format("{}{} {}", words.empty() ? "" : ", ", passes.names[place],
                             text(shape_of(passes.inputs[place])));
    return words;
}

// Every variable with its value
std::vector<Assignment> witnesses_of(const SymbolicPasses& passes) {
    std::vector<Assignment> witnesses;
    const auto add = [&](const Tensor<Symbolic>& tensor) {
        for (const auto& entry : tensor)
            witnesses.push_back({entry.expression, entry.value});
    };
    for (const auto& input : passes.inputs)
        add(input);
    add(passes.dy);
    return witnesses;
}

// Do two computations agree in their first decisions? Their variables differ, their names do not.
bool same_beginning(const std::vector<Decision>& a, const std::vector<Decision>& b,
                    std::size_t size) {
    return a.size() >= size && b.size() >= size &&
           std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(size), b.begin(),
                      [](const Decision& a, const Decision& b) {
                          return a.answer == b.answer && decision_text(a) == decision_text(b);
                      });
}

// What is known of two formulas
enum Order { Nothing, AtMost, Less };

// Can no numbers answer so? Found where a chain such as a < b ≤ c ≤ a comes back to its beginning.
bool contradictory(const std::vector<Decision>& decisions) {
    std::vector<ex> formulas;
    const auto place = [&](const ex& formula) {
        for (auto i : range(formulas.size()))
            if (formulas[i].is_equal(formula))
                return i;
        formulas.push_back(formula);
        return formulas.size() - 1;
    };
    for (const auto& decision : decisions) {
        place(decision.left);
        place(decision.right);
    }

    // What the answers say of each pair, and what is known of constants
    std::vector<std::vector<Order>> order(formulas.size(),
                                          std::vector<Order>(formulas.size(), Nothing));
    for (const auto& decision : decisions) {
        const auto left = place(decision.left), right = place(decision.right);
        const bool less = decision.question == Decision::Question::Less;
        if (less && decision.answer)
            order[left][right] = Less;
        if (less ? !decision.answer : decision.answer)
            order[right][left] = std::max(order[right][left], AtMost);
        if (!less && decision.answer)
            order[left][right] = std::max(order[left][right], AtMost);
    }
    for (auto i : range(formulas.size()))
        for (auto j : range(formulas.size()))
            if ((formulas[j] - formulas[i]).info(GiNaC::info_flags::positive))
                order[i][j] = Less;

    // Chains of them (Floyd and Warshall)
    for (auto via : range(formulas.size()))
        for (auto i : range(formulas.size()))
            for (auto j : range(formulas.size()))
                if (order[i][via] != Nothing && order[via][j] != Nothing)
                    order[i][j] = std::max({order[i][j], order[i][via], order[via][j]});
    for (auto i : range(formulas.size()))
        if (order[i][i] == Less)
            return true;
    return false;
}

} // namespace

bool has_tie(const std::vector<Decision>& region) {
    return std::any_of(region.begin(), region.end(),
                       [](const Decision& decision) { return decision.tie; });
}

bool Regions::is_new(const std::vector<Decision>& region) {
    for (const auto& earlier : met_)
        if (earlier.size() == region.size() && same_beginning(earlier, region, region.size()))
            return false;
    met_.push_back(region);
    return true;
}

bool Regions::complete() const {
    for (const auto& region : met_)
        for (auto branch : range(region.size())) {
            // Go the same way up to this branch, and there the other
            auto other = region;
            other.resize(branch + 1);
            other.back().answer = !other.back().answer;
            const bool taken = std::any_of(met_.begin(), met_.end(), [&](const auto& region) {
                return same_beginning(region, other, branch + 1);
            });
            if (!taken && !contradictory(other))
                return false;
        }
    return !met_.empty();
}

Tensor<double> random_witnesses(const Shape& shape, std::uint32_t seed) {
    std::mt19937 draw(seed);
    return elementwise(zeros<double>(shape),
                       [&](double) { return static_cast<double>(draw() % 4001) / 1000 - 2; });
}

Proof prove(const SymbolicPasses& passes) {
    Proof proof;
    proof.layer = passes.layer;
    proof.configuration = configuration_of(passes);
    for (const auto& decision : passes.region) {
        proof.region.push_back(decision_text(decision));
        proof.region_latex.push_back(decision_latex(decision));
    }
    proof.problem = problem_of(passes);
    if (!proof.problem.empty())
        return proof;

    // f = ⟨forward(z), dy⟩
    ex f = 0;
    for (auto position : range(passes.y.size()))
        f += passes.y.flat(position).expression * passes.dy.flat(position).expression;

    // Subtract what backward gives from each derivative of f
    const auto witnesses = witnesses_of(passes);
    for (auto place : range(passes.inputs.size())) {
        const auto& variables = passes.inputs[place];
        TensorProof tensor{gradient_name(passes.names[place]), variables.size(), 0, {}};
        for (auto position : range(variables.size())) {
            const auto& variable = variables.flat(position).expression;
            const ex derivative = f.diff(GiNaC::ex_to<GiNaC::symbol>(variable));
            const ex claimed = passes.gradients[place].flat(position).expression;
            const auto zero = is_zero(derivative - claimed, witnesses, passes.region);
            if (zero.verdict == ProofVerdict::Proven)
                ++tensor.proven;
            else
                tensor.failing.push_back({gradient_name(formula_text(variable)),
                                          formula_text(derivative), formula_text(claimed),
                                          formula_text(zero.remains), zero.verdict, zero.tried});
        }
        proof.tensors.push_back(std::move(tensor));
    }
    return proof;
}

} // namespace handgrad
