#pragma once

/// @file
/// What the runs of a sweep found, and its JSON; `run_sweep` in sweep.hpp describes the keys.

#include "run.hpp"
#include "search.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace handgrad::study {

/// A setting and its runs, one a seed.
struct SettingResult {
    Setting setting;       ///< what was run
    std::vector<Run> runs; ///< in the order of the seeds

    /// The last test loss of every run.
    std::vector<double> test_losses() const {
        std::vector<double> losses;
        for (const auto& run : runs)
            losses.push_back(run.test_loss());
        return losses;
    }

    /// The run of median test loss; of an even number the better one of the middle two.
    const Run& middle_run() const { return runs[ranking(test_losses())[(runs.size() - 1) / 2]]; }
};

/// A study and what came of its settings.
struct StudyResult {
    Study study;                         ///< what was asked
    std::vector<SettingResult> settings; ///< in the order of the study
};

/// A stage of the search and what came of it.
struct StageResult {
    Stage stage;                ///< what was tried
    std::size_t configurations; ///< how many ran
    std::size_t kept;           ///< how many went on to the next stage
    double best_test_loss;      ///< the median test loss of the best
};

/// A candidate of the search and how far it came.
struct Attempt {
    std::size_t stage;    ///< the place of the last stage that it reached
    SettingResult result; ///< its runs in that stage
};

/// The search's way and its end.
struct SearchResult {
    std::vector<StageResult> stages;        ///< in the order in which they ran
    std::vector<SettingResult> leaderboard; ///< the best of the final stage, best first
    SettingResult best;                     ///< the first of them, run again with fresh seeds
    SettingResult best_of_two_inputs;       ///< the best with x and y alone, likewise
    SettingResult smallest;                 ///< the smallest that solves the problem, likewise
    std::vector<SettingResult> ladder;      ///< the finalists of every size, smallest first
    std::vector<Attempt> attempts;          ///< every candidate, in their order
};

/// All that was trained.
struct Totals {
    std::size_t runs = 0;    ///< each counted once
    std::size_t epochs = 0;  ///< of all of them
    std::size_t samples = 0; ///< that they learned from
};

/// All that a sweep found.
struct SweepResult {
    std::size_t epochs;               ///< of the studies' runs
    std::vector<std::string> seeds;   ///< of the studies' runs
    SearchResult search;              ///< the best setting, and the way to it
    std::vector<StudyResult> studies; ///< in the order of the report
    Totals totals;                    ///< what it took
};

/// Is this the result of a network that solves the problem: do at least half of its runs reach
/// `target_loss`?
bool solves(const SettingResult& result);

/// The text of the results file.
std::string results_json(const SweepResult& sweep);

} // namespace handgrad::study
