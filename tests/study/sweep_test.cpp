#include "studies.hpp"
#include "study/output_file.hpp"
#include "study/pool.hpp"
#include "study/store.hpp"
#include "study/sweep.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <map>
#include <set>
#include <thread>

namespace handgrad::testing::of_sweep {
using namespace handgrad::study;
using nlohmann::json;

namespace {

// A short sweep: one epoch, one seed, two studies, few random draws, few settings of the grids
SweepOptions shortest(const std::string& out) {
    SweepOptions options;
    options.out = out;
    options.epochs = options.seeds = 1;
    options.studies = {"depth", "activation"};
    options.draws = 16;
    options.every = 400;
    return options;
}

// Such a sweep in one call and one thread, which several tests take as given
struct WholeSweep {
    Folder folder;
    std::string report, results;

    WholeSweep() {
        auto options = shortest(folder.file("one.json"));
        options.threads = 1;
        report = run_sweep(options);
        results = content(options.out);
    }
};

const WholeSweep& whole_sweep() {
    static const WholeSweep whole;
    return whole;
}

SweepOptions shard(SweepOptions options, const std::string& part, const std::string& store) {
    options.out.clear();
    options.shard = part;
    options.store = store;
    return options;
}

} // namespace

TEST_SUITE("sweep") {
    TEST_CASE("a sweep writes the same file for every number of threads, and when called again") {
        const auto& [first_folder, report, one] = whole_sweep();
        const Folder folder;
        auto options = shortest(folder.file("three.json"));
        options.threads = 3;
        run_sweep(options);
        CHECK_UNARY(one == content(options.out));
        // Its runs are in three.db
        CHECK_UNARY(run_sweep(options).find("; 0 runs were made now") != std::string::npos);
        CHECK_UNARY(one == content(options.out));

        const auto results = json::parse(one);
        const auto runs = results["totals"]["runs"].get<std::size_t>();
        CHECK(report == fmt::format("{}: {} runs, {:.1f} million samples; {} runs were made now, "
                                    "the others were in {}\n",
                                    first_folder.file("one.json"), runs,
                                    static_cast<double>(runs * 250) / 1e6, runs,
                                    first_folder.file("one.db")));
        CHECK(results["totals"]["samples"] == runs * 250);
        CHECK(results["studies"].size() == 2);
        for (const auto& study : results["studies"])
            for (const auto& setting : study["settings"])
                CHECK(setting["runs"].size() == 1);

        // Best first
        const auto& leaderboard = results["leaderboard"];
        CHECK(leaderboard.size() == 12);
        for (auto place : range(leaderboard.size() - 1))
            CHECK(leaderboard[place]["test_loss"]["median"] <=
                  leaderboard[place + 1]["test_loss"]["median"]);
        CHECK(results["best"]["label"] == leaderboard[0]["label"]);
        // The winners once more, with another seed
        for (const std::string name : {"best", "best_of_two_inputs", "smallest"})
            CHECK(results[name]["runs"][0]["seed"] == "fresh-1");
        CHECK(leaderboard[0]["runs"][0]["seed"] == "final-1");
        CHECK(results["best_of_two_inputs"]["weights"]["inputs"] == json({"x", "y"}));
        // Nothing solves the spiral in one epoch
        CHECK(results["smallest"]["solves"] == false);
        const auto& ladder = results["smallest"]["ladder"];
        std::set<std::size_t> sizes;
        for (auto place : range(ladder.size())) {
            sizes.insert(ladder[place]["neurons"].get<std::size_t>());
            if (place > 0)
                CHECK(ladder[place - 1]["neurons"] <= ladder[place]["neurons"]);
        }
        CHECK(sizes == std::set<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8});

        // Every candidate once, as many in each stage as did not go on from it
        std::map<std::size_t, std::size_t> reached;
        std::set<json> configurations;
        for (const auto& attempt : results["attempts"]) {
            ++reached[attempt["stage"]];
            configurations.insert(attempt["configuration"]);
        }
        CHECK(configurations.size() == search_candidates(2, 400).size());
        const auto& how = results["best"]["how"];
        REQUIRE(how.size() == 5);
        CHECK(how[0]["configurations"] == configurations.size());
        for (auto stage : range(how.size())) {
            const std::size_t all = how[stage]["configurations"], kept = how[stage]["kept"];
            CHECK(reached[stage] == (stage == 4 ? all : all - kept));
            CHECK(how[stage]["runs"] == all * how[stage]["seeds"].get<std::size_t>());
            if (stage > 0)
                CHECK(all == how[stage - 1]["kept"]);
        }
    }

    TEST_CASE("shards and a merge give the file that one call gives") {
        const Folder folder;
        auto options = shortest("");
        const auto part = [&](int index) { return folder.file(fmt::format("part-{}.db", index)); };
        // One round a stage of the search: the last of them has nothing left to do
        std::string report;
        for (int round = 0; round < 6; ++round) {
            for (int index : {1, 2}) {
                const auto name = fmt::format("{}/2", index);
                report = run_sweep(shard(options, name, part(index)));
                CHECK(report.find(fmt::format("shard {}: ", name)) == 0);
            }
            run_merge({part(1), part(2)}, folder.file("all.db"));
            for (int index : {1, 2})
                run_merge({folder.file("all.db")}, part(index));
        }
        CHECK(report == fmt::format("shard 2/2: 0 runs made, into {}\nAll runs are there; handgrad "
                                    "sweep --store with --out writes the results.\n",
                                    part(2)));
        options.out = folder.file("joined.json");
        options.store = folder.file("all.db");
        CHECK(run_sweep(options).find("; 0 runs were made now") != std::string::npos);
        CHECK_UNARY(content(folder.file("joined.json")) == whole_sweep().results);
    }

    TEST_CASE("a first shard alone leaves the search waiting") {
        const Folder folder;
        const auto report = run_sweep(shard(shortest(""), "1/2", folder.file("part.db")));
        CHECK(report.find("The search goes on when the runs of all shards are in one store") !=
              std::string::npos);
        RunStore store(folder.file("part.db"), "");
        CHECK(report.find(fmt::format("shard 1/2: {} runs made", store.size())) == 0);
        // Not one run of the second stage
        CHECK(store.database().number("SELECT count(*) FROM runs WHERE url LIKE '%seed=second%'") ==
              0);
        CHECK(store.database().number("SELECT count(*) FROM runs WHERE url LIKE '%seed=first%'") >
              0);
    }

    TEST_CASE("stores that are none are not merged, and nothing is made") {
        const Folder folder;
        const auto notes = folder.file("notes.txt"), into = folder.file("all.db");
        std::ofstream(notes) << std::string(2000, '-');
        CHECK(testing::message_of<FileError>([&] { run_merge({notes}, into); }) ==
              "the store \"" + notes + "\" is no store of runs, it is another kind of file");
        CHECK_FALSE(std::filesystem::exists(into));
    }

    TEST_CASE("an option out of range is refused before anything runs") {
        const Folder folder;
        const auto refusal = [&](auto change) {
            auto options = shortest(folder.file("results.json"));
            change(options);
            return testing::message_of<ValueError>([&] { run_sweep(options); });
        };
        CHECK(refusal([](auto& options) { options.epochs = 0; }) ==
              "--epochs is 0, it may be from 1 to 100000");
        CHECK(refusal([](auto& options) { options.seeds = 0; }) ==
              "--seeds is 0, it may be from 1 to 1000");
        CHECK(refusal([](auto& options) { options.threads = 5000; }) ==
              "--threads is 5000, it may be from 0 to 1024");
        CHECK(refusal([](auto& options) { options.draws = 2000000; }) ==
              "--draws is 2000000, it may be from 0 to 1000000");
        CHECK(refusal([](auto& options) { options.every = 0; }) ==
              "--every is 0, it may be from 1 to 1000000");
        CHECK(refusal([](auto& options) {
                  options.studies = {"width", "colour"};
              }) == "--studies names \"colour\", it may name learning_rate, width, depth, "
                    "regularization, regularization_noise, batch_size, features, activation");
        CHECK(refusal([](auto& options) { options.out = ""; }) ==
              "--out is missing, it must be the file to write");
        CHECK(refusal([](auto& options) { options.shard = "1/2"; }) ==
              "--out and --shard are both given; a shard writes no results, only its runs into "
              "--store");
        CHECK(refusal([](auto& options) {
                  options.out = "";
                  options.shard = "1/2";
              }) == "--store is missing, it must be the file that the shard's runs go to");
        CHECK(refusal([&](auto& options) {
                  options.out = "";
                  options.store = folder.file("runs.db");
                  options.shard = "3/2";
              }) == "--shard is \"3/2\", it may be i/n with i from 1 to n, and n up to 10000");
        CHECK(folder.empty());
    }

    TEST_CASE("an output that cannot be written is refused before anything runs") {
        const Folder folder;
        const auto refusal = [](const std::string& out) {
            return testing::message_of<FileError>([&] { run_sweep(shortest(out)); });
        };
        CHECK(refusal(folder.file("none/results.json")) ==
              "the output \"" + folder.file("none/results.json") +
                  "\" cannot be written: No such file or directory");
        CHECK(refusal(folder.path.string()) ==
              "the output is \"" + folder.path.string() + "\", a folder, it must be a file");
        // Longer than any file's name may be
        const auto endless = folder.file(std::string(5000, 'a'));
        CHECK(refusal(endless) ==
              "the output \"" + endless + "\" cannot be written: File name too long");
        CHECK(folder.empty());
    }

    TEST_CASE("Ctrl-C stops the sweep, keeps its runs and writes no results") {
        const Folder folder;
        std::jthread user([&](const std::stop_token& ended) {
            // Where the store is, the sweep has begun
            const auto begun = [&] { return std::filesystem::exists(folder.file("results.db")); };
            while (!begun() && !ended.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            if (begun())
                std::raise(SIGINT);
        });
        auto options = shortest(folder.file("results.json"));
        options.epochs = 100000;
        options.seeds = 32;
        const auto message = testing::message_of<Interrupted>([&] { run_sweep(options); });
        CHECK(message.find("stopped; ") == 0);
        CHECK(message.find("call the same command again and it goes on from there") !=
              std::string::npos);
        CHECK_FALSE(std::filesystem::exists(options.out));
        // The write-ahead log is put away
        for (const auto& entry : std::filesystem::directory_iterator(folder.path))
            CHECK(entry.path().filename() == "results.db");
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
}

} // namespace handgrad::testing::of_sweep
