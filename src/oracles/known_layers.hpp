#pragma once

/// @file
/// The project's own layers and losses, compiled once over all number types: who checks one
/// compiles nothing.

#include "../layers/conv2d.hpp"
#include "../layers/flatten.hpp"
#include "../layers/linear.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/tanh.hpp"
#include "../losses/cross_entropy.hpp"
#include "../losses/loss_layer.hpp"
#include "../losses/squared_error.hpp"
#include "in_float32.hpp"

#include <utility>

namespace handgrad {

/// The type of `recipe<L>(arguments...)`.
template <template <class> class L, class... Arguments>
using RecipeOf = decltype(recipe<L>(std::declval<Arguments>()...));

/// Gives `each` the arguments of `RecipeOf`, for every layer that is compiled in known_layers.cpp.
#define HANDGRAD_KNOWN_LAYERS(each)                                                                \
    each(Linear, Tensor<double>, Tensor<double>);                                                  \
    each(Conv2d, Tensor<double>, Tensor<double>);                                                  \
    each(Conv2d, Tensor<double>, Tensor<double>, Conv2dOptions);                                   \
    each(MaxPool2d);                                                                               \
    each(MaxPool2d, MaxPool2dOptions);                                                             \
    each(Tanh);                                                                                    \
    each(ReLU);                                                                                    \
    each(Sigmoid);                                                                                 \
    each(Softmax);                                                                                 \
    each(Flatten);                                                                                 \
    each(LossLayer<SquaredError>::Over, Tensor<double>);                                           \
    each(LossLayer<CrossEntropy>::Over, Tensor<double>)

/// Says that a layer is compiled elsewhere, as it computes in double and in float32.
#define HANDGRAD_COMPILED_ELSEWHERE(...)                                                           \
    extern template class MakerOf<RecipeOf<__VA_ARGS__>>;                                          \
    extern template class FloatMakerOf<RecipeOf<__VA_ARGS__>>

/// @cond Doxygen takes it for a function
HANDGRAD_KNOWN_LAYERS(HANDGRAD_COMPILED_ELSEWHERE);
/// @endcond

} // namespace handgrad
