#pragma once

/// @file
/// The site's network, built from this project's layers.

#include "../layers/linear.hpp"
#include "../layers/relu.hpp"
#include "../layers/sequential.hpp"
#include "../layers/tanh.hpp"
#include "../losses/squared_error.hpp"
#include "runs.hpp"
#include "sigmoid.hpp"

namespace handgrad::playground {

/// A linear layer as the site starts it: weights uniform in [−0.5, 0.5), drawn row by row, and
/// biases 0.1; all 0 with `init_zero`, which draws the numbers nevertheless.
/// @param runs one a lane; their random numbers are drawn
template <class T>
Linear<T> make_linear(std::size_t d_in, std::size_t d_out, Runs& runs) {
    const auto unless_zero = [&](std::size_t lane, double number) {
        return runs.configurations[lane].init_zero ? 0 : number;
    };
    auto weight = zeros<T>({d_out, d_in});
    for (auto j : range(d_out))
        for (auto k : range(d_in))
            weight(j, k) = T::each(
                [&](std::size_t lane) { return unless_zero(lane, runs.random[lane]() - 0.5); });
    const T bias = T::each([&](std::size_t lane) { return unless_zero(lane, 0.1); });
    return Linear<T>(std::move(weight), filled<T>({d_out}, bias));
}

/// What the network consists of: for each linear layer how many outputs it has and which activation
/// follows it; the last has one, with tanh in classification.
struct Stage {
    std::size_t d_out;     ///< neurons
    Activation activation; ///< behind them
};

/// The stages of the network of `configuration`, first layer first.
inline std::vector<Stage> stages(const Configuration& configuration) {
    std::vector<Stage> all;
    for (auto d_out : configuration.network_shape)
        all.push_back({d_out, configuration.activation});
    const bool regression = configuration.problem == Problem::regression;
    all.push_back({1, regression ? Activation::linear : Activation::tanh});
    return all;
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
        return network.append(SiteSigmoid<T>());
    case Activation::linear:
        return;
    }
}

/// The network as layers one after the other. `FlatNetwork` computes the same bits, faster.
template <class T>
class LayerNetwork {
public:
    /// Draws the first weights of every run.
    explicit LayerNetwork(Runs& runs) {
        auto d_in = runs.common().used_features().size();
        for (const auto& [d_out, activation] : stages(runs.common())) {
            network_.append(make_linear<T>(d_in, d_out, runs));
            append_activation(network_, activation);
            d_in = d_out;
        }
    }

    /// Weight and bias of every layer, first layer first.
    std::vector<Parameter<T>> parameters() { return network_.parameters(); }

    /// @param z (N, number of inputs)
    /// @return y, (N, 1)
    Tensor<T> forward(const Tensor<T>& z) { return network_.forward(z); }

    /// Sets the gradients of the sum of ½ (y − target)².
    void learn(const Samples<T>& samples) {
        loss_.forward(network_.forward(samples.z), samples.target);
        network_.backward(loss_.backward());
    }

private:
    Sequential<T> network_;
    SquaredError<T> loss_;
};

} // namespace handgrad::playground
