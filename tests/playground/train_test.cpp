#include "npy.hpp"
#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "study/boundary_picture.hpp"
#include "study/lanes.hpp"
#include "study/sparkline.hpp"
#include "study/train.hpp"
#include "testing.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace handgrad::testing::of_train {
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
            const auto line = fmt::format("{:>6}  {:>10.6f}  {:>10.6f}\n", epoch,
                                          run.curve.train[epoch], run.curve.test[epoch]);
            CAPTURE(line);
            CHECK(text.find(line) != std::string::npos);
        }
        // Both curves on one scale, from the least to the greatest loss of all
        auto all = run.curve.train;
        all.insert(all.end(), run.curve.test.begin(), run.curve.test.end());
        const auto scale = scale_of(all);
        CHECK(text.find("train  " + sparkline(run.curve.train, scale) + "\n") != std::string::npos);
        CHECK(text.find("test   " + sparkline(run.curve.test, scale) + "\n") != std::string::npos);
        CHECK(text.find(fmt::format("▁ {:.6f}  █ {:.6f}\n", scale.least, scale.most)) !=
              std::string::npos);
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
        CHECK(count(text, "  × no finite number\n") == 1);
        CHECK(count(text, "         nan         nan\n") > 0);
        CHECK(count(text, "-nan") == 0);
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
        CHECK(refusal({url, 10, folder.file("a.csv"), "", "", folder.file("a.png")}) ==
              "--boundary is \"" + folder.file("a.png") + "\", it must end in .svg");
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
                       folder.file("w.json"), folder.file("all"), folder.file("b.svg")});
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
        CHECK(sparkline({1, 2, 3}, {0, 8}) == "▂▃▄");
        // Of 101 values 60 are shown, the first and the last among them
        std::vector<double> many(101, 0);
        many.front() = many.back() = 1;
        CHECK(count(sparkline(many), "█") == 2);
        CHECK(count(sparkline(many), "▁") == 58);
    }

    TEST_CASE("writes a picture of the answers and the points") {
        const Folder folder;
        run_train({"#dataset=gauss&seed=p&networkShape=2", 10, "", "", "", folder.file("b.svg")});
        const auto svg = content(folder.file("b.svg"));
        CHECK(count(svg, "<svg xmlns") == 1);
        CHECK(count(svg, "viewBox=\"0 0 410 470\"") == 1);
        CHECK(count(svg, ">gauss after 10 epochs: test loss 0.0") == 2); // title and heading
        CHECK(count(svg, "with a black line where it answers 0. On it 250 points that train:") ==
              1);
        CHECK(svg.size() < 50000);
        CHECK(count(svg, "nan") == 0);
    }

    TEST_CASE("a picture has every point, every answer and the line between") {
        // Three rows of three cells: 1 on the left, −1 on the right, 0 in the middle
        const Boundary boundary{3, 6, {{1, 0, -1}, {1, 0, -1}, {1, 0, -1}}};
        const playground::Data data{{{-6, 6, 1}, {3, 0, -1}, {7, 0, 1}}, {{0, -3, 1}}};
        auto configuration = playground::read_url("#showTestData=false");
        const auto svg = boundary_svg(configuration, data, boundary, "a title");
        // The site's colours at both ends, laid over white; 0 is the middle shade
        CHECK(count(svg, "<path stroke=\"#64aad6\" d=\"M0 0h1M0 1h1M0 2h1\"/>") == 1);
        CHECK(count(svg, "<path stroke=\"#f9bb74\" d=\"M2 0h1M2 1h1M2 2h1\"/>") == 1);
        CHECK(count(svg, "<path stroke=\"#f1f2f2\" d=\"M1 0h1M1 1") == 1);
        // The line goes through the centres of the middle cells, 34 + 180 px from the left
        CHECK(count(svg, "d=\"M214 94L214 214M214 214L214 334\"/>") == 1);
        // A circle in the corner, a square on the right; the third point lies outside
        CHECK(count(svg, "<path fill=\"#0877bd\" d=\"M31 34a3 3 0 1 0 6 0a3 3 0 1 0-6 0z\"/>") ==
              1);
        CHECK(count(svg, "<path fill=\"#f59322\" d=\"M301 211h6v6h-6z\"/>") == 1);
        CHECK(count(svg, "<g stroke=\"#000\">") == 0);

        configuration = playground::read_url("#showTestData=true&discretize=true");
        const auto both = boundary_svg(configuration, data, boundary, "a title");
        CHECK(count(both, "<g stroke=\"#000\">\n<path fill=\"#0877bd\" d=\"M211 304a") == 1);
        CHECK(count(both, "#64aad6\" d=\"M0 0h2") == 1); // 0 is shown as 1
        CHECK(count(both, "2 points that train") == 0);  // three, one of them outside
        CHECK(count(both, "3 points that train and 1 that test") == 1);
    }

    TEST_CASE("a picture of four corners, of no line, and of no numbers") {
        const auto configuration = playground::read_url("#problem=regression");
        const auto line = [&](const Boundary& boundary) {
            const auto svg = boundary_svg(configuration, {}, boundary, "");
            const auto start = svg.find("stroke-linecap=\"round\" d=\"");
            return start == std::string::npos
                       ? ""
                       : svg.substr(start + 26, svg.find('"', start + 26) - start - 26);
        };
        // Two cells are 180 px each: the edges between the centres cross 0 half way, at 34 + 180
        CHECK(line({2, 6, {{1, -1}, {-1, 1}}}) == "M214 124L304 214M214 304L124 214");
        CHECK(line({2, 6, {{-1.5, 1.5}, {1.5, -1.5}}}) == "M124 214L214 124M304 214L214 304");
        CHECK(line({2, 6, {{1, -3}, {-3, 1}}}) == "M124 169L169 124M304 259L259 304");
        CHECK(line({2, 6, {{1, 1}, {1, 1}}}).empty());
        const double nan = std::nan("");
        CHECK(line({2, 6, {{1, -1}, {nan, -1}}}).empty());
        const auto svg =
            boundary_svg(configuration, {}, {2, 6, {{nan, nan}, {1e300, -INFINITY}}}, "");
        CHECK(count(svg, "<path stroke=\"#bbb\" d=\"M0 0h2\"/>") == 1);
        CHECK(count(svg, ">no number<") == 1);
        CHECK(count(svg, "grey where it answers no number") == 1);
        CHECK(count(svg, "nan") + count(svg, "inf") == 0);
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

} // namespace handgrad::testing::of_train
