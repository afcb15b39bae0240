#pragma once

/// @file
/// The search, run in a laboratory.

#include "laboratory.hpp"
#include "results.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace handgrad::study {

/// Runs put under their settings, as many to each.
/// @param runs of all settings, in the order of `with_seeds`
std::vector<SettingResult> by_setting(const std::vector<Setting>& settings, std::vector<Run> runs);

/// Successive halving over the candidates of the search.
class Search {
public:
    /// @param laboratory where the runs are made; it must outlive this
    /// @param candidates in their order
    /// @param stages the last but one is the final, in the last the winners run again
    Search(Laboratory& laboratory, std::vector<Setting> candidates, std::vector<Stage> stages);

    /// About how much there is to do.
    Work expected_work() const { return expected_after(0); }

    /// Runs stage after stage. Each begins when the laboratory has all runs of the one before.
    /// @return none while other shards have to make runs first
    std::optional<SearchResult> run();

private:
    using Places = std::vector<std::size_t>;

    Laboratory& laboratory_;
    std::vector<Setting> candidates_;
    std::vector<Race> races_;
    std::vector<Stage> stages_;
    SearchResult result_;

    Work expected_after(std::size_t first) const;
    std::optional<std::vector<SettingResult>> try_all(std::size_t stage, const Places& places);
    std::optional<Places> run_stage(std::size_t stage, const Places& running);
    bool run_winners(const Places& finalists, const std::vector<SettingResult>& results);
    Places rungs(const std::vector<SettingResult>& finalists) const;
};

} // namespace handgrad::study
