#pragma once

/// @file
/// The experiments behind the report: all studies and the search, run and written as JSON.

#include "../errors.hpp"
#include "interrupt.hpp"

#include <cstddef>
#include <string>

namespace handgrad::study {

/// What `handgrad sweep` can be told.
struct SweepOptions {
    std::string out;          ///< the file to write
    std::size_t epochs = 400; ///< of every run of the studies, and of the search's last stage
    std::size_t seeds = 8;    ///< runs a setting
    std::size_t threads = 0;  ///< 0: one a processor
};

/// The test loss at which a run has solved its problem.
///
/// A point answered wrongly and surely costs ½ · 2² = 2, so this is what one wrong point in forty
/// costs, with all others answered right and surely.
inline constexpr double target_loss = 0.05;

/// Runs all studies and the search for the best setting and writes what they found to
/// `options.out`. The numbers in the file are the same for every number of threads.
///
/// The file is one JSON object. A number that is not finite is null. It has
///  - `version`: 1;
///  - `epochs`, `seeds`, `target_loss`: those of every setting below;
///  - `best`: the setting that won the search, run again with seeds that had no part in choosing
///  it;
///  - `leaderboard`: the settings of the search's final stage, best first;
///  - `attempts`: every candidate of the search, in the order of the grid;
///  - `studies`: each with `name`, `factor` (the key of the site's links that differs) and
///    `settings`.
///
/// A setting has
///  - `label`: short enough for an axis;
///  - `url`: the link of its run of median test loss;
///  - `configuration`: the link's keys and values, without the seed;
///  - `runs`: each with `seed`, `url`, `train_loss` and `test_loss` after the last epoch,
///    `diverged` (the training loss ended not finite or greater than it began),
///    `epochs_to_target` (the first measured epoch with a test loss of at most `target_loss`, or
///    null) and `dead_weights`;
///  - `test_loss`, `train_loss`: each with `median`, `lower_quartile`, `upper_quartile` and
///    `interval`, the 95 % bootstrap interval of the median;
///  - `success_rate`: the share of runs whose last test loss is at most `target_loss`;
///  - `epochs_to_target`: `median` (null if half of the runs or more never reached it) and
///    `censored`, how many did not;
///  - `curve`: `epoch`, and in `train` and `test` the `median`, `lower` and `upper` quartile of the
///    loss at each of them, to six decimals;
///  - `boundary`: `seed` (of the run of median test loss), `size`, `range` and `values`, what the
///    network answers at the centres of `size` × `size` cells of the square from −`range` to
///    `range`, top row first, to three decimals.
///
/// `best` has besides them
///  - `points`: `train` and `test`, each point as [x, y, label], of the seed of its boundary;
///  - `how`: the stages of the search, each with `stage`, `configurations`, `seeds` (of each),
///    `epochs`, `runs`, `kept` and `median_test_loss_of_best`.
///
/// An attempt has `label`, `url`, `configuration` and `boundary` (to one decimal) as a setting has,
/// `stage`, the place from 0 of the last stage that it reached, and `median_test_loss`, all of that
/// stage.
///
/// @throws ValueError for an option out of range, before anything runs
/// @throws FileError if the file cannot be written, before anything runs
/// @throws Interrupted after Ctrl-C; no file is written then
void run_sweep(const SweepOptions& options);

} // namespace handgrad::study
