#include "npy.hpp"
#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "study/lanes.hpp"
#include "study/sparkline.hpp"
#include "study/train.hpp"
#include "testing.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace handgrad;
using namespace handgrad::study;
using nlohmann::json;

namespace {

const std::string url = "#dataset=xor&networkShape=3,2&seed=train";

// A new folder that goes away
struct Folder {
    std::filesystem::path path;

    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "train-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name) const { return (path / name).string(); }
    bool empty() const { return std::filesystem::is_empty(path); }
};

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (auto place = text.find(part); place != std::string::npos;
         place = text.find(part, place + 1))
        ++times;
    return times;
}

} // namespace

TEST_SUITE("train") {
    TEST_CASE("tells the link, the shape, two curves and a table") {
        const auto text = run_train({url, 40, "", "", ""});
        CHECK(text.find("https://playground.tensorflow.org/#activation=tanh&batchSize=10") == 0);
        CHECK(text.find("2 inputs, hidden layers 3,2, 250 points train and 250 test\n") !=
              std::string::npos);
        const auto run = train(playground::read_url(url), 40);
        for (std::size_t epoch : {0u, 4u, 20u, 40u}) {
            const auto line = fmt::format("{:>5}  {:>10.6f}  {:>9.6f}\n", epoch,
                                          run.curve.train[epoch], run.curve.test[epoch]);
            CAPTURE(line);
            CHECK(text.find(line) != std::string::npos);
        }
        CHECK(text.find("train  " + sparkline(run.curve.train) + "\n") != std::string::npos);
        CHECK(text.find("test   " + sparkline(run.curve.test) + "\n") != std::string::npos);
        CHECK(count(text, "L1 has set") == 0);
        CHECK(count(run_train({url + "&regularization=L1", 1, "", "", ""}), "L1 has set") == 1);
        CHECK(count(run_train({"#networkShape=", 1, "", "", ""}), "no hidden layer") == 1);
    }

    TEST_CASE("writes the losses as CSV and JSON, letter by letter those of the run") {
        const Folder folder;
        const auto run = train(playground::read_url(url), 3);
        run_train({url, 3, folder.file("curve.csv"), "", ""});
        std::string expected = "epoch,train_loss,test_loss\n";
        for (std::size_t place = 0; place <= 3; ++place)
            expected +=
                fmt::format("{},{},{}\n", place, run.curve.train[place], run.curve.test[place]);
        CHECK(content(folder.file("curve.csv")) == expected);

        run_train({url, 3, folder.file("curve.json"), "", ""});
        const auto curve = json::parse(content(folder.file("curve.json")));
        CHECK(curve["url"] == playground::write_url(playground::read_url(url)));
        CHECK(curve["epoch"] == json({0, 1, 2, 3}));
        CHECK(curve["train_loss"] == json(run.curve.train));
        CHECK(curve["test_loss"] == json(run.curve.test));
    }

    TEST_CASE("exports data and weights that give the network's answers") {
        const Folder folder;
        const auto place = folder.file("all");
        run_train({url, 5, "", folder.file("weights.json"), place + "/"});
        CHECK(content(folder.file("weights.json")) == content(place + "/weights.json"));

        playground::Trainer<> trainer(playground::read_url(url));
        while (trainer.epochs() < 5)
            trainer.epoch();
        const auto test = read_npy<double>(place + "/test.npy");
        REQUIRE(shape_of(test) == Shape{250, 3});
        CHECK(test(7, 0) == trainer.data().test[7].x);
        CHECK(test(7, 1) == trainer.data().test[7].y);
        CHECK(test(7, 2) == trainer.data().test[7].label);
        CHECK(shape_of(read_npy<double>(place + "/train.npy")) == Shape{250, 3});
        const auto data = json::parse(content(place + "/data.json"));
        CHECK(data["test"][7] == json({test(7, 0), test(7, 1), test(7, 2)}));
        CHECK(data["train"].size() == 250);

        // Forward by hand with the numbers of the files
        const auto layers = json::parse(content(place + "/weights.json"))["layers"];
        REQUIRE(layers.size() == 3);
        for (std::size_t i = 0; i < 250; ++i) {
            std::vector<double> z = {test(i, 0), test(i, 1)};
            for (std::size_t layer = 0; layer < 3; ++layer) {
                const auto weight = read_npy<double>(fmt::format("{}/{}.weight.npy", place, layer));
                const auto bias = read_npy<double>(fmt::format("{}/{}.bias.npy", place, layer));
                std::vector<double> y;
                for (std::size_t j = 0; j < weight.shape(0); ++j) {
                    double sum = bias(j);
                    CHECK(layers[layer]["bias"][j] == bias(j));
                    for (std::size_t k = 0; k < weight.shape(1); ++k) {
                        CHECK(layers[layer]["weight"][j][k] == weight(j, k));
                        sum += weight(j, k) * z[k];
                    }
                    y.push_back(elementary::tanh(sum));
                }
                z = y;
            }
            CHECK(z[0] == trainer.output({trainer.data().test[i]})(0, 0).lane(0));
        }
    }

    TEST_CASE("a run that is lost is still told and written") {
        const Folder folder;
        const auto text = run_train({"#problem=regression&activation=linear&learningRate=1000", 20,
                                     folder.file("curve.json"), "", folder.file("all")});
        CHECK(text.find("×") != std::string::npos);
        CHECK(json::parse(content(folder.file("curve.json")))["train_loss"].back().is_null());
        CHECK(read_npy<double>(folder.file("all/0.bias.npy")).size() == 4);
    }

    TEST_CASE("bad input is refused before anything runs, and nothing is left behind") {
        const Folder folder;
        const auto refusal = [](TrainOptions options) {
            return testing::message_of<Error>([&] { run_train(options); });
        };
        CHECK(refusal({"#learningRate=fast", 10, folder.file("a.csv"), "", folder.file("all")}) ==
              "learningRate is \"fast\", it may be a number from 0 to 1000000");
        CHECK(refusal({url, 0, folder.file("a.csv"), "", ""}) ==
              "--epochs is 0, it may be from 1 to 100000");
        CHECK(refusal({url, 10, folder.file("a.txt"), "", ""}) ==
              "--curve is \"" + folder.file("a.txt") + "\", it must end in .csv or .json");
        CHECK(refusal({url, 10, folder.file("a.csv"), folder.file("none/b.json"), ""}) ==
              "the output \"" + folder.file("none/b.json") +
                  "\" cannot be written: No such file or directory");
        CHECK(refusal({url, 10, folder.file("a.csv"), "", folder.file("none/all")}) ==
              "the output folder \"" + folder.file("none/all") +
                  "\" cannot be written: No such file or directory");
        CHECK(refusal({url, 10, folder.file("a.csv"), "", folder.path.string()}) ==
              "the output folder \"" + folder.path.string() + "\" exists already, it must be new");
        CHECK(folder.empty());
    }

    TEST_CASE("Ctrl-C stops training and leaves nothing behind") {
        const Folder folder;
        std::jthread user([] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            std::raise(SIGINT);
        });
        const auto message = testing::message_of<Interrupted>([&] {
            run_train({"#networkShape=8,8,8,8", 100000, folder.file("curve.csv"),
                       folder.file("w.json"), folder.file("all")});
        });
        CHECK(message.find("training was stopped after ") == 0);
        CHECK(message.find(" of 100000 epochs; nothing is written") != std::string::npos);
        CHECK(folder.empty());
    }

    TEST_CASE("a sparkline stands between the least and the greatest value") {
        const double nan = std::nan("");
        CHECK(sparkline({0, 1, 2, 3, 4, 5, 6, 7}) == "▁▂▃▄▅▆▇█");
        CHECK(sparkline({5, 5}) == "▁▁");
        CHECK(sparkline({1, nan, 0}) == "█×▁");
        CHECK(sparkline({nan}) == "×");
        CHECK(sparkline({-1e308, 1e308}) == "▁█");
        CHECK(sparkline({}).empty());
        // Of 101 values 60 are shown, the first and the last among them
        std::vector<double> many(101, 0);
        many.front() = many.back() = 1;
        CHECK(count(sparkline(many), "█") == 2);
        CHECK(count(sparkline(many), "▁") == 58);
    }

    TEST_CASE("runs side by side are the runs alone") {
        std::vector<Configuration> configurations;
        for (int run = 0; run < 5; ++run)
            configurations.push_back(playground::read_url(
                fmt::format("#networkShape={}&regularization=L1&regularizationRate=0.1&seed={}",
                            run % 2 ? "3" : "2,2", run)));
        const auto groups = side_by_side(configurations, 2);
        CHECK(groups == std::vector<std::vector<std::size_t>>{{0, 2}, {1, 3}, {4}});
        CHECK(side_by_side({}, 2).empty());

        for (const auto& group : groups) {
            std::vector<Configuration> chosen;
            for (auto place : group)
                chosen.push_back(configurations[place]);
            const auto runs = train_in_lanes(chosen, 12, [] { return false; });
            REQUIRE(runs.size() == group.size());
            for (std::size_t lane = 0; lane < group.size(); ++lane) {
                const auto alone = train(chosen[lane], 12);
                CHECK(runs[lane].configuration == alone.configuration);
                CHECK(runs[lane].curve.epoch == alone.curve.epoch);
                CHECK(runs[lane].curve.train == alone.curve.train);
                CHECK(runs[lane].curve.test == alone.curve.test);
                CHECK(runs[lane].snapshots.back().weights == alone.snapshots.back().weights);
                CHECK(runs[lane].dead_weights == alone.dead_weights);
            }
        }
    }
}
