#include "studies.hpp"
#include "study/store.hpp"

#include <sqlite3.h>

#include <bit>
#include <thread>

namespace handgrad::testing::of_store {
using namespace handgrad::study;

namespace {

const std::string numbers = "0123456789abcdef"; // some version of them

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

bool same(const Run& a, const Run& b) {
    bool equal = a.configuration == b.configuration && a.curve.epoch == b.curve.epoch &&
                 same_bits(a.curve.train, b.curve.train) && same_bits(a.curve.test, b.curve.test) &&
                 a.dead_weights == b.dead_weights && a.snapshots.size() == b.snapshots.size();
    for (auto place : range(equal ? a.snapshots.size() : 0))
        equal = equal && a.snapshots[place].epoch == b.snapshots[place].epoch &&
                same_bits(a.snapshots[place].weights, b.snapshots[place].weights);
    return equal;
}

template <class Call>
std::string refusal(Call call) {
    return testing::message_of<FileError>(call);
}

// What is wrong with a file as a store
std::string refused(const std::string& path) {
    return refusal([&] { RunStore store(path, numbers); });
}

} // namespace

TEST_SUITE("store") {
    TEST_CASE("what goes in comes out, to the last bit") {
        const Folder folder;
        const auto real = train(playground::read_url("#dataset=spiral&networkShape=3,2&sinX=true"
                                                     "&regularization=L1&regularizationRate=0.01"),
                                120);
        auto lost = made_run("lost", {0.5, std::numeric_limits<double>::infinity(),
                                      std::bit_cast<double>(0x7ff8000000000123u), -0.});
        lost.dead_weights = 7;
        {
            RunStore store(folder.file("runs.db"), numbers);
            store.add({real, lost});
        }
        RunStore store(folder.file("runs.db"), numbers);
        CHECK(store.size() == 2);
        CHECK(store.has(real.configuration, 120));
        CHECK(same(store.find(real.configuration, 120).value(), real));
        CHECK(same(store.find(lost.configuration, 30).value(), lost));
        // Another seed, another length, other numbers: another run
        CHECK_FALSE(store.find(with_seed(real.configuration, "2"), 120));
        CHECK_FALSE(store.find(real.configuration, 119));
        CHECK_FALSE(store.has(real.configuration, 119));
        RunStore changed(folder.file("runs.db"), "other numbers");
        CHECK_FALSE(changed.find(real.configuration, 120));
        CHECK_FALSE(changed.has(real.configuration, 120));
    }

    TEST_CASE("the losses can be asked for by SQL") {
        const Folder folder;
        RunStore store(folder.file("runs.db"), numbers);
        store.add({made_run("a", {1, 0.25}), made_run("b", {1, std::nan("")})});
        Statement losses(store.database(), "SELECT test_loss = 0.25, test_loss IS NULL, "
                                           "train_loss = 0.125 FROM runs ORDER BY url");
        REQUIRE(losses.step());
        CHECK(losses.number(0) == 1);
        CHECK(losses.number(2) == 1);
        REQUIRE(losses.step());
        CHECK(losses.number(1) == 1);
        CHECK_FALSE(losses.step());
    }

    TEST_CASE("a run that is there stays as it is") {
        const Folder folder;
        RunStore store(folder.file("runs.db"), numbers);
        const auto first = made_run("a", {1, 0.25}), second = made_run("a", {1, 0.75});
        store.add({first});
        store.add({second, made_run("b", {1, 2})});
        CHECK(store.size() == 2);
        CHECK(same(store.find(first.configuration, 10).value(), first));
    }

    TEST_CASE("runs are added together or not at all") {
        const Folder folder;
        RunStore store(folder.file("runs.db"), numbers);
        store.database().execute("CREATE TRIGGER no_b BEFORE INSERT ON runs "
                                 "WHEN NEW.url LIKE '%seed=b&%' "
                                 "BEGIN SELECT RAISE(ABORT, 'no b'); END");
        CHECK(refusal([&] {
                  store.add({made_run("a", {1, 2}), made_run("b", {1, 2})});
              }) == "the store \"" + folder.file("runs.db") + "\" cannot be used: no b");
        CHECK(store.size() == 0);
        // And goes on working
        store.add({made_run("c", {1, 2})});
        CHECK(store.size() == 1);
    }

    TEST_CASE("what is no store is refused and left alone") {
        const Folder folder;
        const auto path = folder.file("notes.txt");
        std::ofstream(path) << std::string(2000, '-');
        CHECK(refused(path) ==
              "the store \"" + path + "\" is no store of runs, it is another kind of file");
        CHECK(content(path) == std::string(2000, '-'));

        const auto recipes = folder.file("recipes.db");
        Database(recipes, Database::Use::create).execute("CREATE TABLE recipes (name TEXT)");
        const auto before = content(recipes);
        CHECK(refused(recipes) == "the store \"" + recipes +
                                      "\" is no store of runs, it is empty or a database of "
                                      "another program");
        CHECK(content(recipes) == before);
    }

    TEST_CASE("a store of another version is refused and left alone") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        RunStore(path, numbers).database().execute("PRAGMA user_version = 7");
        const auto before = content(path);
        CHECK(refused(path) == "the store \"" + path +
                                   "\" is of version 7, this handgrad reads and writes version 1; "
                                   "choose another file");
        CHECK(content(path) == before);
    }

    TEST_CASE("a place where no file can be is refused") {
        const Folder folder;
        const std::string why =
            "\" cannot be opened: the file or its folder is not there, or may not be used";
        const auto missing = folder.file("none/runs.db");
        CHECK(refused(missing) == "the store \"" + missing + why);
        CHECK(refused(folder.path.string()) == "the store \"" + folder.path.string() + why);
        CHECK(refused("/proc/runs.db") == "the store \"/proc/runs.db" + why);
        CHECK(refused("") == "the store is \"\", it must be the name of a file");
        CHECK(refusal([&] { RunStore(folder.file("new.db"), numbers, Database::Use::read); }) ==
              "the store \"" + folder.file("new.db") + why);
        CHECK(folder.empty());
    }

    TEST_CASE("a damaged row is named") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        const auto run = made_run("a", {1, 0.25});
        for (const std::string damage :
             {"weights = substr(weights, 9)", "train = x'00'", "measured = x''",
              "test = train || train", "remembered = x'00000000'", "measured = test"}) {
            CAPTURE(damage);
            std::filesystem::remove(path);
            RunStore store(path, numbers);
            store.add({run});
            store.database().execute("UPDATE runs SET " + damage);
            CHECK(refusal([&] { store.find(run.configuration, 10); }) ==
                  "the store \"" + path +
                      "\" has a damaged row: its parts do not fit together for " +
                      playground::write_url(run.configuration) + " at 10 epochs");
        }
    }

    TEST_CASE("a damaged file is called so") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        const auto run = made_run("a", {1, 0.25});
        {
            RunStore store(path, numbers);
            store.add({run});
        }
        // Everything behind the first page, which tells SQLite what the file is
        auto bytes = content(path);
        REQUIRE(bytes.size() >= 3 * 4096);
        std::fill(bytes.begin() + 4096, bytes.end(), '\xee');
        std::ofstream(path, std::ios::binary) << bytes;
        RunStore store(path, numbers);
        CHECK(refusal([&] { store.find(run.configuration, 10); }) ==
              "the store \"" + path + "\" is damaged");
    }

    TEST_CASE("a full disk loses nothing that was there") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        RunStore store(path, numbers);
        const auto first = made_run("a", {1, 0.25});
        store.add({first});
        // SQLite's own limit stands in for the disk's
        store.database().execute(fmt::format("PRAGMA max_page_count = {}",
                                             store.database().number("PRAGMA page_count")));
        std::vector<Run> many;
        for (int seed = 0; seed < 50; ++seed)
            many.push_back(made_run(fmt::format("many-{}", seed), {1, 0.5}));
        const auto full = [&] { return refusal([&] { store.add(many); }); };
        CHECK(full() == "the store \"" + path +
                            "\" cannot be written, the disk is full; the runs that it holds stay, "
                            "so make room and call the same command again");
        CHECK(full().find("full") != std::string::npos); // the second time too
        CHECK(store.size() == 1);
        CHECK(same(store.find(first.configuration, 10).value(), first));
        // Room is made
        store.database().execute("PRAGMA max_page_count = 100000");
        store.add(many);
        CHECK(store.size() == 51);
    }

    TEST_CASE("several write at once and nothing is lost") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        constexpr int writers = 4, each = 60;
        {
            std::vector<std::jthread> threads;
            for (int writer = 0; writer < writers; ++writer)
                threads.emplace_back([&, writer] {
                    // A connection of its own, as another process has; all make the file at once
                    RunStore store(path, numbers);
                    for (int run = 0; run < each; ++run)
                        // Half of the runs are made by everybody
                        store.add({made_run(run % 2 ? fmt::format("{}", run)
                                                    : fmt::format("{}-{}", writer, run),
                                            {1, 0.25})});
                });
        }
        RunStore store(path, numbers);
        CHECK(store.size() == each / 2 + writers * each / 2);
    }

    TEST_CASE("a store that another process does not let go") {
        const Folder folder;
        const auto path = folder.file("runs.db");
        RunStore store(path, numbers), other(path, numbers);
        store.database().execute("PRAGMA busy_timeout = 20"); // not a whole minute
        {
            const Transaction held(other.database());
            CHECK(refusal([&] {
                      store.add({made_run("a", {1, 2})});
                  }).find("\" is held by another process and was not free within 60 seconds") !=
                  std::string::npos);
            CHECK(store.size() == 0); // reading needs no turn
        }
        store.add({made_run("a", {1, 2})});
        CHECK(other.size() == 1);
    }

    TEST_CASE("stores are joined, what both have once") {
        const Folder folder;
        RunStore all(folder.file("all.db"), numbers);
        all.add({made_run("a", {1, 0.25}), made_run("b", {1, std::nan("")})});
        {
            RunStore part(folder.file("part.db"), numbers);
            part.add({made_run("b", {1, std::nan("")}), made_run("c", {1, 3})});
            RunStore newer(folder.file("part.db"), "other numbers");
            newer.add({made_run("a", {1, 9})});
        }
        CHECK(all.merge(folder.file("part.db")) == 2);
        CHECK(all.size() == 4);
        CHECK(all.merge(folder.file("part.db")) == 0);
        CHECK(all.merge(folder.file("all.db")) == 0); // itself
        CHECK(same(all.find(made_run("c", {}).configuration, 10).value(), made_run("c", {1, 3})));
        CHECK(RunStore(folder.file("part.db"), numbers).size() == 3);
    }

    TEST_CASE("stores that contradict each other are not joined") {
        const Folder folder;
        RunStore all(folder.file("all.db"), numbers);
        all.add({made_run("a", {1, 0.25}), made_run("b", {1, 0.25})});
        const auto differs = [&](const Run& other) {
            const auto path = folder.file("part.db");
            std::filesystem::remove(path);
            {
                RunStore part(path, numbers);
                part.add({made_run("new", {1, 2}), other});
            }
            return refusal([&] { all.merge(path); });
        };
        const auto message =
            fmt::format("the stores \"{}\" and \"{}\" differ in the run {} of 10 epochs, which "
                        "both have; one of "
                        "them is damaged",
                        all.path(), folder.file("part.db"),
                        playground::write_url(made_run("b", {1, 2}).configuration));
        // One loss, one weight, one dead weight
        CHECK(differs(made_run("b", {1, std::nextafter(0.25, 1)})) == message);
        CHECK(differs(made_run("b", {1, 0.25}, std::nextafter(0.125, 1))) == message);
        auto dead = made_run("b", {1, 0.25});
        dead.dead_weights = 1;
        CHECK(differs(dead) == message);
        CHECK(all.size() == 2); // nothing of them came in
        CHECK(differs(made_run("b", {1, 0.25})) == "threw nothing");
        CHECK(all.size() == 3);
    }
}

} // namespace handgrad::testing::of_store
