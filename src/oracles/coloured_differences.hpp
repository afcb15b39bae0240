#pragma once

/// @file
/// Central differences of a layer by every input, many inputs at a time: inputs that cannot meet in
/// one output share a colour, and all inputs of one colour are moved at once. Source: Curtis,
/// Powell, Reid, "On the estimation of sparse Jacobian matrices", IMA J. Appl. Math. 13 (1974).

#include "central_difference.hpp"
#include "jacobian.hpp"

namespace handgrad {

/// ∂⟨y, dy⟩ by every input, by central differences.
/// @param forward the layer's forward pass at four places at a time
/// @param forward_of_one the same at one place, for where the four take different branches
/// @param inputs z, then the parameters in the layer's order
/// @param structure which inputs each output depends on
/// @param skip outputs to leave out, because they have no derivative
std::vector<Estimate> coloured_differences(AnyForward<Four>& forward,
                                           AnyForward<double>& forward_of_one,
                                           const std::vector<Tensor<double>>& inputs,
                                           const Tensor<double>& dy, const Structure& structure,
                                           const std::vector<bool>& skip);

} // namespace handgrad
