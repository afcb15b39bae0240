#include "known_layers.hpp"

namespace handgrad {

template class MakerOf<RecipeOf<Linear, Tensor<double>, Tensor<double>>>;
template class MakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>>>;
template class MakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>, Conv2dOptions>>;
template class MakerOf<RecipeOf<MaxPool2d>>;
template class MakerOf<RecipeOf<MaxPool2d, MaxPool2dOptions>>;
template class MakerOf<RecipeOf<Tanh>>;
template class MakerOf<RecipeOf<ReLU>>;
template class MakerOf<RecipeOf<Sigmoid>>;
template class MakerOf<RecipeOf<Softmax>>;
template class MakerOf<RecipeOf<Flatten>>;
template class MakerOf<RecipeOf<LossLayer<SquaredError>::Over, Tensor<double>>>;
template class MakerOf<RecipeOf<LossLayer<CrossEntropy>::Over, Tensor<double>>>;

template class FloatMakerOf<RecipeOf<Linear, Tensor<double>, Tensor<double>>>;
template class FloatMakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>>>;
template class FloatMakerOf<RecipeOf<Conv2d, Tensor<double>, Tensor<double>, Conv2dOptions>>;
template class FloatMakerOf<RecipeOf<MaxPool2d>>;
template class FloatMakerOf<RecipeOf<MaxPool2d, MaxPool2dOptions>>;
template class FloatMakerOf<RecipeOf<Tanh>>;
template class FloatMakerOf<RecipeOf<ReLU>>;
template class FloatMakerOf<RecipeOf<Sigmoid>>;
template class FloatMakerOf<RecipeOf<Softmax>>;
template class FloatMakerOf<RecipeOf<Flatten>>;
template class FloatMakerOf<RecipeOf<LossLayer<SquaredError>::Over, Tensor<double>>>;
template class FloatMakerOf<RecipeOf<LossLayer<CrossEntropy>::Over, Tensor<double>>>;

} // namespace handgrad
