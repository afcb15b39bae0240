#pragma once

/// @file
/// How to make one layer over any number type: what a checker needs to evaluate it on all of them.

#include "../layers/layer.hpp"

namespace handgrad {

/// Something that makes a layer over `T` for every number type `T`, such as the generic lambda
/// `[]<class T>() { return Tanh<T>(); }`. Whatever it makes must be the same layer: the same
/// options, and parameters of the same names and shapes.
template <class R>
concept Recipe = requires(const R& recipe) {
    { recipe.template operator()<double>() } -> Layer<double>;
};

/// A tensor in another number type.
template <class T>
Tensor<T> lift(const Tensor<double>& tensor) {
    return tensor_cast<T>(tensor);
}

/// Anything but a tensor, as it is.
template <class T, class Option>
const Option& lift(const Option& option) {
    return option;
}

/// The recipe of a class template: `recipe<Conv2d>(weight, bias, options)` makes
/// `Conv2d<T>(weight, bias, options)` with the tensors cast to `T`.
template <template <class> class L, class... Arguments>
auto recipe(Arguments... arguments) {
    return [arguments...]<class T>() { return L<T>(lift<T>(arguments)...); };
}

} // namespace handgrad
