#pragma once

/// @file
/// One run of a configuration: trained, and measured on the way.

#include "boundary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace handgrad::study {

/// The losses on the way, one entry a measurement; the first is before training, at epoch 0.
struct Curve {
    std::vector<std::size_t> epoch; ///< when it was measured
    std::vector<double> train;      ///< mean loss over the points to learn from
    std::vector<double> test;       ///< mean loss over the points kept aside
};

/// The network as it was at some epoch.
struct Snapshot {
    std::size_t epoch;           ///< when
    std::vector<double> weights; ///< as `weights_of` gives them
};

/// The result of one run.
struct Run {
    Configuration configuration;     ///< what was run
    Curve curve;                     ///< how the losses went
    std::vector<Snapshot> snapshots; ///< at the `snapshot_epochs`, the last one in the end
    std::size_t dead_weights = 0;    ///< weights that L1 set to 0 for good

    std::size_t epochs() const { return curve.epoch.back(); } ///< how long it was
    double train_loss() const { return curve.train.back(); }  ///< in the end
    double test_loss() const { return curve.test.back(); }    ///< in the end

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

/// When a run of `epochs` epochs is remembered with all its weights: after a fortieth, a tenth, a
/// quarter, and all of it. For 400 epochs these are 10, 40, 100 and 400.
inline std::vector<std::size_t> snapshot_epochs(std::size_t epochs) {
    std::vector<std::size_t> chosen;
    for (std::size_t part : {40u, 10u, 4u, 1u})
        if (const std::size_t epoch = (epochs + part - 1) / part;
            chosen.empty() || chosen.back() < epoch)
            chosen.push_back(epoch);
    return chosen;
}

/// Trains the networks of `trainer` until `epochs` epochs are done and measures the losses on the
/// way.
///
/// They are measured up to a hundred times, in even steps: after every epoch of 100, after every
/// fourth of 400. Every machine and every number of threads or lanes gives the same.
/// @param stop asked after every epoch; training ends early when it says true
/// @param after_epoch called after every epoch
/// @return one curve a lane
template <class T>
std::vector<Curve> make_curves(
    playground::Trainer<T>& trainer, std::size_t epochs, const std::function<bool()>& stop,
    const std::function<void()>& after_epoch = [] {}) {
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
        after_epoch();
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
    std::vector<Run> runs(configurations.size());
    const auto remembered = snapshot_epochs(epochs);
    auto curves = make_curves(trainer, epochs, stop, [&] {
        if (std::find(remembered.begin(), remembered.end(), trainer.epochs()) != remembered.end())
            for (auto lane : range(runs.size()))
                runs[lane].snapshots.push_back({trainer.epochs(), weights_of(trainer, lane)});
    });
    for (auto lane : range(runs.size())) {
        runs[lane].configuration = configurations[lane];
        runs[lane].curve = std::move(curves[lane]);
        runs[lane].dead_weights = trainer.dead_weights(lane);
    }
    return runs;
}

/// The same for one configuration.
inline Run train(
    const Configuration& configuration, std::size_t epochs,
    const std::function<bool()>& stop = [] { return false; }) {
    return train_side_by_side<Lanes<double>>({configuration}, epochs, stop).front();
}

} // namespace handgrad::study
