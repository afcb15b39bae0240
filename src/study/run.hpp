#pragma once

/// @file
/// One run of a configuration: trained, measured on the way, and looked at in the end.

#include "../playground/trainer.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace handgrad::study {

using playground::Configuration;

/// The losses on the way, one entry a measurement; the first is before training, at epoch 0.
struct Curve {
    std::vector<std::size_t> epoch; ///< when it was measured
    std::vector<double> train;      ///< mean loss over the points to learn from
    std::vector<double> test;       ///< mean loss over the points kept aside
};

/// What the network answers over the square from −`range` to `range`, at the centres of
/// `size` × `size` equal cells; the first row is the topmost, the first column the leftmost.
struct Boundary {
    std::size_t size = 60;                        ///< cells along each side
    double range = 6;                             ///< what the site shows
    std::vector<std::vector<double>> values = {}; ///< row by row
};

/// The result of one run.
struct Run {
    Configuration configuration;  ///< what was run
    Curve curve;                  ///< how the losses went
    Boundary boundary;            ///< what was learned
    std::size_t dead_weights = 0; ///< weights that L1 set to 0 for good

    double train_loss() const { return curve.train.back(); } ///< in the end
    double test_loss() const { return curve.test.back(); }   ///< in the end

    /// Has training done harm: is the training loss in the end no number, or greater than before?
    bool diverged() const { return !(train_loss() <= curve.train.front()); }

    /// The first measured epoch at which the test loss is at most `target`; none if there is none.
    std::optional<std::size_t> epochs_to(double target) const {
        for (std::size_t place = 0; place < curve.epoch.size(); ++place)
            if (curve.test[place] <= target)
                return curve.epoch[place];
        return std::nullopt;
    }
};

/// Asks the networks of `trainer` for their answers over the square, one a lane.
/// @param cells along each side
template <class T>
std::vector<Boundary> make_boundaries(playground::Trainer<T>& trainer,
                                      std::size_t cells = Boundary().size) {
    std::vector<Boundary> boundaries(T::lanes, Boundary{.size = cells});
    const auto& [size, half_width, values] = boundaries.front();
    const auto centre = [&, cells = static_cast<double>(size), width = half_width](auto cell) {
        return width * (2 * ((static_cast<double>(cell) + 0.5) / cells) - 1);
    };
    for (auto row : range(size)) {
        std::vector<playground::Point> points;
        for (auto column : range(size))
            points.push_back({centre(column), -centre(row), 0});
        const auto y = trainer.output(points);
        for (auto lane : range(T::lanes)) {
            auto& answers = boundaries[lane].values.emplace_back();
            for (const T& entry : y)
                answers.push_back(entry.lane(lane));
        }
    }
    return boundaries;
}

/// The answers of a single run.
inline Boundary make_boundary(playground::Trainer<>& trainer, std::size_t cells = Boundary().size) {
    return make_boundaries(trainer, cells).front();
}

/// Trains the networks of `trainer` until `epochs` epochs are done and measures the losses on the
/// way.
///
/// They are measured up to a hundred times, in even steps: after every epoch of 100, after every
/// fourth of 400. Every machine and every number of threads or lanes gives the same.
/// @param stop asked after every epoch; training ends early when it says true
/// @return one curve a lane
template <class T>
std::vector<Curve> make_curves(playground::Trainer<T>& trainer, std::size_t epochs,
                               const std::function<bool()>& stop) {
    std::vector<Curve> curves(T::lanes);
    const auto measure = [&] {
        const T train = trainer.train_loss(), test = trainer.test_loss();
        for (auto lane : range(T::lanes)) {
            curves[lane].epoch.push_back(trainer.epochs());
            curves[lane].train.push_back(train.lane(lane));
            curves[lane].test.push_back(test.lane(lane));
        }
    };
    const std::size_t step = (epochs + 99) / 100;
    measure();
    while (trainer.epochs() < epochs && !stop()) {
        trainer.epoch();
        if (trainer.epochs() % step == 0 || trainer.epochs() == epochs)
            measure();
    }
    return curves;
}

/// Trains the networks of `configurations` for `epochs` epochs, one a lane of `T`.
/// @param stop asked after every epoch; the runs end early when it says true
/// @throws ValueError if there are none, more than lanes, or they have not one `run_shape`
template <class T>
std::vector<Run> train_side_by_side(const std::vector<Configuration>& configurations,
                                    std::size_t epochs, const std::function<bool()>& stop) {
    playground::Trainer<T> trainer(configurations);
    auto curves = make_curves(trainer, epochs, stop);
    auto boundaries = make_boundaries(trainer);
    std::vector<Run> runs;
    for (auto lane : range(configurations.size()))
        runs.push_back({configurations[lane], std::move(curves[lane]), std::move(boundaries[lane]),
                        trainer.dead_weights(lane)});
    return runs;
}

/// The same for one configuration.
inline Run train(
    const Configuration& configuration, std::size_t epochs,
    const std::function<bool()>& stop = [] { return false; }) {
    return train_side_by_side<Lanes<double>>({configuration}, epochs, stop).front();
}

} // namespace handgrad::study
