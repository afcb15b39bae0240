#pragma once

/// @file
/// Several runs at once in the vector registers of the machine that this was compiled for.

#include "run.hpp"

#include <string>
#include <vector>

namespace handgrad::study {

/// How many runs `train_in_lanes` takes at most: 8 with AVX-512, 4 with AVX, 2 with SSE2.
std::size_t most_lanes();

/// Trains several configurations of one `run_shape` in the time of one. Each run has the bits that
/// `train` gives it alone.
/// @throws ValueError if there are none, more than `most_lanes()`, or they have not one shape
std::vector<Run> train_in_lanes(const std::vector<Configuration>& configurations,
                                std::size_t epochs, const std::function<bool()>& stop);

/// What `boundary_side_by_side` gives for as many lanes as there are.
Boundary boundary_in_lanes(const Configuration& configuration, const std::vector<double>& weights,
                           std::size_t size);

/// The places of `configurations` in groups of one `run_shape`, at most `most` in each.
std::vector<std::vector<std::size_t>> side_by_side(const std::vector<Configuration>& configurations,
                                                   std::size_t most);

} // namespace handgrad::study
