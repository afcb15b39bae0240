#pragma once

/// @file
/// The search for the best hyper-parameters: many candidates tried briefly, the better ones longer.

#include "design.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handgrad::study {

/// One step of the funnel.
struct Stage {
    std::string name;               ///< what the report calls it
    std::size_t configurations;     ///< how many are tried
    std::vector<std::string> seeds; ///< each configuration runs once with each
    std::size_t epochs;             ///< how long a run lasts
};

/// The seeds `prefix`1, …, `prefix``count`.
inline std::vector<std::string> make_seeds(const std::string& prefix, std::size_t count) {
    std::vector<std::string> seeds;
    for (std::size_t number = 1; number <= count; ++number)
        seeds.push_back(prefix + std::to_string(number));
    return seeds;
}

/// The funnel: each stage keeps the best quarter and trains it longer, with more seeds. No two
/// stages share a seed, so that luck with data and weights carries no candidate past more than one.
///
/// The lowest of many losses is lower than it deserves, so the winner of the final stage runs once
/// more, with seeds that had no part in choosing it.
/// @param candidates how many there are to begin with
/// @param epochs of the last two stages
/// @param seeds of the final stage; the winner runs again with as many
inline std::vector<Stage> search_stages(std::size_t candidates, std::size_t epochs,
                                        const std::vector<std::string>& seeds) {
    const auto at_least_one = [](std::size_t number) { return std::max<std::size_t>(1, number); };
    return {{"coarse grid", candidates, make_seeds("grid-", 1), at_least_one(epochs / 4)},
            {"second look", at_least_one(candidates / 4), make_seeds("look-", 3),
             at_least_one(epochs / 2)},
            {"final", at_least_one(candidates / 16), seeds, epochs},
            {"winner again", 1, make_seeds("fresh-", seeds.size()), epochs}};
}

/// The inputs as formulas: "x, y, sin x"; "all seven" where none is missing.
inline std::string describe_inputs(const Configuration& configuration) {
    static const std::map<std::string_view, std::string> formulas{
        {"x", "x"},        {"y", "y"},        {"xSquared", "x²"}, {"ySquared", "y²"},
        {"xTimesY", "xy"}, {"sinX", "sin x"}, {"sinY", "sin y"}};
    const auto used = configuration.used_features();
    if (used.size() == formulas.size())
        return "all seven";
    std::string words;
    for (const auto& feature : used)
        words += (words.empty() ? "" : ", ") + formulas.at(feature.key);
    return words;
}

/// What a setting differs in from the site's opening page, in a few words.
inline std::string describe(const Configuration& configuration) {
    std::string words(name_in(playground::activations, configuration.activation));
    words += " " + playground::shape_text(configuration.network_shape);
    words += fmt::format("; rate {}", configuration.learning_rate);
    if (configuration.regularization != playground::Regularization::none)
        words += fmt::format("; {} {}",
                             name_in(playground::regularizations, configuration.regularization),
                             configuration.regularization_rate);
    return words + "; inputs " + describe_inputs(configuration);
}

/// The coarse grid that the search starts from: every combination of a few of the site's choices
/// for the learning rate, the hidden layers, their activation and the inputs.
///
/// Left out is what the studies show to slow the spiral down: smaller steps, narrower layers,
/// regularization. Noise and the share of training points are the problem's, not ours to choose.
inline std::vector<Setting> search_candidates() {
    const std::string squares = "&xSquared=true&ySquared=true", product = "&xTimesY=true";
    const std::string sines = "&sinX=true&sinY=true", no_sines = "&sinX=false&sinY=false";
    std::vector<Setting> candidates;
    for (const std::string rate : {"0.03", "0.1", "0.3"})
        for (const std::string shape : {"8", "4,4", "8,8", "8,8,8"})
            for (const std::string activation : {"tanh", "relu", "sigmoid"})
                for (const auto& inputs :
                     {no_sines, no_sines + squares, sines, sines + squares + product}) {
                    auto candidate = variant("", "learningRate=" + rate + "&networkShape=" + shape +
                                                     "&activation=" + activation + inputs);
                    candidate.label = describe(candidate.configuration);
                    candidates.push_back(std::move(candidate));
                }
    return candidates;
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

} // namespace handgrad::study
