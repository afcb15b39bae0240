#include "boundary.hpp"

#include "lanes.hpp"

#include <numeric>

namespace handgrad::study {

namespace {

// d_in and d_out of every layer
std::vector<std::pair<std::size_t, std::size_t>> layer_shapes(const Configuration& configuration) {
    std::vector<std::pair<std::size_t, std::size_t>> shapes;
    auto d_in = configuration.used_features().size();
    for (const auto& stage : playground::stages(configuration)) {
        shapes.emplace_back(d_in, stage.d_out);
        d_in = stage.d_out;
    }
    return shapes;
}

void expect_weights(const Configuration& configuration, const std::vector<double>& weights) {
    if (weights.size() != parameter_count(configuration))
        throw ValueError(fmt::format("there are {} weights and biases, the network has {}",
                                     weights.size(), parameter_count(configuration)));
}

} // namespace

Boundary make_boundary(const Configuration& configuration, const std::vector<double>& weights,
                       std::size_t size) {
    expect_weights(configuration, weights);
    return boundary_in_lanes(configuration, weights, size);
}

std::vector<LayerWeights> layers_of(const Configuration& configuration,
                                    const std::vector<double>& weights) {
    expect_weights(configuration, weights);
    std::vector<LayerWeights> layers;
    auto next = weights.begin();
    const auto take = [&](std::size_t count) {
        const auto start = next;
        next += static_cast<std::ptrdiff_t>(count);
        return std::vector<double>(start, next);
    };
    for (const auto& shape : layer_shapes(configuration)) {
        auto& layer = layers.emplace_back();
        for (std::size_t j = 0; j < shape.second; ++j)
            layer.weight.push_back(take(shape.first));
        layer.bias = take(shape.second);
    }
    return layers;
}

std::size_t weight_count(const Configuration& configuration) {
    std::size_t count = 0;
    for (const auto& shape : layer_shapes(configuration))
        count += shape.first * shape.second;
    return count;
}

std::size_t parameter_count(const Configuration& configuration) {
    // One bias a neuron, the output's included
    return weight_count(configuration) + neuron_count(configuration) + 1;
}

std::size_t neuron_count(const Configuration& configuration) {
    const auto& shape = configuration.network_shape;
    return std::accumulate(shape.begin(), shape.end(), std::size_t(0));
}

} // namespace handgrad::study
