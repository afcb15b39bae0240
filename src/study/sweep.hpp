#pragma once

/// @file
/// The experiments behind the report: all studies and the search, run and written as JSON.

#include "../errors.hpp"
#include "interrupt.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace handgrad::study {

/// What `handgrad sweep` can be told.
struct SweepOptions {
    std::string out;          ///< the file to write; none where a shard is made
    std::size_t epochs = 400; ///< of the studies' runs and of the search's last stages
    std::size_t seeds = 32;   ///< runs a setting of the studies, of the final and of the winners
    std::size_t threads = 0;  ///< 0: one a processor
    std::vector<std::string> studies; ///< by name, such as "width"; all where empty
    std::size_t draws = 1536;         ///< settings that the search draws at random, in eights
    std::size_t every = 1; ///< of the search's grids, only the first of every so many settings
    std::string store;     ///< where the runs are kept; beside `out` where empty
    std::string shard;     ///< "i/n": only make this part of the runs; all where empty
};

/// The test loss at which a run has solved its problem.
///
/// A point answered wrongly and surely costs ½ · 2² = 2, so this is what one wrong point in forty
/// costs, with all others answered right and surely.
inline constexpr double target_loss = 0.05;

/// Makes all runs of the studies and of the search that the store has not, and writes what they
/// found to `options.out`. The numbers in the file depend on the options alone, not on the machine,
/// the number of threads, or how often the work was interrupted.
///
/// With `options.shard`, makes only that part of the runs, and writes no results. The search
/// decides by all runs of a stage what runs in the next, so a shard makes its part of the studies
/// and of the earliest stage that is not complete in its store. When the stores of all shards are
/// put together by `run_merge`, the next stage can be made, in shards again or as a whole.
///
/// The file is one JSON object. A number that is not finite is null. It has
///  - `version`: 2;
///  - `epochs`, `seeds`: those of the studies; `target_loss`;
///  - `totals`: `runs`, `epochs` and training `samples` of everything below, each run once;
///  - `best`, `best_of_two_inputs`, `smallest`: the settings that answer the search's questions,
///    run again with seeds that had no part in choosing them: the one of lowest median test loss,
///    of all and of those that are told x and y alone, and the one with the fewest hidden neurons
///    (then the fewest weights) of which at least half of the runs reach the target loss;
///  - `leaderboard`: the best settings of the search's final, best first;
///  - `attempts`: every candidate of the search;
///  - `studies`: those that were asked for, each with `name`, `factor` (the key of the site's links
///    that differs) and `settings`.
///
/// A setting has
///  - `label`: short enough for an axis;
///  - `url`: the link of its run of median test loss;
///  - `configuration`: the link's keys and values, without the seed;
///  - `epochs`: how long its runs were;
///  - `runs`: each with `seed`, `url`, `train_loss` and `test_loss` after the last epoch,
///    `diverged` (the training loss ended not finite or greater than it began),
///    `epochs_to_target` (the first measured epoch with a test loss of at most `target_loss`, or
///    null) and `dead_weights`;
///  - `test_loss`, `train_loss`: each with `median`, `lower_quartile`, `upper_quartile` and
///    `interval`, the 95 % bootstrap interval of the median;
///  - `success_rate`: the share of runs whose last test loss is at most `target_loss`;
///    `success_interval`: its 95 % Wilson interval;
///  - `epochs_to_target`: `median` (null if half of the runs or more never reached it), `interval`
///    (its 95 % interval by order statistics; an end is null where the runs do not bound it) and
///    `censored`, how many did not reach it;
///  - `curve`: `epoch`, and in `train` and `test` the `median`, `lower` and `upper` quartile of the
///    loss at each of them, to six decimals;
///  - `boundary`: `seed` (of the run of median test loss), `size`, `range` and `values`, what the
///    network answers at the centres of `size` × `size` cells of the square from −`range` to
///    `range`, top row first, to three decimals;
///  - `boundaries`: the same of that run at several epochs, with `epoch`, in rising order; the last
///    is `boundary`.
///
/// `best`, `best_of_two_inputs` and `smallest` have besides them
///  - `points`: `train` and `test`, each point as [x, y, label], of the seed of its boundary;
///  - `weights` of that run: `inputs`, by their keys in links, and `layers`, each with `weight`
///    (d_out rows of d_in) and `bias`; the last is the output.
///
/// `best` has `how`: the stages of the search, each with `stage`, `configurations`, `seeds` (of
/// each), `epochs`, `runs`, `kept` and `median_test_loss_of_best`.
///
/// `smallest` has `neurons` (hidden ones), `weight_count` (without biases), `solves` (false where
/// no size did; then it is the largest) and `ladder`: the best settings of each size in the final,
/// smallest first, each with `label`, `url`, `neurons`, `weight_count`, `success_rate`,
/// `success_interval`, `runs` (how many) and `test_loss`.
///
/// An attempt has `label`, `url` and `configuration` as a setting has; `stage`, the place from 0 of
/// the last stage that it reached; of that stage `runs` (how many), `median_test_loss` and
/// `success_rate`; `curve` with `epoch` (at most 24) and `test`, the medians, to four decimals; and
/// `boundary` of 16 × 16 cells, to one decimal.
///
/// @return what was done, as a sentence for the terminal
/// @throws ValueError for an option out of range, before anything runs
/// @throws FileError if the file or the store cannot be written, before anything runs where that
///         can be known
/// @throws Interrupted after Ctrl-C; the runs made so far are in the store, no file is written
std::string run_sweep(const SweepOptions& options);

/// Puts the runs of several stores into one: `handgrad merge`.
/// @param sources stores, which stay as they are
/// @param into a store, new or with runs that stay
/// @return what was done, for the terminal
/// @throws FileError if one is no store, or if two of them differ in a run that both have
std::string run_merge(const std::vector<std::string>& sources, const std::string& into);

} // namespace handgrad::study
