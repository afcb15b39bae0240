#include "studies.hpp"
#include "study/interrupt.hpp"
#include "study/laboratory.hpp"
#include "study/lanes.hpp"
#include "study/numbers.hpp"

#include <csignal>
#include <set>
#include <thread>

namespace handgrad::testing::of_laboratory {
using namespace handgrad::study;

namespace {

// Five settings of three shapes, seven seeds each
Batch small_batch() {
    std::vector<Setting> settings;
    for (const std::string changes : {"learningRate=0.1", "learningRate=0.3", "networkShape=2",
                                      "networkShape=2,2", "networkShape=2&noise=10"})
        settings.push_back(variant(changes, changes));
    return {"small", with_seeds(settings, make_seeds("", 7)), 3};
}

std::set<std::string> urls_in(RunStore& store) {
    std::set<std::string> urls;
    Statement statement(store.database(), "SELECT url FROM runs");
    while (statement.step())
        urls.insert(statement.text(0));
    return urls;
}

} // namespace

TEST_SUITE("laboratory") {
    TEST_CASE("runs are those that one configuration gives alone, and are made once") {
        const Folder folder;
        RunStore store(folder.file("runs.db"), numbers_version());
        const auto batch = small_batch();
        Laboratory laboratory(store, 2, {});
        CHECK(laboratory.fill(batch));
        CHECK(laboratory.made() == batch.configurations.size());
        CHECK(store.size() == batch.configurations.size());
        const auto runs = laboratory.runs(batch);
        REQUIRE(runs.size() == batch.configurations.size());
        for (auto place : range(runs.size())) {
            const auto alone = train(batch.configurations[place], 3);
            CHECK(runs[place].configuration == alone.configuration);
            CHECK(runs[place].curve.test == alone.curve.test);
            CHECK(runs[place].snapshots.back().weights == alone.snapshots.back().weights);
        }
        // Again: all are there
        CHECK(laboratory.fill(batch));
        CHECK(laboratory.made() == batch.configurations.size());
        CHECK(laboratory.runs(batch).size() == batch.configurations.size());
        const auto totals = laboratory.totals();
        CHECK(totals.runs == 35);
        CHECK(totals.epochs == 35 * 3);
        CHECK(totals.samples == 35 * 3 * 250);
    }

    TEST_CASE("only what is missing is made") {
        const Folder folder;
        RunStore store(folder.file("runs.db"), numbers_version());
        const auto batch = small_batch();
        // A run that was never trained shows that it is taken from the store
        Run planted = train(batch.configurations[3], 3);
        planted.curve.test.back() = 42;
        store.add({planted});
        Laboratory laboratory(store, 1, {});
        laboratory.fill(batch);
        CHECK(laboratory.made() == batch.configurations.size() - 1);
        CHECK(laboratory.runs(batch)[3].test_loss() == 42);
    }

    TEST_CASE("runs of other numbers are not taken for these") {
        const Folder folder;
        const auto batch = small_batch();
        RunStore before(folder.file("runs.db"), "numbers of a version long ago");
        Laboratory(before, 1, {}).fill(batch);
        RunStore now(folder.file("runs.db"), numbers_version());
        Laboratory laboratory(now, 1, {});
        laboratory.fill(batch);
        CHECK(laboratory.made() == batch.configurations.size());
        CHECK(now.size() == 2 * batch.configurations.size());
    }

    TEST_CASE("the version of the numbers is one and the same every time") {
        CHECK(numbers_version() == numbers_version());
        CHECK(numbers_version().size() == 16);

        // The last bit of any number makes another version
        const auto run = made_run("a", {0.5, 0.25, 0.125});
        std::set<std::string> versions = {digest_of({run}), digest_of({run, run}), digest_of({})};
        const auto with = [&](auto change) {
            Run changed = run;
            change(changed);
            versions.insert(digest_of({changed}));
        };
        with([](Run& run) { run.curve.train[1] = std::nextafter(run.curve.train[1], 1); });
        with([](Run& run) { run.curve.test[2] = std::nextafter(run.curve.test[2], 0); });
        with([](Run& run) { run.curve.epoch[1] += 1; });
        with([](Run& run) { run.snapshots[0].weights[3] = -run.snapshots[0].weights[3]; });
        with([](Run& run) { run.snapshots[1].epoch += 1; });
        with([](Run& run) { run.dead_weights = 1; });
        CHECK(versions.size() == 9);
    }

    TEST_CASE("shards have no run in common and all together") {
        const auto batch = small_batch();
        std::set<std::string> all;
        std::size_t count = 0;
        for (std::size_t index = 1; index <= 3; ++index) {
            const Folder folder;
            RunStore store(folder.file("part.db"), numbers_version());
            Laboratory laboratory(store, 1, {index, 3});
            CHECK_FALSE(laboratory.fill(batch)); // the others' parts are not there
            CHECK(laboratory.made() > 0);
            const auto urls = urls_in(store);
            count += urls.size();
            all.insert(urls.begin(), urls.end());
        }
        CHECK(count == batch.configurations.size());
        CHECK(all.size() == batch.configurations.size());
    }

    TEST_CASE("a shard is the same part whatever is there already") {
        const Folder folder;
        const auto batch = small_batch();
        RunStore store(folder.file("part.db"), numbers_version());
        Laboratory(store, 1, {1, 2}).fill(batch);
        Laboratory second(store, 1, {2, 2});
        CHECK(second.fill(batch)); // now all are there
        CHECK(store.size() == batch.configurations.size());
        Laboratory again(store, 1, {1, 2});
        CHECK(again.fill(batch));
        CHECK(again.made() == 0);
    }

    TEST_CASE("after Ctrl-C only whole runs are in the store, and the rest follows") {
        const Folder folder;
        auto batch = small_batch();
        batch.epochs = 300;
        const auto path = folder.file("runs.db");
        std::size_t before = 0;
        {
            const InterruptGuard guard;
            RunStore store(path, numbers_version());
            std::jthread user([&] {
                // When the first runs are there, others are in flight
                RunStore seen(path, "");
                while (seen.size() == 0)
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                std::raise(SIGINT);
            });
            Laboratory laboratory(store, 1, {});
            const auto message = testing::message_of<Interrupted>([&] { laboratory.fill(batch); });
            before = store.size();
            CHECK(message == fmt::format("stopped; {} runs were made and are in the store \"{}\"; "
                                         "call the same command again and it goes on from there",
                                         before, path));
        }
        CHECK(before > 0);
        CHECK(before < batch.configurations.size());
        RunStore store(path, numbers_version());
        Laboratory laboratory(store, 1, {});
        CHECK(laboratory.fill(batch));
        CHECK(laboratory.made() == batch.configurations.size() - before);
        for (const auto& run : laboratory.runs(batch)) {
            CHECK(run.epochs() == 300);
            CHECK(run.snapshots.back().epoch == 300);
        }
    }

    TEST_CASE("what another process makes meanwhile is not made again") {
        const Folder folder;
        auto batch = small_batch();
        batch.epochs = 100;
        const auto path = folder.file("runs.db");
        RunStore store(path, numbers_version()), other(path, numbers_version());
        Laboratory one(store, 1, {}), two(other, 1, {});
        {
            std::jthread first([&] { one.fill(batch); });
            std::jthread second([&] { two.fill(batch); });
        }
        CHECK(store.size() == batch.configurations.size());
        // Both took part; a group that both began may be made twice
        CHECK(one.made() + two.made() >= batch.configurations.size());
    }

    TEST_CASE("a shard is read, or refused") {
        CHECK(read_shard("2/8").index == 2);
        CHECK(read_shard("2/8").count == 8);
        for (const std::string text : {"", "2", "0/3", "4/3", "a/b", "1/0", "1/3x", "-1/3", "1/ 3",
                                       "1/99999999999999999999", "1/20000"}) {
            CAPTURE(text);
            CHECK(testing::message_of<ValueError>([&] { read_shard(text); }) ==
                  "--shard is \"" + text +
                      "\", it may be i/n with i from 1 to n, and n up to "
                      "10000");
        }
    }

    TEST_CASE("the bar says how much, how fast, how long and what") {
        Progress progress("runs", false);
        progress.begin("first look", {10, 100}, {30, 300});
        progress.done({10, 100});
        // A quarter was there, a quarter took 10 seconds, so the half that is left takes 20
        CHECK(progress.line(10) == "[============            ] 20/40 runs, 1 a second, 0:20 left: "
                                   "first look");
        progress.begin("final", {0, 0}, {20, 200});
        progress.done({20, 200});
        CHECK(progress.line(30) == "[========================] 40/40 runs, 1 a second, 0:00 left: "
                                   "final");
    }

    TEST_CASE("the time left reads as a clock") {
        CHECK(clock_text(6.2) == "0:07");
        CHECK(clock_text(760) == "12:40");
    }
}

} // namespace handgrad::testing::of_laboratory
