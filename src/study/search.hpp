#pragma once

/// @file
/// The search for the best hyper-parameters by successive halving: many candidates tried briefly,
/// the better ones longer and with more seeds.

#include "candidates.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace handgrad::study {

/// One step of the funnel.
struct Stage {
    std::string name;               ///< what the report calls it
    std::vector<std::string> seeds; ///< each configuration runs once with each
    std::size_t epochs;             ///< how long a run lasts
};

/// The funnel's stages. No two share a seed, so that luck with data and weights carries no
/// candidate past more than one.
///
/// The lowest of many losses is lower than it deserves, so the winners run once more, with seeds
/// that had no part in choosing them.
/// @param epochs of the last three stages
/// @param seeds how many the last two have
std::vector<Stage> search_stages(std::size_t epochs, std::size_t seeds);

/// Candidates that compete with each other. One candidate may be in several races.
struct Race {
    std::string name;                 ///< what is asked
    std::vector<std::size_t> runners; ///< as places among the candidates
    std::size_t finalists;            ///< how many come to the final
};

/// The three questions of the search: which is best, which is best with x and y alone, and, for
/// every number of hidden neurons up to `most_neurons_of_ladder`, which is best of that size.
std::vector<Race> search_races(const std::vector<Setting>& candidates);

/// The places of `scores` from the lowest score to the highest; equal ones in their order, those
/// that are not finite last.
std::vector<std::size_t> ranking(std::vector<double> scores);

/// How many of a race go on after `stage` of the first three: a quarter of all, a sixteenth, the
/// finalists; but never fewer than the finalists.
std::size_t quota(const Race& race, std::size_t stage);

/// Who goes on after `stage`: in every race the best of those who still run, up to its quota.
/// @param running their places among the candidates, in rising order
/// @param scores one for each of `running`, the lower the better
/// @return in rising order
std::vector<std::size_t> survivors(const std::vector<Race>& races, std::size_t stage,
                                   const std::vector<std::size_t>& running,
                                   const std::vector<double>& scores);

} // namespace handgrad::study
