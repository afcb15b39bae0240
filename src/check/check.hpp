#pragma once

/// @file
/// The gradient checker: every entry of dz and of every parameter's gradient against oracles that
/// know only the forward pass.

#include "../oracles/known_layers.hpp"
#include "probe.hpp"
#include "report.hpp"

#include <cstdint>

namespace handgrad {

/// Checks every entry of dz and of every parameter's gradient of a black box.
///
/// The oracle is a central difference with Richardson extrapolation, which needs `forward` only.
/// It knows its own error; what `backward` gives must lie within that and rounding. No tolerance
/// is chosen. On a kink (a tied maximum, a ReLU at 0) a central difference is no derivative: choose
/// z away from kinks, as `check(layer, z)` and `readable_probe` do, or give a recipe, with which
/// the checker judges kinks.
///
/// @param layer its gradients are overwritten, its parameters are moved and put back
/// @param z the input at which gradients are checked
/// @param dy dL/dy, the shape of y
/// @return a report; what the layer throws, or a gradient of a wrong shape, is a finding in it
/// @throws ValueError if z, dy or a parameter is not finite everywhere
CheckReport check(AnyLayer<double>& layer, const Tensor<double>& z, const Tensor<double>& dy);

/// The same with a random dy: signed, readable, no entry 0 or alike.
/// @param seed chooses dy
CheckReport check(AnyLayer<double>& layer, const Tensor<double>& z, std::uint64_t seed = 1);

/// Checks every entry of dz and of every parameter's gradient of a layer that can be made over any
/// number type, and judges every tolerance, tie and kink by evaluating it on those.
///
/// The true derivative comes from forward mode in extended precision and, independently, from
/// central differences; where they or backward disagree, the complex step decides who is to blame.
/// How far rounding may have taken what `backward` gives comes from `Bounded<double>`. Outputs that
/// stand on a kink are judged apart: their gradient must be a subgradient.
///
/// @param recipe makes the layer, with its parameters; see oracles/recipe.hpp
/// @param z the input at which gradients are checked; ties and kinks are welcome
/// @param dy dL/dy, the shape of y
/// @param explain where an entry is wrong, say who is to blame, which mistake it is, and what the
///        smallest case is that fails
/// @throws ValueError if z, dy or a parameter is not finite everywhere
CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, const Tensor<double>& dy,
                  bool explain = true);

/// The same with a random dy: signed, readable, no entry 0 or alike.
/// @param seed chooses dy
CheckReport check(const AnyRecipe& recipe, const Tensor<double>& z, std::uint64_t seed = 1);

/// @{ Checks any object with forward and backward over `Tensor<double>` as a black box, as above.
template <Layer<double> L>
CheckReport check(L& layer, const Tensor<double>& z, const Tensor<double>& dy) {
    WrappedLayer<double, L&> any([&]() -> L& { return layer; });
    return check(static_cast<AnyLayer<double>&>(any), z, dy);
}
template <Layer<double> L>
CheckReport check(L& layer, const Tensor<double>& z, std::uint64_t seed = 1) {
    WrappedLayer<double, L&> any([&]() -> L& { return layer; });
    return check(static_cast<AnyLayer<double>&>(any), z, seed);
}
/// @}

} // namespace handgrad
