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
    std::size_t size = 60;                   ///< cells along each side
    double range = 6;                        ///< what the site shows
    std::vector<std::vector<double>> values; ///< row by row
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

/// Asks the network of `trainer` for its answers over the square.
inline Boundary make_boundary(playground::Trainer<>& trainer) {
    Boundary boundary;
    const auto centre = [&](std::size_t cell) {
        const double share = (static_cast<double>(cell) + 0.5) / static_cast<double>(boundary.size);
        return boundary.range * (2 * share - 1);
    };
    for (auto row : range(boundary.size)) {
        std::vector<playground::Point> points;
        for (auto column : range(boundary.size))
            points.push_back({centre(column), -centre(row), 0});
        const auto y = trainer.output(points);
        boundary.values.emplace_back(y.begin(), y.end());
    }
    return boundary;
}

/// Trains the network of `configuration` for `epochs` epochs.
///
/// The losses are measured up to a hundred times on the way, in even steps: after every epoch of
/// 100, after every fourth of 400. Every machine and every number of threads gives the same.
/// @param stop asked after every epoch; the run ends early when it says true
inline Run train(
    const Configuration& configuration, std::size_t epochs,
    const std::function<bool()>& stop = [] { return false; }) {
    playground::Trainer<> trainer(configuration);
    Run run{configuration, {}, {}, 0};
    const auto measure = [&] {
        run.curve.epoch.push_back(trainer.epochs());
        run.curve.train.push_back(trainer.train_loss());
        run.curve.test.push_back(trainer.test_loss());
    };
    const std::size_t step = (epochs + 99) / 100;
    measure();
    while (trainer.epochs() < epochs && !stop()) {
        trainer.epoch();
        if (trainer.epochs() % step == 0 || trainer.epochs() == epochs)
            measure();
    }
    run.boundary = make_boundary(trainer);
    run.dead_weights = trainer.dead_weights();
    return run;
}

} // namespace handgrad::study
