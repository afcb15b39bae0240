#pragma once

/// @file
/// Runs side by side: one configuration a lane, and what the network is given in each.

#include "../scalars/lanes.hpp"
#include "../tensor.hpp"
#include "configuration.hpp"

#include <fmt/core.h>

#include <string>
#include <vector>

namespace handgrad::playground {

/// What two configurations must have in common to be trained side by side, as words: then they ask
/// for the same operations in the same order.
///
/// They may differ in seed, data, noise, which inputs there are, and the rates.
inline std::string run_shape(const Configuration& configuration) {
    return fmt::format(
        "{} on {} % of the points, {} inputs, hidden layers {} of {}, batches of {}, "
        "regularization {}",
        name_in(problems, configuration.problem), configuration.train_percentage,
        configuration.used_features().size(), shape_text(configuration.network_shape),
        name_in(activations, configuration.activation), configuration.batch_size,
        name_in(regularizations, configuration.regularization));
}

/// One configuration a lane, with its data and with the random numbers that its weights are drawn
/// from.
struct Runs {
    std::vector<Configuration> configurations; ///< one a lane, all of one shape
    std::vector<Random> random;                ///< where `make_data` left them
    std::vector<Data> data;                    ///< the points of each

    /// Draws the data of every run. Where there are fewer than `lanes`, the last runs in all lanes
    /// that are left.
    /// @throws ValueError if there is no configuration, more than `lanes`, or another shape among
    ///         them
    Runs(std::vector<Configuration> chosen, std::size_t lanes) : configurations(std::move(chosen)) {
        if (configurations.empty() || configurations.size() > lanes)
            throw ValueError(fmt::format("there are {} configurations, there may be from 1 to {}",
                                         configurations.size(), lanes));
        configurations.resize(lanes, configurations.back());
        for (const auto& configuration : configurations) {
            if (run_shape(configuration) != run_shape(common()))
                throw ValueError(fmt::format(
                    "a run of {} cannot be trained beside one of {}, the two must be alike",
                    run_shape(configuration), run_shape(common())));
            add_data(configuration);
        }
    }

    /// The first one's, where all have the same.
    const Configuration& common() const { return configurations.front(); }

    /// One number for each lane.
    template <class T>
    T each(double Configuration::*setting) const {
        return T::each([&](std::size_t lane) { return configurations[lane].*setting; });
    }

private:
    // Those of an earlier run that has the same, or new ones
    void add_data(const Configuration& configuration) {
        for (auto lane : range(data.size()))
            if (have_one_data(configurations[lane], configuration)) {
                random.push_back(random[lane]);
                data.push_back(data[lane]);
                return;
            }
        random.emplace_back(configuration.seed);
        data.push_back(make_data(configuration, random.back()));
    }
};

/// Points as the network takes them.
template <class T>
struct Samples {
    Tensor<T> z;      ///< (N, number of inputs)
    Tensor<T> target; ///< (N, 1)

    std::size_t size() const { return z.shape(0); } ///< N
};

/// Points `first` to `last` − 1 of each run, `points(lane)` being all of them.
template <class T, class PointsOfLane>
Samples<T> make_samples(const Runs& runs, PointsOfLane points, std::size_t first,
                        std::size_t last) {
    std::vector<std::vector<Feature>> used;
    for (const auto& configuration : runs.configurations)
        used.push_back(configuration.used_features());

    Samples<T> samples{zeros<T>({last - first, used.front().size()}), zeros<T>({last - first, 1})};
    for (auto i : range(last - first)) {
        const auto point = [&](std::size_t lane) -> const Point& {
            return points(lane)[first + i];
        };
        for (auto k : range(used.front().size()))
            samples.z(i, k) = T::each([&](std::size_t lane) {
                return used[lane][k].value(point(lane).x, point(lane).y);
            });
        samples.target(i, 0) = T::each([&](std::size_t lane) { return point(lane).label; });
    }
    return samples;
}

} // namespace handgrad::playground
