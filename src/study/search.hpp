#pragma once

/// @file
/// The search for the best hyper-parameters: many candidates tried briefly, the better ones longer.

#include "design.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace handgrad::study {

/// One step of the funnel.
struct Stage {
    std::string name;
    std::size_t configurations; ///< how many are tried
    std::vector<std::string> seeds;
    std::size_t epochs;
};

/// The seeds `prefix`1, …, `prefix``count`.
inline std::vector<std::string> make_seeds(const std::string& prefix, std::size_t count) {
    std::vector<std::string> seeds;
    for (std::size_t number = 1; number <= count; ++number)
        seeds.push_back(prefix + std::to_string(number));
    return seeds;
}

/// The funnel: each stage keeps the best quarter and trains it longer, with more seeds. Seeds are
/// never used by two stages, so that no candidate wins by the luck of data and weights that it was
/// chosen on.
/// @param epochs of the last stage
/// @param seeds of the last stage
inline std::vector<Stage> search_stages(std::size_t epochs, const std::vector<std::string>& seeds) {
    return {{"random search", 160, make_seeds("search-", 1), std::max<std::size_t>(1, epochs / 4)},
            {"second look", 40, make_seeds("look-", 3), std::max<std::size_t>(1, epochs / 2)},
            {"final", 10, seeds, epochs}};
}

/// What a setting differs in from the site's opening page, in a few words.
inline std::string describe(const Configuration& configuration) {
    std::string words(name_in(playground::activations, configuration.activation));
    words += " " + playground::detail::words(configuration.network_shape);
    words +=
        fmt::format(", rate {}, batch {}", configuration.learning_rate, configuration.batch_size);
    if (configuration.regularization != playground::Regularization::none)
        words += fmt::format(", {} {}",
                             name_in(playground::regularizations, configuration.regularization),
                             configuration.regularization_rate);
    words += ", inputs";
    for (const auto& feature : configuration.used_features())
        words += " " + std::string(feature.key);
    return words;
}

/// A configuration drawn at random from what the site's controls offer, without the choices that
/// leave the spiral unlearned within a few hundred epochs. Noise and the share of training points
/// are the problem's, not ours to choose.
inline Configuration random_configuration(playground::Random& random) {
    using playground::Activation, playground::Regularization;
    const auto one_of = [&]<class Choice>(std::initializer_list<Choice> choices) {
        const double place = random() * static_cast<double>(choices.size());
        return choices.begin()[static_cast<std::size_t>(place)];
    };
    Configuration configuration = base_configuration();
    configuration.learning_rate = one_of({0.01, 0.03, 0.1, 0.3});
    configuration.batch_size = one_of({std::size_t(5), std::size_t(10), std::size_t(20)});
    configuration.activation = one_of({Activation::tanh, Activation::relu, Activation::sigmoid});
    configuration.network_shape.resize(one_of({std::size_t(1), std::size_t(2), std::size_t(3)}));
    for (auto& neurons : configuration.network_shape)
        neurons = one_of({std::size_t(4), std::size_t(6), std::size_t(8)});
    // One in two without: on points without noise it is seldom what is missing
    configuration.regularization = one_of(
        {Regularization::none, Regularization::none, Regularization::L1, Regularization::L2});
    // The least of the site's rates; the greater ones flatten the spiral away
    if (configuration.regularization != Regularization::none)
        configuration.regularization_rate = 0.001;
    // The spiral treats x and y alike, so their squares and their sines come in pairs
    const std::string squares = random() < 0.5 ? "true" : "false";
    const std::string product = random() < 0.5 ? "true" : "false";
    const std::string sines = random() < 0.5 ? "true" : "false";
    return playground::read_url(playground::write_url(configuration) + "&xSquared=" + squares +
                                "&ySquared=" + squares + "&xTimesY=" + product + "&sinX=" + sines +
                                "&sinY=" + sines);
}

/// Different random configurations, always the same ones.
inline std::vector<Setting> search_candidates(std::size_t count) {
    playground::Random random("search");
    std::vector<Setting> candidates;
    while (candidates.size() < count) {
        const Configuration drawn = random_configuration(random);
        const bool known =
            std::any_of(candidates.begin(), candidates.end(),
                        [&](const Setting& other) { return other.configuration == drawn; });
        if (!known)
            candidates.push_back({describe(drawn), drawn});
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
