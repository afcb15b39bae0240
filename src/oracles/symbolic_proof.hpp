#pragma once

/// @file
/// Proves or refutes a backward pass for all numbers at once, by evaluating the layer on formulas.

#include "../scalars/symbolic.hpp"
#include "proof.hpp"
#include "recipe.hpp"

#include <cstdint>

namespace handgrad {

/// What a layer computes on formulas: every variable, and what the layer makes of them.
struct SymbolicPasses {
    std::string layer;                       ///< its name
    std::vector<std::string> names;          ///< "z", and those of the parameters
    std::vector<Tensor<Symbolic>> inputs;    ///< z and the parameters, all variables
    std::vector<Tensor<Symbolic>> gradients; ///< what backward gives for each
    Tensor<Symbolic> y;                      ///< what forward gives
    Tensor<Symbolic> dy;                     ///< variables
    std::vector<Decision> region;            ///< the branches that were taken
};

/// The values that decide branches.
inline Tensor<double> witnesses_of(const Tensor<Symbolic>& formulas) {
    auto values = zeros<double>(shape_of(formulas));
    std::transform(formulas.begin(), formulas.end(), values.begin(),
                   [](const Symbolic& formula) { return formula.value; });
    return values;
}

/// 1, −2, 3, −4, …: no two alike, and both signs.
inline Tensor<double> signed_numbers(const Shape& shape) {
    auto numbers = zeros<double>(shape);
    for (auto position : range(numbers.size())) {
        const auto size = static_cast<double>(position + 1);
        numbers.flat(position) = position % 2 == 0 ? size : -size;
    }
    return numbers;
}

/// Runs forward and backward on variables.
///
/// @param recipe makes the layer; see oracles/recipe.hpp. Its parameters become variables, their
///        numbers decide branches, as those of z do
/// @param z decides branches; its shape is that of the variables
template <Recipe R>
SymbolicPasses symbolic_passes(const R& recipe, const Tensor<double>& z) {
    auto layer = recipe.template operator()<Symbolic>();
    SymbolicPasses passes;
    if constexpr (requires { std::string(layer.name); })
        passes.layer = std::string(layer.name);
    else
        passes.layer = "layer";
    PathCondition::current().start();

    // Put a variable in the place of every entry
    passes.names.push_back("z");
    passes.inputs.push_back(variables("z", z));
    for (const auto& parameter : parameters_of<Symbolic>(layer)) {
        parameter.value = variables(parameter.name, witnesses_of(parameter.value));
        passes.names.push_back(parameter.name);
        passes.inputs.push_back(parameter.value);
    }

    // Forward, then backward for a dy of which every entry is a variable
    passes.y = layer.forward(passes.inputs[0]);
    passes.dy = variables("dy", signed_numbers(shape_of(passes.y)));
    passes.gradients.push_back(layer.backward(passes.dy));
    for (const auto& parameter : parameters_of<Symbolic>(layer))
        passes.gradients.push_back(parameter.gradient);
    passes.region = PathCondition::current().decisions();
    return passes;
}

/// Differentiates ⟨forward(z), dy⟩ by every variable and compares with what backward gave.
Proof prove(const SymbolicPasses& passes);

/// Proves or refutes every entry of dz and of every parameter's gradient, for all numbers that take
/// the same branches as `z`.
///
/// The derivative is taken by GiNaC of the formula that forward computes, in real arithmetic:
/// rounding plays no part. What is proven is this layer for these shapes and options.
///
/// @param recipe makes the layer; see oracles/recipe.hpp
/// @param z decides branches; its shape is that of the variables
/// @return the proof; where a branch was decided by a tie, a problem, since a derivative needs room
///         on both sides
template <Recipe R>
Proof symbolic_proof(const R& recipe, const Tensor<double>& z) {
    return prove(symbolic_passes(recipe, z));
}

/// Was a branch decided by two equal numbers?
bool has_tie(const std::vector<Decision>& region);

/// The regions that were met, and whether there are others.
class Regions {
public:
    /// Was this region not met before? Then it is remembered.
    bool is_new(const std::vector<Decision>& region);

    /// Was, at every branch, either way taken, or is it impossible? Then the regions are all there
    /// are.
    bool complete() const;

private:
    std::vector<std::vector<Decision>> met_;
};

/// A z for the search: random, with 1000 steps from one whole number to the next.
Tensor<double> random_witnesses(const Shape& shape, std::uint32_t seed);

/// Proofs in one region after the other, until they are all or `at_most`. Regions are found by
/// drawing z at random, at most 4000 times.
///
/// @param recipe makes the layer; see oracles/recipe.hpp
/// @param shape of z
template <Recipe R>
RegionProofs symbolic_proofs(const R& recipe, const Shape& shape, std::size_t at_most = 32) {
    // So many miss a region that one z in 720 lies in, an order of six entries, once in 250 times
    constexpr std::uint32_t draws = 4000;
    RegionProofs result;
    Regions regions;
    for (std::uint32_t seed = 1; seed <= draws && result.proofs.size() < at_most; ++seed) {
        const auto passes = symbolic_passes(recipe, random_witnesses(shape, seed));
        if (has_tie(passes.region) || !regions.is_new(passes.region))
            continue;
        result.proofs.push_back(prove(passes));
        result.complete = regions.complete();
        if (result.complete)
            break;
    }
    std::sort(result.proofs.begin(), result.proofs.end(),
              [](const Proof& a, const Proof& b) { return a.region < b.region; });
    return result;
}

} // namespace handgrad
