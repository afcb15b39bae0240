#pragma once

/// @file
/// Outputs without a derivative: a maximum that is tied, a ReLU at 0. A backward pass is right
/// there when it gives a subgradient: a mean, with weights that are not negative and add up to 1,
/// of the derivatives of the smooth pieces that meet. Source: Clarke, "Optimization and Nonsmooth
/// Analysis" (1983), section 2.1.

#include "../oracles/jacobian.hpp"
#include "contract.hpp"

namespace handgrad {

/// A gradient of ⟨y, dy⟩ by z and all parameters as one long vector.
using Flat = std::vector<double>;

/// Which outputs stand on a kink: where the derivative to one side of a random direction is not the
/// derivative to the other.
/// @param structure, jacobian of the layer at `inputs`, as forward mode gives them
/// @param no_derivative gets the outputs whose derivative is the same to both sides, and is not
///        what forward mode says
std::vector<std::size_t> outputs_on_kinks(const AnyRecipe& recipe,
                                          const std::vector<Tensor<double>>& inputs,
                                          const Structure& structure,
                                          const std::vector<long double>& jacobian,
                                          std::vector<std::size_t>& no_derivative);

/// What backward gives for one output alone, and the derivatives of the pieces that meet there.
struct KinkedOutput {
    std::size_t output = 0; ///< its row-major position in y
    Flat claimed;           ///< the gradient of dy·y at that output, as backward gives it
    std::vector<Flat>
        pieces; ///< the gradients of the smooth pieces, in the order of their first entry
    bool subgradient = false; ///< is `claimed` a mean of the pieces?
    std::string convention;   ///< in words
};

/// Judges what backward gives at each output that stands on a kink.
///
/// The pieces are found by moving z a little in random directions, and towards every entry that
/// backward credits, and differentiating there.
/// @param outputs their positions in y
std::vector<KinkedOutput> judge_kinks(AnyLayer<double>& layer, const AnyRecipe& recipe,
                                      const std::vector<Tensor<double>>& inputs,
                                      const Tensor<double>& dy,
                                      const std::vector<std::size_t>& outputs);

} // namespace handgrad
