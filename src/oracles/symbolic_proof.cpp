#include "symbolic_proof.hpp"

#include "../scalars/formula.hpp"
#include "zero.hpp"

namespace handgrad {

namespace {

using GiNaC::ex;

// "dz", "dweight", "2.dweight"
std::string gradient_of(std::string name) {
    const auto dot = name.rfind('.');
    return name.insert(dot == std::string::npos ? 0 : dot + 1, "d");
}

// Why nothing can be said, or ""
std::string problem_of(const SymbolicPasses& passes) {
    for (const auto& decision : passes.region)
        if (decision.tie)
            return fmt::format("the numbers that decide branches are tied: {} is decided by two "
                               "equal numbers; choose a z away from it",
                               decision_text(decision));
    for (auto place : range(passes.inputs.size()))
        if (shape_of(passes.gradients[place]) != shape_of(passes.inputs[place]))
            return fmt::format("{} is {}, it must be {}, the shape of {}",
                               gradient_of(passes.names[place]),
                               text(shape_of(passes.gradients[place])),
                               text(shape_of(passes.inputs[place])), passes.names[place]);
    const auto finite = [](const Tensor<Symbolic>& formulas) {
        return std::none_of(formulas.begin(), formulas.end(), [](const Symbolic& formula) {
            return formula.expression.has(Symbolic::not_finite());
        });
    };
    if (!finite(passes.y) || !std::all_of(passes.gradients.begin(), passes.gradients.end(), finite))
        return "a formula is made of a number that is not finite";
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

} // namespace

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
        TensorProof tensor{gradient_of(passes.names[place]), variables.size(), 0, {}};
        for (auto position : range(variables.size())) {
            const auto& variable = variables.flat(position).expression;
            const ex derivative = f.diff(GiNaC::ex_to<GiNaC::symbol>(variable));
            const ex claimed = passes.gradients[place].flat(position).expression;
            const auto zero = is_zero(derivative - claimed, witnesses, passes.region);
            if (zero.verdict == ProofVerdict::Proven)
                ++tensor.proven;
            else
                tensor.failing.push_back({gradient_of(formula_text(variable)),
                                          formula_text(derivative), formula_text(claimed),
                                          formula_text(zero.remains), zero.verdict, zero.tried});
        }
        proof.tensors.push_back(std::move(tensor));
    }
    return proof;
}

} // namespace handgrad
