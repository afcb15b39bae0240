#pragma once

/// @file
/// What the search for the best hyper-parameters tries: a grid where good ones are to be expected,
/// draws from all that the site offers, and grids of the two questions that it answers besides.

#include "design.hpp"

#include <string>
#include <vector>

namespace handgrad::study {

/// The inputs as formulas: "x, y, sin x"; "all seven" where none is missing.
std::string describe_inputs(const Configuration& configuration);

/// A candidate of the search in a few words: "tanh 8,8; rate 0.1; batch 10; inputs x, y".
std::string describe(const Configuration& configuration);

/// Several ways to set one thing, each as part of a link: "learningRate=0.1".
using Factor = std::vector<std::string>;

/// `key` with each of `values`.
Factor factor(const std::string& key, const std::vector<std::string>& values);

/// Every combination of one way of each factor, on the spiral; the last factor changes first.
std::vector<Configuration> grid(const std::vector<Factor>& factors);

/// Draws from all that the site's controls offer, but for the data, which are the problem's.
///
/// They come in families of 8 that share activation, hidden layers, batch size, kind of
/// regularization, and how many inputs there are, so that a family can be trained side by side.
/// Within one, no two have the same learning rate; rate of regularization and inputs are drawn for
/// each.
std::vector<Configuration> random_design(std::size_t families);

/// The most neurons that a network on the ladder of sizes has: as many as the studies' base.
inline constexpr std::size_t most_neurons_of_ladder = 8;

/// All candidates, each once.
/// @param families of random draws, each of 8
/// @param every only the first of every so many settings of a grid; 1 for all
std::vector<Setting> search_candidates(std::size_t families, std::size_t every = 1);

} // namespace handgrad::study
