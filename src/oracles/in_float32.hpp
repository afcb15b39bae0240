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

/// Makes the layers of a recipe, of which the one that is judged computes in float.
template <Recipe R>
class FloatMakerOf final : public MakerOf<R> {
public:
    using MakerOf<R>::MakerOf;
    using MakerOf<R>::layer;
    template <class T>
    using Over = Maker::Over<T>; ///< as in `Maker`

    std::unique_ptr<AnyLayer<double>> layer(Over<double>) const override;
    std::unique_ptr<AnyLayer<Bounded<double>>> layer(Over<Bounded<double>>) const override;
};

template <Recipe R>
std::unique_ptr<AnyLayer<double>> FloatMakerOf<R>::layer(Over<double>) const {
    return widened(any_layer<float>(this->recipe_));
}

template <Recipe R>
std::unique_ptr<AnyLayer<Bounded<double>>> FloatMakerOf<R>::layer(Over<Bounded<double>>) const {
    return widened(any_layer<Bounded<float>>(this->recipe_));
}

/// The layer that a recipe makes over float, to be checked: `check(in_float32(recipe<Tanh>()), z)`.
///
/// z, dy and the parameters are rounded to float32 once, before anything is compared: that they
/// cannot be held is no fault of the layer. The oracles evaluate forward in double and wider at
/// these rounded numbers. Another tensor that the recipe gives to the layer, such as the target of
/// a loss, must be one that float32 can hold: `Arithmetic::float32().rounded(target)`.
template <Recipe R>
AnyRecipe in_float32(const R& recipe) {
    return AnyRecipe(std::unique_ptr<const Maker>(new FloatMakerOf<R>(recipe)));
}

} // namespace handgrad
