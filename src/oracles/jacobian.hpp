#pragma once

/// @file
/// The whole Jacobian of a layer, every ∂y/∂z and ∂y/∂parameter, by forward mode.

#include "../scalars/sparse_dual.hpp"
#include "recipe.hpp"

#include <cstdint>

namespace handgrad {

/// The layer of a recipe over `T`, as a function of z and all its parameters.
template <class T, Recipe R>
class Lifted {
public:
    explicit Lifted(const R& recipe) : layer(recipe.template operator()<T>()) {} ///< makes it

    /// @param inputs z, then the parameters in the layer's order
    Tensor<T> forward(const std::vector<Tensor<T>>& inputs) {
        assign(inputs);
        // A forward that changes its argument must not change the inputs
        Tensor<T> z = inputs[0];
        return layer.forward(z);
    }

    /// Sets the parameters.
    void assign(const std::vector<Tensor<T>>& inputs) {
        const auto parameters = parameters_of<T>(layer);
        for (auto place : range(parameters.size()))
            parameters[place].value = inputs[place + 1];
    }

    decltype(std::declval<const R&>().template operator()<T>()) layer; ///< over T
};

/// Which inputs each output can depend on. Inputs are counted through z and then every parameter,
/// row-major.
struct Structure {
    std::size_t inputs = 0;           ///< how many there are
    std::vector<std::size_t> first;   ///< where the row of output j starts in `input`; one past all
    std::vector<std::uint32_t> input; ///< the inputs of output 0, then of output 1, …

    /// The inputs of output `j`, as positions in `input`.
    std::pair<std::size_t, std::size_t> row(std::size_t j) const {
        return {first[j], first[j + 1]};
    }
};

/// All derivatives of all outputs by all inputs.
template <class T>
struct Jacobian {
    Structure structure;    ///< which entries there are; all others are 0
    std::vector<T> entries; ///< in the order of `structure.input`
};

/// The Jacobian of a layer by forward mode in arithmetic `T`, from one evaluation.
/// @param inputs z, then the parameters in the layer's order
template <class T, Recipe R>
Jacobian<T> forward_mode_jacobian(const R& recipe, const std::vector<Tensor<double>>& inputs) {
    using D = SparseDual<T>;
    std::vector<Tensor<D>> variables;
    std::uint32_t input = 0;
    for (const auto& tensor : inputs) {
        variables.push_back(zeros<D>(shape_of(tensor)));
        std::transform(tensor.begin(), tensor.end(), variables.back().begin(),
                       [&](double entry) { return D::variable(T(entry), input++); });
    }
    auto y = Lifted<D, R>(recipe).forward(variables);

    Jacobian<T> jacobian{{input, {0}, {}}, {}};
    auto& [structure, entries] = jacobian;
    for (auto& output : y) {
        for (const auto& term : output.terms()) {
            structure.input.push_back(term.input);
            entries.push_back(term.derivative);
        }
        structure.first.push_back(entries.size());
    }
    return jacobian;
}

} // namespace handgrad
