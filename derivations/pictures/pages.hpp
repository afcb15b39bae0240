#pragma once

/// @file
/// The pictures of the book. Every number in them is computed by a layer from the worked example
/// that the function is given, so another example gives another picture.

#include "picture.hpp"

namespace handgrad::pictures {

/// Paths from one z over several y to L.
struct ChainRuleExample {
    Tensor<double> dy_dz; ///< (K): how fast each y grows with z
    Tensor<double> dy;    ///< (K): how fast L grows with each y
};

/// A linear layer and one sample.
struct LinearExample {
    Tensor<double> z;      ///< (1, d_in)
    Tensor<double> weight; ///< (d_out, d_in)
    Tensor<double> bias;   ///< (d_out)
};

/// A convolution with one channel in and out, one sample, stride 1.
struct Conv2dExample {
    Tensor<double> z;      ///< (1, 1, 3, 3)
    Tensor<double> weight; ///< (1, 1, 2, 2)
    Tensor<double> bias;   ///< (1)
    Tensor<double> dy;     ///< (1, 1, 2, 2)
};

/// A max-pooling of 2 × 2 windows, stride 1.
struct MaxPool2dExample {
    Tensor<double> z;  ///< (1, 1, 3, 3)
    Tensor<double> dy; ///< (1, 1, 2, 2)
};

/// Scores and the class that is right.
struct SoftmaxExample {
    Tensor<double> z;      ///< (1, K)
    Tensor<double> target; ///< (1, K), 1 at the right class
};

/// The worked examples of the book.
/// @{
ChainRuleExample chain_rule_example();
LinearExample linear_example();
Conv2dExample conv2d_example();
MaxPool2dExample max_pool2d_example();
SoftmaxExample softmax_example();
Tensor<double> flatten_example(); ///< one sample, (1, 2, 2, 2)
/// @}

/// How one z reaches L over several y, and the products that are added up.
Picture chain_rule_paths(const ChainRuleExample& example);

/// A row of weight times z plus bias.
Picture linear_forward(const LinearExample& example);

/// The kernel on the window that gives y(0,1).
Picture conv2d_forward(const Conv2dExample& example);

/// The windows that read z(1,1), and with which weight.
Picture conv2d_dz(const Conv2dExample& example);

/// dz as dy with a ring of zeros, convolved with the turned kernel.
Picture conv2d_full(const Conv2dExample& example);

/// dweight(0,1) as dy laid on z.
Picture conv2d_dweight(const Conv2dExample& example);

/// The windows, their winners, and y.
Picture max_pool2d_forward(const MaxPool2dExample& example);

/// dy flowing back to the winners.
Picture max_pool2d_dz(const MaxPool2dExample& example);

/// tanh and its derivative.
Picture tanh_curve();

/// max(0, z) and its derivative.
Picture relu_curve();

/// The sigmoid and its derivative.
Picture sigmoid_curve();

/// Scores, probabilities and the gradient of the scores.
Picture softmax_bars(const SoftmaxExample& example);

/// Which entry of z becomes which entry of y.
Picture flatten_order(const Tensor<double>& z);

/// All pictures of the book, each of its worked example.
std::vector<Picture> all_pictures();

} // namespace handgrad::pictures
