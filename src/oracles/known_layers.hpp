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

extern template class MakerOf<RecipeOf<Linear, Tensor<double>, Tensor<double>>>;
extern template class MakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>>>;
extern template class MakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>, Conv2dOptions>>;
extern template class MakerOf<RecipeOf<MaxPool2d>>;
extern template class MakerOf<RecipeOf<MaxPool2d, MaxPool2dOptions>>;
extern template class MakerOf<RecipeOf<Tanh>>;
extern template class MakerOf<RecipeOf<ReLU>>;
extern template class MakerOf<RecipeOf<Sigmoid>>;
extern template class MakerOf<RecipeOf<Softmax>>;
extern template class MakerOf<RecipeOf<Flatten>>;
extern template class MakerOf<RecipeOf<LossLayer<SquaredError>::Over, Tensor<double>>>;
extern template class MakerOf<RecipeOf<LossLayer<CrossEntropy>::Over, Tensor<double>>>;

extern template class FloatMakerOf<RecipeOf<Linear, Tensor<double>, Tensor<double>>>;
extern template class FloatMakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>>>;
extern template class FloatMakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>, Conv2dOptions>>;
extern template class FloatMakerOf<RecipeOf<MaxPool2d>>;
extern template class FloatMakerOf<RecipeOf<MaxPool2d, MaxPool2dOptions>>;
extern template class FloatMakerOf<RecipeOf<Tanh>>;
extern template class FloatMakerOf<RecipeOf<ReLU>>;
extern template class FloatMakerOf<RecipeOf<Sigmoid>>;
extern template class FloatMakerOf<RecipeOf<Softmax>>;
extern template class FloatMakerOf<RecipeOf<Flatten>>;
extern template class FloatMakerOf<RecipeOf<LossLayer<SquaredError>::Over, Tensor<double>>>;
extern template class FloatMakerOf<RecipeOf<LossLayer<CrossEntropy>::Over, Tensor<double>>>;

} // namespace handgrad
