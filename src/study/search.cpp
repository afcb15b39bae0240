#include "search.hpp"

#include "boundary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace handgrad::study {

std::vector<Stage> search_stages(std::size_t epochs, std::size_t seeds) {
    const auto part = [&](std::size_t of) { return (epochs + of - 1) / of; };
    return {{"first look", make_seeds("first-", 1), part(4)},
            {"second look", make_seeds("second-", 4), part(2)},
            {"third look", make_seeds("third-", 16), epochs},
            {"final", make_seeds("final-", seeds), epochs},
            {"winners again", make_seeds("fresh-", seeds), epochs}};
}

std::vector<Race> search_races(const std::vector<Setting>& candidates) {
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

std::vector<std::size_t> ranking(std::vector<double> scores) {
    for (double& score : scores)
        if (!std::isfinite(score))
            score = std::numeric_limits<double>::infinity();
    std::vector<std::size_t> places(scores.size());
    std::iota(places.begin(), places.end(), std::size_t(0));
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    return places;
}

std::size_t quota(const Race& race, std::size_t stage) {
    const std::size_t share = race.runners.size() / (stage == 0 ? 4 : 16);
    return stage >= 2 ? race.finalists : std::max(race.finalists, share);
}

std::vector<std::size_t> survivors(const std::vector<Race>& races, std::size_t stage,
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
