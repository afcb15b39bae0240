#pragma once

/// @file
/// The site's network, built from this project's layers.

#include "../layers/linear.hpp"
#include "../layers/relu.hpp"
#include "../layers/sequential.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/tanh.hpp"
#include "configuration.hpp"

namespace handgrad::playground {

/// A linear layer as the site starts it: weights uniform in [−0.5, 0.5), drawn row by row, and
/// biases 0.1; all 0 with `init_zero`, which draws the numbers nevertheless.
template <class T>
Linear<T> make_linear(std::size_t d_in, std::size_t d_out, bool init_zero, Random& random) {
    auto weight = zeros<T>({d_out, d_in});
    for (auto j : range(d_out))
        for (auto k : range(d_in)) {
            const double number = random() - 0.5;
            weight(j, k) = T(init_zero ? 0 : number);
        }
    return Linear<T>(std::move(weight), filled<T>({d_out}, T(init_zero ? 0 : 0.1)));
}

/// Puts the layer for `activation` behind the last one; linear is no layer at all.
template <class T>
void append_activation(Sequential<T>& network, Activation activation) {
    switch (activation) {
    case Activation::relu:
        return network.append(ReLU<T>());
    case Activation::tanh:
        return network.append(Tanh<T>());
    case Activation::sigmoid:
        return network.append(Sigmoid<T>());
    case Activation::linear:
        return;
    }
}

/// The network of `configuration`: hidden layers of the given shape, each with its activation,
/// and one output, tanh in classification.
/// @param random where `make_data` left it
/// @return takes (N, number of inputs), gives (N, 1)
template <class T>
Sequential<T> make_network(const Configuration& configuration, Random& random) {
    auto d_in = configuration.used_features().size();
    Sequential<T> network;
    for (auto d_out : configuration.network_shape) {
        network.append(make_linear<T>(d_in, d_out, configuration.init_zero, random));
        append_activation(network, configuration.activation);
        d_in = d_out;
    }
    network.append(make_linear<T>(d_in, 1, configuration.init_zero, random));
    if (configuration.problem == Problem::classification)
        append_activation(network, Activation::tanh);
    return network;
}

/// The inputs of the network for `points`.
/// @return (N, number of inputs)
template <class T>
Tensor<T> make_input(const Configuration& configuration, const std::vector<Point>& points) {
    const auto used = configuration.used_features();
    auto z = zeros<T>({points.size(), used.size()});
    for (auto i : range(points.size()))
        for (auto k : range(used.size()))
            z(i, k) = T(used[k].value(points[i].x, points[i].y));
    return z;
}

/// The labels of `points`.
/// @return (N, 1)
template <class T>
Tensor<T> make_target(const std::vector<Point>& points) {
    auto target = zeros<T>({points.size(), 1});
    for (auto i : range(points.size()))
        target(i, 0) = T(points[i].label);
    return target;
}

} // namespace handgrad::playground
