#pragma once

/// @file
/// The whole Jacobian of a layer, every ∂y/∂z and ∂y/∂parameter, by forward mode.

#include "any_layer.hpp"

#include <cstdint>

namespace handgrad {

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
/// @param forward the layer's forward pass
/// @param inputs z, then the parameters in the layer's order
template <class T>
Jacobian<T> forward_mode_jacobian(AnyForward<SparseDual<T>>& forward,
                                  const std::vector<Tensor<double>>& inputs);

/// The same of the layer that a recipe makes.
template <class T, Recipe R>
Jacobian<T> forward_mode_jacobian(const R& recipe, const std::vector<Tensor<double>>& inputs) {
    return forward_mode_jacobian(*any_forward<SparseDual<T>>(recipe), inputs);
}

} // namespace handgrad
