#pragma once

/// @file
/// Where runs are made: those that the store has not, side by side and on all processors.

#include "progress.hpp"
#include "results.hpp"
#include "shard.hpp"
#include "store.hpp"

#include <atomic>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace handgrad::study {

/// Runs that belong together and are equally long.
struct Batch {
    std::string name;                          ///< what a person is told that they are
    std::vector<Configuration> configurations; ///< with their seeds; may come twice
    std::size_t epochs;                        ///< of each
};

/// How long a batch takes, about, in the time that one weight takes for one epoch.
Work work_of(const Batch& batch);

/// Fills a store with runs and gives them out.
///
/// What is in a store does not depend on the number of threads or lanes, nor on the order in which
/// runs are made, nor on how often that was interrupted.
class Laboratory {
public:
    /// @param store where the runs go; it must outlive this
    /// @param threads 0 for one a processor
    /// @param shard which part of every batch is made here
    Laboratory(RunStore& store, std::size_t threads, Shard shard)
        : store_(store), threads_(threads), shard_(shard), progress_("runs") {}

    /// Says what comes after the next batch, for the time left; a shard does not wait for it.
    void expect(const Work& later) { later_ = later; }

    /// Makes those runs of this part of the batch that the store has not.
    ///
    /// Another process may fill the same store: what it has made by then is not made again.
    /// @return has the store all runs of the batch now, those of other parts too?
    /// @throws Interrupted after Ctrl-C; the runs made so far are in the store
    /// @throws FileError if the store cannot be written
    bool fill(const Batch& batch);

    /// The runs of a batch, in their order.
    /// @pre `fill(batch)` was true
    std::vector<Run> runs(const Batch& batch);

    /// All runs that were given out, each once.
    Totals totals() const { return totals_; }

    /// How many runs were made here, not found in the store.
    std::size_t made() const { return made_; }

private:
    RunStore& store_;
    std::size_t threads_;
    Shard shard_;
    Progress progress_;
    Work later_;
    Totals totals_;
    std::set<std::pair<std::string, std::size_t>> counted_; // what is in totals_
    std::atomic<std::size_t> made_ = 0;

    std::vector<Configuration> missing(const std::vector<Configuration>& configurations,
                                       std::size_t epochs);
    std::vector<Configuration> own_part(const std::vector<Configuration>& configurations) const;
    void make(const std::vector<Configuration>& group, std::size_t epochs);
    [[noreturn]] void stop() const;
};

} // namespace handgrad::study
