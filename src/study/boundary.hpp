#pragma once

/// @file
/// What a network answers over the square that the site shows.

#include "../playground/trainer.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace handgrad::study {

using playground::Configuration;

/// What the network answers over the square from −`range` to `range`, at the centres of
/// `size` × `size` equal cells; the first row is the topmost, the first column the leftmost.
struct Boundary {
    std::size_t size = 60;                        ///< cells along each side
    double range = 6;                             ///< what the site shows
    std::vector<std::vector<double>> values = {}; ///< row by row

    /// The centres of the cells of one row, from left to right.
    std::vector<playground::Point> centres(std::size_t row) const {
        const auto centre = [&](std::size_t cell) {
            return range *
                   (2 * ((static_cast<double>(cell) + 0.5) / static_cast<double>(size)) - 1);
        };
        std::vector<playground::Point> points;
        for (auto column : handgrad::range(size))
            points.push_back({centre(column), -centre(row), 0});
        return points;
    }
};

/// Every weight and bias of the network in one lane, layer by layer: the rows of the weight, then
/// the bias.
template <class T>
std::vector<double> weights_of(const playground::Trainer<T>& trainer, std::size_t lane) {
    std::vector<double> weights;
    for (const auto& parameter : trainer.parameters())
        for (const T& entry : parameter.value)
            weights.push_back(entry.lane(lane));
    return weights;
}

/// The answers of the network of `configuration` with `weights` as `weights_of` gives them, as many
/// rows of cells side by side as `T` has lanes. They have the same bits for every `T`.
/// @param size cells along each side
template <class T>
Boundary boundary_side_by_side(const Configuration& configuration,
                               const std::vector<double>& weights, std::size_t size) {
    playground::Runs runs({configuration}, T::lanes);
    playground::FlatNetwork<T> network(runs);
    auto next = weights.begin();
    for (auto& parameter : network.parameters())
        for (T& entry : parameter.value)
            entry = T(*next++);

    Boundary boundary{.size = size};
    for (std::size_t first = 0; first < size; first += T::lanes) {
        // Where rows are missing at the end, the last is in all lanes that are left
        std::vector<std::vector<playground::Point>> rows;
        for (auto lane : range(T::lanes))
            rows.push_back(boundary.centres(std::min(first + lane, size - 1)));
        const auto samples = playground::make_samples<T>(
            runs, [&](std::size_t lane) -> auto& { return rows[lane]; }, 0, size);
        const auto y = network.forward(samples.z);
        for (std::size_t lane = 0; lane < T::lanes && first + lane < size; ++lane) {
            auto& answers = boundary.values.emplace_back();
            for (const T& entry : y)
                answers.push_back(entry.lane(lane));
        }
    }
    return boundary;
}

/// The answers of the network of `configuration` with `weights` as `weights_of` gives them.
/// @param size cells along each side
/// @throws ValueError if the network has another number of weights
Boundary make_boundary(const Configuration& configuration, const std::vector<double>& weights,
                       std::size_t size = Boundary().size);

/// One layer of a network in plain numbers.
struct LayerWeights {
    std::vector<std::vector<double>> weight; ///< d_out rows of d_in
    std::vector<double> bias;                ///< d_out
};

/// `weights` as `weights_of` gives them, taken apart.
/// @throws ValueError if the network of `configuration` has another number of weights
std::vector<LayerWeights> layers_of(const Configuration& configuration,
                                    const std::vector<double>& weights);

/// How many weights, without biases, the network of `configuration` has.
std::size_t weight_count(const Configuration& configuration);

/// How many weights and biases it has.
std::size_t parameter_count(const Configuration& configuration);

/// How many hidden neurons it has.
std::size_t neuron_count(const Configuration& configuration);

} // namespace handgrad::study
