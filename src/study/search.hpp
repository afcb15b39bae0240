#pragma once

/// @file
/// The search for the best hyper-parameters by successive halving: many candidates tried briefly,
/// the better ones longer and with more seeds.

#include "boundary.hpp"
#include "candidates.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
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
inline std::vector<Stage> search_stages(std::size_t epochs, std::size_t seeds) {
    const auto part = [&](std::size_t of) { return (epochs + of - 1) / of; };
    return {{"first look", make_seeds("first-", 1), part(4)},
            {"second look", make_seeds("second-", 4), part(2)},
            {"third look", make_seeds("third-", 16), epochs},
            {"final", make_seeds("final-", seeds), epochs},
            {"winners again", make_seeds("fresh-", seeds), epochs}};
}

/// Candidates that compete with each other. One candidate may be in several races.
struct Race {
    std::string name;                 ///< what is asked
    std::vector<std::size_t> runners; ///< as places among the candidates
    std::size_t finalists;            ///< how many come to the final
};

/// The three questions of the search: which is best, which is best with x and y alone, and, for
/// every number of hidden neurons up to `most_neurons_of_ladder`, which is best of that size.
inline std::vector<Race> search_races(const std::vector<Setting>& candidates) {
    // As many as a leaderboard has room for, and as many as show a choice
    constexpr std::size_t leaders = 12, few = 3;
    Race all{"best", {}, leaders}, two_inputs{"best with x and y alone", {}, few};
    std::vector<Race> sizes;
    for (std::size_t neurons = 1; neurons <= most_neurons_of_ladder; ++neurons)
        sizes.push_back({fmt::format("best of {} neurons", neurons), {}, few});

    const auto only_coordinates = playground::read_url("#dataset=spiral").inputs;
    for (std::size_t place = 0; place < candidates.size(); ++place) {
        const auto& configuration = candidates[place].configuration;
        all.runners.push_back(place);
        if (configuration.inputs == only_coordinates)
            two_inputs.runners.push_back(place);
        const std::size_t neurons = neuron_count(configuration);
        if (neurons >= 1 && neurons <= sizes.size())
            sizes[neurons - 1].runners.push_back(place);
    }
    std::vector<Race> races = {std::move(all), std::move(two_inputs)};
    races.insert(races.end(), sizes.begin(), sizes.end());
    return races;
}

/// The places of `scores` from the lowest score to the highest; equal ones in their order, those
/// that are not finite last.
inline std::vector<std::size_t> ranking(std::vector<double> scores) {
    for (double& score : scores)
        if (!std::isfinite(score))
            score = std::numeric_limits<double>::infinity();
    std::vector<std::size_t> places(scores.size());
    std::iota(places.begin(), places.end(), std::size_t(0));
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    return places;
}

/// How many of a race go on after `stage` of the first three: a quarter of all, a sixteenth, the
/// finalists; but never fewer than the finalists.
inline std::size_t quota(const Race& race, std::size_t stage) {
    const std::size_t share = race.runners.size() / (stage == 0 ? 4 : 16);
    return stage >= 2 ? race.finalists : std::max(race.finalists, share);
}

/// Who goes on after `stage`: in every race the best of those who still run, up to its quota.
/// @param running their places among the candidates, in rising order
/// @param scores one for each of `running`, the lower the better
/// @return in rising order
inline std::vector<std::size_t> survivors(const std::vector<Race>& races, std::size_t stage,
                                          const std::vector<std::size_t>& running,
                                          const std::vector<double>& scores) {
    std::vector<std::size_t> kept;
    const auto order = ranking(scores);
    for (const auto& race : races) {
        std::size_t left = quota(race, stage);
        for (auto position : order)
            if (left > 0 &&
                std::binary_search(race.runners.begin(), race.runners.end(), running[position])) {
                kept.push_back(running[position]);
                --left;
            }
    }
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    return kept;
}

} // namespace handgrad::study
