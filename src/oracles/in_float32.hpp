#pragma once

/// @file
/// A layer that computes in float32, judged as fairly as one in double: it is given what float32
/// can hold, its own rounding is bounded in float32, and the true derivative comes from wider
/// arithmetic at the same numbers.

#include "any_layer.hpp"

namespace handgrad {

/// The layer that computes in float, as one over double.
std::unique_ptr<AnyLayer<double>> widened(std::unique_ptr<AnyLayer<float>> layer);

/// The same over numbers that know their rounding.
std::unique_ptr<AnyLayer<Bounded<double>>> widened(std::unique_ptr<AnyLayer<Bounded<float>>> layer);

/// The layer that a recipe makes over float, to be checked: `check(in_float32(recipe<Tanh>()), z)`.
///
/// z, dy and the parameters are rounded to float32 once, before anything is compared: that they
/// cannot be held is no fault of the layer. The oracles evaluate forward in double and wider at
/// these rounded numbers. Another tensor that the recipe gives to the layer, such as the target of
/// a loss, must be one that float32 can hold: `Arithmetic::float32().rounded(target)`.
template <Recipe R>
AnyRecipe in_float32(const R& recipe) {
    return AnyRecipe(
        recipe, [recipe] { return widened(any_layer<float>(recipe)); },
        [recipe] { return widened(any_layer<Bounded<float>>(recipe)); });
}

} // namespace handgrad
