#include "search_runs.hpp"

#include "statistics.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace handgrad::study {

namespace {

std::vector<double> scores_of(const std::vector<SettingResult>& results) {
    std::vector<double> scores;
    for (const auto& result : results)
        scores.push_back(median(result.test_losses()));
    return scores;
}

} // namespace

std::vector<SettingResult> by_setting(const std::vector<Setting>& settings, std::vector<Run> runs) {
    const std::size_t seeds = runs.size() / settings.size();
    std::vector<SettingResult> results;
    auto run = std::make_move_iterator(runs.begin());
    for (const auto& setting : settings) {
        const auto end = run + static_cast<std::ptrdiff_t>(seeds);
        results.push_back({setting, {run, end}});
        run = end;
    }
    return results;
}

Search::Search(Laboratory& laboratory, std::vector<Setting> candidates, std::vector<Stage> stages)
    : laboratory_(laboratory), candidates_(std::move(candidates)),
      races_(search_races(candidates_)), stages_(std::move(stages)) {}

std::optional<SearchResult> Search::run() {
    result_.attempts.resize(candidates_.size());
    Places running(candidates_.size());
    std::iota(running.begin(), running.end(), std::size_t(0));
    for (std::size_t stage = 0; stage + 1 < stages_.size(); ++stage) {
        auto kept = run_stage(stage, running);
        if (!kept)
            return std::nullopt;
        running = std::move(*kept);
    }
    return std::move(result_);
}

// Who runs later is not known; that a race keeps as many as it may, and that all cost the same, is
// near enough for a clock
Work Search::expected_after(std::size_t first) const {
    const auto& [name, seeds, epochs] = stages_.front();
    const Work once = work_of({name, with_seeds(candidates_, {"1"}), epochs});
    Work expected;
    for (auto stage : range(stages_.size())) {
        if (stage < first)
            continue;
        std::size_t runners = stage == 0 ? candidates_.size() : 0;
        if (stage + 1 == stages_.size())
            runners = 3; // as many as there are questions
        else if (stage > 0)
            for (const auto& race : races_)
                runners += std::min(race.runners.size(), quota(race, stage - 1));
        const std::size_t runs = runners * stages_[stage].seeds.size();
        expected += {runs, once.amount * static_cast<double>(runs * stages_[stage].epochs) /
                               static_cast<double>(once.count * epochs)};
    }
    return expected;
}

// What came of some candidates in a stage, in their order
std::optional<std::vector<SettingResult>> Search::try_all(std::size_t stage, const Places& places) {
    std::vector<Setting> settings;
    for (auto place : places)
        settings.push_back(candidates_[place]);
    const Batch batch{stages_[stage].name, with_seeds(settings, stages_[stage].seeds),
                      stages_[stage].epochs};
    laboratory_.expect(expected_after(stage + 1));
    if (!laboratory_.fill(batch))
        return std::nullopt;
    auto results = by_setting(settings, laboratory_.runs(batch));
    for (auto position : range(places.size()))
        result_.attempts[places[position]] = {stage, results[position]};
    return results;
}

// Who goes on to the next stage; after the final, nobody
std::optional<Search::Places> Search::run_stage(std::size_t stage, const Places& running) {
    const auto results = try_all(stage, running);
    if (!results)
        return std::nullopt;
    const auto scores = scores_of(*results);
    const double best = *std::min_element(scores.begin(), scores.end());
    result_.stages.push_back({stages_[stage], running.size(), 0, best});
    Places kept;
    if (stage + 2 < stages_.size()) {
        kept = survivors(races_, stage, running, scores);
        result_.stages.back().kept = kept.size();
    } else if (!run_winners(running, *results)) {
        return std::nullopt;
    }
    return kept;
}

// The finalists of the ladder of sizes, as positions, from the smallest to the largest
Search::Places Search::rungs(const std::vector<SettingResult>& finalists) const {
    const auto neurons = [&](std::size_t position) {
        return neuron_count(finalists[position].setting.configuration);
    };
    Places positions;
    for (auto position : range(finalists.size()))
        if (neurons(position) >= 1 && neurons(position) <= most_neurons_of_ladder)
            positions.push_back(position);
    std::stable_sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
        const auto size = [&](std::size_t position) {
            return std::pair(neurons(position),
                             weight_count(finalists[position].setting.configuration));
        };
        return size(a) < size(b);
    });
    return positions;
}

// The answer to each question, run again with fresh seeds
bool Search::run_winners(const Places& finalists, const std::vector<SettingResult>& results) {
    // The best of all, and the best with x and y alone
    const auto order = ranking(scores_of(results));
    const auto& two = races_[1].runners;
    const std::size_t best = order.front();
    const std::size_t best_of_two =
        *std::find_if(order.begin(), order.end(), [&](std::size_t position) {
            return std::binary_search(two.begin(), two.end(), finalists[position]);
        });

    // The smallest that solve the problem; where none does, the largest stands in for them
    const auto ladder = rungs(results);
    Places small;
    std::copy_if(ladder.begin(), ladder.end(), std::back_inserter(small),
                 [&](std::size_t position) { return solves(results[position]); });
    if (small.empty())
        small.push_back(ladder.back());

    const std::size_t again = stages_.size() - 1;
    const auto fresh =
        try_all(again, {finalists[best], finalists[best_of_two], finalists[small.front()]});
    if (!fresh)
        return false;
    std::set<std::size_t> winners = {best, best_of_two, small.front()};
    result_.best = (*fresh)[0];
    result_.best_of_two_inputs = (*fresh)[1];
    result_.smallest = (*fresh)[2];
    // What only just solved it may fail with fresh seeds: then the next one
    for (std::size_t next = 1; next < small.size() && !solves(result_.smallest); ++next) {
        const auto larger = try_all(again, {finalists[small[next]]});
        if (!larger)
            return false;
        winners.insert(small[next]);
        result_.smallest = larger->front();
    }

    for (auto position : range(std::min(order.size(), races_[0].finalists)))
        result_.leaderboard.push_back(results[order[position]]);
    for (auto position : ladder)
        result_.ladder.push_back(results[position]);
    result_.stages.back().kept = winners.size();
    result_.stages.push_back(
        {stages_[again], winners.size(), winners.size(), median(result_.best.test_losses())});
    return true;
}

} // namespace handgrad::study
