#include "sweep.hpp"

#include "lanes.hpp"
#include "option.hpp"
#include "output_file.hpp"
#include "pool.hpp"
#include "progress.hpp"
#include "results.hpp"
#include "search.hpp"
#include "statistics.hpp"

#include <map>
#include <numeric>
#include <set>

namespace handgrad::study {

namespace {

// Every setting with each of the seeds
std::vector<Configuration> with_seeds(const std::vector<Setting>& settings,
                                      const std::vector<std::string>& seeds) {
    std::vector<Configuration> configurations;
    for (const auto& setting : settings)
        for (const auto& seed : seeds)
            configurations.push_back(with_seed(setting.configuration, seed));
    return configurations;
}

// The runs back under their settings
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

// All settings of all studies, each once: several studies share the base
std::vector<Setting> distinct_settings(const std::vector<Study>& studies) {
    std::vector<Setting> settings;
    std::set<std::string> urls;
    for (const auto& study : studies)
        for (const auto& setting : study.settings)
            if (urls.insert(playground::write_url(setting.configuration)).second)
                settings.push_back(setting);
    return settings;
}

class Sweep {
public:
    explicit Sweep(const SweepOptions& options)
        : options_(options), seeds_(make_seeds("", options.seeds)), studies_(all_studies()),
          settings_(distinct_settings(studies_)), candidates_(search_candidates()),
          stages_(search_stages(candidates_.size(), options.epochs, seeds_)),
          progress_("runs", total_runs(), total_epochs()) {}

    std::string results() {
        const auto search = run_search();
        return results_json(options_.epochs, seeds_, target_loss, search, run_studies());
    }

private:
    SweepOptions options_;
    std::vector<std::string> seeds_;
    std::vector<Study> studies_;
    std::vector<Setting> settings_, candidates_;
    std::vector<Stage> stages_;
    Progress progress_;

    std::size_t total_runs() const {
        std::size_t total = settings_.size() * seeds_.size();
        for (const auto& stage : stages_)
            total += stage.configurations * stage.seeds.size();
        return total;
    }

    double total_epochs() const {
        double total = static_cast<double>(settings_.size() * seeds_.size() * options_.epochs);
        for (const auto& stage : stages_)
            total += static_cast<double>(stage.configurations * stage.seeds.size() * stage.epochs);
        return total;
    }

    std::vector<Run> run_all(const std::vector<Configuration>& configurations, std::size_t epochs) {
        std::vector<Run> runs(configurations.size());
        const auto groups = side_by_side(configurations, most_lanes());
        for_all(groups.size(), options_.threads, [&](std::size_t number) {
            if (InterruptGuard::requested())
                return;
            std::vector<Configuration> group;
            for (auto position : groups[number])
                group.push_back(configurations[position]);
            auto trained = train_in_lanes(group, epochs, &InterruptGuard::requested);
            for (auto lane : range(group.size())) {
                runs[groups[number][lane]] = std::move(trained[lane]);
                progress_.done(static_cast<double>(epochs));
            }
        });
        if (InterruptGuard::requested())
            throw Interrupted(fmt::format("the sweep was stopped after {} of {} runs; {} is not "
                                          "written",
                                          progress_.count(), progress_.total(), options_.out));
        return runs;
    }

    SearchResult run_search() {
        SearchResult search;
        search.attempts.resize(candidates_.size());
        // Those still in the race, as places in candidates_
        std::vector<std::size_t> racing(candidates_.size());
        std::iota(racing.begin(), racing.end(), std::size_t(0));
        for (auto position : range(stages_.size())) {
            const Stage& stage = stages_[position];
            std::vector<Setting> settings;
            for (auto place : racing)
                settings.push_back(candidates_[place]);
            const auto results =
                by_setting(settings, run_all(with_seeds(settings, stage.seeds), stage.epochs));

            std::vector<double> scores;
            for (const auto& result : results)
                scores.push_back(median(result.test_losses()));
            std::vector<SettingResult> ranked;
            std::vector<std::size_t> ahead;
            for (auto place : ranking(scores)) {
                ranked.push_back(results[place]);
                ahead.push_back(racing[place]);
                search.attempts[racing[place]] = {position, results[place]};
            }
            const std::size_t after = position + 1;
            const std::size_t kept = after < stages_.size() ? stages_[after].configurations : 1;
            search.stages.push_back({stage, kept, median(ranked[0].test_losses())});

            // The winner's last stage is its own; the one before is the last with rivals
            if (after == stages_.size())
                search.winner = ranked.front();
            else
                search.leaderboard = std::move(ranked);
            ahead.resize(kept);
            racing = std::move(ahead);
        }
        return search;
    }

    std::vector<StudyResult> run_studies() {
        const auto results =
            by_setting(settings_, run_all(with_seeds(settings_, seeds_), options_.epochs));
        std::map<std::string, const SettingResult*> by_url;
        for (const auto& result : results)
            by_url[playground::write_url(result.setting.configuration)] = &result;

        std::vector<StudyResult> studies;
        for (const auto& study : studies_) {
            studies.push_back({study, {}});
            for (const auto& setting : study.settings) {
                auto result = *by_url.at(playground::write_url(setting.configuration));
                result.setting.label = setting.label;
                studies.back().settings.push_back(std::move(result));
            }
        }
        return studies;
    }
};

} // namespace

void run_sweep(const SweepOptions& options) {
    expect_between("--epochs", options.epochs, 1, 100000);
    expect_between("--seeds", options.seeds, 1, 1000);
    expect_between("--threads", options.threads, 0, 1024);
    const InterruptGuard guard;
    OutputFile file(options.out);
    file.commit(Sweep(options).results());
}

} // namespace handgrad::study
