#include "sweep.hpp"

#include "laboratory.hpp"
#include "numbers.hpp"
#include "option.hpp"
#include "output_file.hpp"
#include "search_runs.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace handgrad::study {

namespace {

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

// The studies' results, of which one setting may be part of several
std::vector<StudyResult> study_results(const std::vector<Study>& studies,
                                       const std::vector<SettingResult>& results) {
    std::map<std::string, const SettingResult*> by_url;
    for (const auto& result : results)
        by_url[playground::write_url(result.setting.configuration)] = &result;
    std::vector<StudyResult> found;
    for (const auto& study : studies) {
        found.push_back({study, {}});
        for (const auto& setting : study.settings) {
            auto result = *by_url.at(playground::write_url(setting.configuration));
            result.setting.label = setting.label;
            found.back().settings.push_back(std::move(result));
        }
    }
    return found;
}

constexpr std::size_t family = 8; // draws that can be trained side by side

// All that is run, and what came of it; none while other shards have to come first
std::optional<SweepResult> sweep(const SweepOptions& options, Laboratory& laboratory) {
    const auto studies = studies_called(options.studies);
    const auto settings = distinct_settings(studies);
    const auto seeds = make_seeds("", options.seeds);
    Search search(laboratory,
                  search_candidates((options.draws + family - 1) / family, options.every),
                  search_stages(options.epochs, options.seeds));

    const Batch batch{"studies", with_seeds(settings, seeds), options.epochs};
    laboratory.expect(search.expected_work());
    const bool studied = laboratory.fill(batch);
    auto found = search.run();
    if (!studied || !found)
        return std::nullopt;
    auto results = study_results(studies, by_setting(settings, laboratory.runs(batch)));
    return SweepResult{options.epochs, seeds, std::move(*found), std::move(results),
                       laboratory.totals()};
}

void expect_sensible(const SweepOptions& options) {
    expect_between("--epochs", options.epochs, 1, 100000);
    expect_between("--seeds", options.seeds, 1, 1000);
    expect_between("--threads", options.threads, 0, 1024);
    expect_between("--draws", options.draws, 0, 1000000);
    expect_between("--every", options.every, 1, 1000000);
    studies_called(options.studies);
    if (options.shard.empty() && options.out.empty())
        throw ValueError("--out is missing, it must be the file to write");
    if (!options.shard.empty() && !options.out.empty())
        throw ValueError("--out and --shard are both given; a shard writes no results, only its "
                         "runs into --store");
    if (!options.shard.empty() && options.store.empty())
        throw ValueError("--store is missing, it must be the file that the shard's runs go to");
}

// results.json has its runs in results.db
std::string store_path(const SweepOptions& options) {
    if (!options.store.empty())
        return options.store;
    return std::filesystem::path(options.out).replace_extension(".db").string();
}

std::string shard_report(const SweepOptions& options, const Laboratory& laboratory, bool complete) {
    const auto done = fmt::format("shard {}: {} runs made, into {}\n", options.shard,
                                  laboratory.made(), options.store);
    if (complete)
        return done + "All runs are there; handgrad sweep --store with --out writes the results.\n";
    return done + "The search goes on when the runs of all shards are in one store: handgrad merge "
                  "makes one.\n";
}

} // namespace

std::string run_sweep(const SweepOptions& options) {
    expect_sensible(options);
    const Shard shard = options.shard.empty() ? Shard() : read_shard(options.shard);
    const InterruptGuard guard;
    std::optional<OutputFile> file;
    if (!options.out.empty())
        file.emplace(options.out);
    RunStore store(store_path(options), numbers_version());
    Laboratory laboratory(store, options.threads, shard);

    const auto results = sweep(options, laboratory);
    if (!file)
        return shard_report(options, laboratory, results.has_value());
    const auto& totals = results->totals;
    file->commit(results_json(*results));
    return fmt::format("{}: {} runs, {:.1f} million samples; {} runs were made now, the others "
                       "were in {}\n",
                       options.out, totals.runs, static_cast<double>(totals.samples) / 1e6,
                       laboratory.made(), store.path());
}

std::string run_merge(const std::vector<std::string>& sources, const std::string& into) {
    // What is no store is refused before the new one is made
    for (const auto& source : sources)
        RunStore(source, "", Database::Use::read);
    RunStore store(into, "");
    std::string report;
    for (const auto& source : sources)
        report += fmt::format("{}: {} new runs\n", source, store.merge(source));
    return report + fmt::format("{}: {} runs\n", into, store.size());
}

} // namespace handgrad::study
