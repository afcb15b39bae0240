#include "study/output_file.hpp"
#include "study/pool.hpp"
#include "study/progress.hpp"
#include "study/results.hpp"
#include "study/sweep.hpp"
#include "testing.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

using namespace handgrad;
using namespace handgrad::study;
using nlohmann::json;

namespace {

// A folder of its own, gone with what is in it at the end
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("handgrad-sweep-{}", getpid());
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name) const { return (path / name).string(); }
    bool empty() const { return std::filesystem::is_empty(path); }
};

std::string content(const std::string& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// A run whose test losses are given and whose training losses are half of them
Run made_run(const std::string& seed, std::vector<double> test) {
    Run run{with_seed(base_configuration(), seed), {}, {}, 0};
    for (auto place : range(test.size())) {
        run.curve.epoch.push_back(10 * place);
        run.curve.train.push_back(test[place] / 2);
    }
    run.curve.test = std::move(test);
    run.boundary = {2, 6, {{1, 0.12345}, {std::nan(""), -1}}};
    return run;
}

// Three runs: one good, one late, one blown up
SettingResult made_setting() {
    const double lost = std::numeric_limits<double>::infinity();
    return {{"made", base_configuration()},
            {made_run("a", {0.5, 0.04, 0.01}), made_run("b", {0.5, 0.3, 0.05}),
             made_run("c", {0.5, 2, lost})}};
}

json made_results() {
    const auto setting = made_setting();
    const SearchResult search{
        {{{"only", 4, {"s"}, 20}, 1, 0.03}}, {setting}, setting, {{0, setting}}};
    return json::parse(results_json(20, {"a", "b", "c"}, 0.05, search,
                                    {{{"learning_rate", "learningRate", {}}, {setting}}}));
}

} // namespace

TEST_SUITE("sweep") {
    TEST_CASE("the JSON of hand-made runs") {
        const auto results = made_results();
        CHECK(results["version"] == 1);
        CHECK(results["epochs"] == 20);
        CHECK(results["seeds"] == json({"a", "b", "c"}));
        CHECK(results["target_loss"] == 0.05);
        CHECK(results["studies"][0]["name"] == "learning_rate");
        CHECK(results["studies"][0]["factor"] == "learningRate");

        const auto setting = results["studies"][0]["settings"][0];
        CHECK(setting["label"] == "made");
        // 0.01, 0.05 and what is not finite: half way to it is not finite either
        CHECK(setting["test_loss"]["median"] == 0.05);
        CHECK(setting["test_loss"]["lower_quartile"] == doctest::Approx(0.03));
        CHECK(setting["test_loss"]["upper_quartile"].is_null());
        CHECK(setting["train_loss"]["median"] == 0.025);
        CHECK(setting["success_rate"] == doctest::Approx(2. / 3));
        CHECK(setting["epochs_to_target"] == json({{"median", 20}, {"censored", 1}}));
        CHECK(setting["curve"]["epoch"] == json({0, 10, 20}));
        CHECK(setting["curve"]["test"]["median"] == json({0.5, 0.3, 0.05}));
        CHECK(setting["curve"]["test"]["upper"] == json({0.5, 1.15, nullptr}));
        CHECK(setting["curve"]["train"]["lower"] == json({0.25, 0.085, 0.015}));
        CHECK(setting["boundary"]["values"] == json({{1., 0.123}, {nullptr, -1.}}));
    }

    TEST_CASE("each run is there with its link") {
        const auto setting = made_results()["studies"][0]["settings"][0];
        REQUIRE(setting["runs"].size() == 3);
        const auto &good = setting["runs"][0], &lost = setting["runs"][2];
        CHECK(good["seed"] == "a");
        CHECK(good["test_loss"] == 0.01);
        CHECK(good["epochs_to_target"] == 10);
        CHECK(good["diverged"] == false);
        CHECK(good["dead_weights"] == 0);
        CHECK(lost["test_loss"].is_null());
        CHECK(lost["epochs_to_target"].is_null());
        CHECK(lost["diverged"] == true);
        const std::string url = good["url"];
        CHECK(playground::read_url(url) == with_seed(base_configuration(), "a"));
        // The setting's own link and picture are those of the middle run
        CHECK(setting["boundary"]["seed"] == "b");
        CHECK(setting["url"] == setting["runs"][1]["url"]);
        CHECK(setting["configuration"]["networkShape"] == json({8}));
        CHECK(setting["configuration"]["sinX"] == true);
        CHECK_FALSE(setting["configuration"].contains("seed"));
    }

    TEST_CASE("the best tells how it was found and shows its points") {
        const auto best = made_results()["best"];
        CHECK(best["how"][0] == json({{"stage", "only"},
                                      {"configurations", 4},
                                      {"seeds", 1},
                                      {"epochs", 20},
                                      {"runs", 4},
                                      {"kept", 1},
                                      {"median_test_loss_of_best", 0.03}}));
        CHECK(best["points"]["train"].size() == 250);
        CHECK(best["points"]["test"].size() == 250);
        CHECK(best["points"]["test"][0].size() == 3);
        CHECK(made_results()["leaderboard"].size() == 1);
    }

    TEST_CASE("an attempt is told in short") {
        const auto attempt = made_results()["attempts"][0];
        CHECK(attempt["label"] == "made");
        CHECK(attempt["stage"] == 0);
        CHECK(attempt["median_test_loss"] == 0.05);
        CHECK(attempt["boundary"]["values"] == json({{1., 0.1}, {nullptr, -1.}}));
        CHECK_FALSE(attempt.contains("runs"));
    }

    TEST_CASE("a sweep writes the same file for every number of threads") {
        const Folder folder;
        run_sweep({folder.file("one.json"), 1, 1, 1});
        run_sweep({folder.file("three.json"), 1, 1, 3});
        const auto one = content(folder.file("one.json"));
        CHECK_UNARY(one == content(folder.file("three.json")));

        const auto results = json::parse(one);
        CHECK(results["studies"].size() == all_studies().size());
        for (const auto& study : results["studies"])
            for (const auto& setting : study["settings"])
                CHECK(setting["runs"].size() == 1);
        // Best first
        const auto& leaderboard = results["leaderboard"];
        for (auto place : range(leaderboard.size() - 1))
            CHECK(leaderboard[place]["test_loss"]["median"] <=
                  leaderboard[place + 1]["test_loss"]["median"]);
        CHECK(results["best"]["label"] == leaderboard[0]["label"]);
        // The winner once more, with another seed
        CHECK(results["best"]["runs"][0]["seed"] == "fresh-1");
        CHECK(leaderboard[0]["runs"][0]["seed"] == "1");
        CHECK(results["best"]["how"].size() == 4);
        // Every candidate once, as many in each stage as did not go on from it
        std::map<std::size_t, std::size_t> reached;
        std::set<json> configurations;
        for (const auto& attempt : results["attempts"]) {
            ++reached[attempt["stage"]];
            configurations.insert(attempt["configuration"]);
            if (attempt["stage"] == 3)
                CHECK(attempt["median_test_loss"] == results["best"]["test_loss"]["median"]);
        }
        CHECK(configurations.size() == search_candidates().size());
        CHECK(reached == std::map<std::size_t, std::size_t>{{0, 108}, {1, 27}, {2, 8}, {3, 1}});
    }

    TEST_CASE("an option out of range is refused before anything runs") {
        const Folder folder;
        const auto refusal = [&](SweepOptions options) {
            options.out = folder.file("results.json");
            return testing::message_of<ValueError>([&] { run_sweep(options); });
        };
        CHECK(refusal({"", 0, 8, 1}) == "--epochs is 0, it may be from 1 to 100000");
        CHECK(refusal({"", 400, 0, 1}) == "--seeds is 0, it may be from 1 to 1000");
        CHECK(refusal({"", 400, 8, 5000}) == "--threads is 5000, it may be from 0 to 1024");
        CHECK(folder.empty());
    }

    TEST_CASE("an output that cannot be written is refused before anything runs") {
        const Folder folder;
        const auto refusal = [](const std::string& out) {
            return testing::message_of<FileError>([&] { run_sweep({out, 1, 1, 1}); });
        };
        CHECK(refusal(folder.file("none/results.json")) ==
              "the output \"" + folder.file("none/results.json") +
                  "\" cannot be written: No such file or directory");
        CHECK(refusal(folder.path.string()) ==
              "the output is \"" + folder.path.string() + "\", a folder, it must be a file");
        CHECK(refusal("") == "the output is \"\", it must be the name of a file");
        // Longer than any file's name may be
        const auto endless = folder.file(std::string(5000, 'a'));
        CHECK(refusal(endless) ==
              "the output \"" + endless + "\" cannot be written: File name too long");
        CHECK(folder.empty());
    }

    TEST_CASE("what was there stays until all of the new is there") {
        const Folder folder;
        const auto path = folder.file("results.json");
        std::ofstream(path) << "old";
        {
            OutputFile abandoned(path);
            CHECK(content(path) == "old");
        }
        CHECK(content(path) == "old");
        OutputFile(path).commit("new");
        CHECK(content(path) == "new");
        const auto files = std::filesystem::directory_iterator(folder.path);
        CHECK(std::distance(begin(files), end(files)) == 1);
    }

    TEST_CASE("Ctrl-C stops the sweep and leaves nothing behind") {
        const Folder folder;
        std::jthread user([] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            std::raise(SIGINT);
        });
        const auto message = testing::message_of<Interrupted>([&] {
            run_sweep({folder.file("results.json"), 100000, 1000, 2});
        });
        CHECK(message.find("the sweep was stopped after ") == 0);
        CHECK(message.find("results.json is not written") != std::string::npos);
        CHECK(folder.empty());
    }

    TEST_CASE("the pool does every piece once, and lets an error out") {
        for (std::size_t threads : {0u, 1u, 2u, 7u}) {
            std::vector<int> done(100, 0);
            for_all(done.size(), threads, [&](std::size_t place) { ++done[place]; });
            CHECK(done == std::vector<int>(100, 1));
        }
        CHECK(testing::message_of<ValueError>([] {
                  for_all(10, 2, [](std::size_t place) {
                      if (place == 5)
                          throw ValueError("five");
                  });
              }) == "five");
        for_all(0, 2, [](std::size_t) { FAIL("nothing to do"); });
    }

    TEST_CASE("the time left reads as a clock") {
        CHECK(clock_text(6.2) == "0:07");
        CHECK(clock_text(760) == "12:40");
    }
}
