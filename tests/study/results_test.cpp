#include "studies.hpp"
#include "study/results.hpp"

#include <nlohmann/json.hpp>

namespace handgrad::testing::of_results {
using namespace handgrad::study;
using nlohmann::json;

namespace {

// Three runs: one good, one late, one blown up
SettingResult made_setting() {
    const double lost = std::numeric_limits<double>::infinity();
    return {{"made", base_configuration()},
            {made_run("a", {0.5, 0.04, 0.01}), made_run("b", {0.5, 0.3, 0.05}),
             made_run("c", {0.5, 2, lost})}};
}

json made_results() {
    const auto setting = made_setting();
    SearchResult search;
    search.stages = {{{"only", {"s"}, 20}, 4, 1, 0.03}};
    search.leaderboard = {setting};
    search.best = search.best_of_two_inputs = search.smallest = setting;
    search.ladder = {setting};
    search.attempts = {{0, setting}};
    return json::parse(results_json({20,
                                     {"a", "b", "c"},
                                     search,
                                     {{{"learning_rate", "learningRate", {}}, {setting}}},
                                     {3, 60, 15000}}));
}

} // namespace

TEST_SUITE("results") {
    TEST_CASE("the JSON of hand-made runs") {
        const auto results = made_results();
        CHECK(results["version"] == 2);
        CHECK(results["totals"] == json({{"runs", 3}, {"epochs", 60}, {"samples", 15000}}));
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
        // Wilson's: (2/3 + z²/6 ± z √(2/27 + z²/36)) / (1 + z²/3)
        CHECK(setting["success_interval"][0] == doctest::Approx(0.20766).epsilon(1e-4));
        CHECK(setting["success_interval"][1] == doctest::Approx(0.93851).epsilon(1e-4));
        CHECK(setting["epochs"] == 20);
        CHECK(setting["epochs_to_target"] ==
              json({{"median", 20}, {"interval", {nullptr, nullptr}}, {"censored", 1}}));
        CHECK(setting["curve"]["epoch"] == json({0, 10, 20}));
        CHECK(setting["curve"]["test"]["median"] == json({0.5, 0.3, 0.05}));
        CHECK(setting["curve"]["test"]["upper"] == json({0.5, 1.15, nullptr}));
        CHECK(setting["curve"]["train"]["lower"] == json({0.25, 0.085, 0.015}));
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
        CHECK(attempt["runs"] == 3);
        CHECK(attempt["success_rate"] == doctest::Approx(2. / 3));
        CHECK(attempt["curve"] == json({{"epoch", {0, 10, 20}}, {"test", {0.5, 0.3, 0.05}}}));
        CHECK(attempt["boundary"]["size"] == 16);
        CHECK(attempt["boundary"]["values"].size() == 16);
        CHECK(attempt["boundary"]["values"][15].size() == 16);
    }

    TEST_CASE("a long curve is told in 24 numbers, the first and the last among them") {
        std::vector<double> losses;
        for (int place = 0; place <= 100; ++place)
            losses.push_back(1 - 0.001234567 * place);
        SettingResult setting{{"long", base_configuration()}, {made_run("a", losses)}};
        SearchResult search;
        search.leaderboard = {setting};
        search.best = search.best_of_two_inputs = search.smallest = setting;
        search.attempts = {{0, setting}};
        const auto curve =
            json::parse(results_json({1000, {"a"}, search, {}, {}}))["attempts"][0]["curve"];
        CHECK(curve["epoch"].size() == 24);
        CHECK(curve["test"].size() == 24);
        CHECK(curve["epoch"].front() == 0);
        CHECK(curve["epoch"].back() == 1000);
        CHECK(curve["test"].back() == 0.8765);
        for (std::size_t place = 1; place < 24; ++place)
            CHECK(curve["epoch"][place - 1] < curve["epoch"][place]);
    }

    TEST_CASE("boundaries are the middle run's, in rising order, the last being the boundary") {
        const auto setting = made_results()["studies"][0]["settings"][0];
        const auto& boundaries = setting["boundaries"];
        REQUIRE(boundaries.size() == 2);
        CHECK(boundaries[0]["epoch"] == 10);
        CHECK(boundaries[1]["epoch"] == 20);
        CHECK(boundaries[1]["seed"] == "b");
        CHECK(boundaries[1]["values"] == setting["boundary"]["values"]);
        CHECK_FALSE(setting["boundary"].contains("epoch"));
        CHECK(setting["boundary"]["size"] == 60);

        // All weights 1/4: the answer at the centre of a cell, by hand
        const double x = 6 * (2 * (52.5 / 60) - 1), y = -6 * (2 * (10.5 / 60) - 1);
        const double hidden = std::tanh((x + y + std::sin(x) + std::sin(y)) / 4 + 0.25);
        const double answer = std::tanh(8 * hidden / 4 + 0.25);
        CHECK(setting["boundary"]["values"][10][52] == doctest::Approx(answer).epsilon(1e-3));
    }

    TEST_CASE("the winners show the weights of the run that is drawn") {
        const auto results = made_results();
        for (const std::string name : {"best", "best_of_two_inputs", "smallest"}) {
            CAPTURE(name);
            const auto& weights = results[name]["weights"];
            CHECK(weights["inputs"] == json({"x", "y", "sinX", "sinY"}));
            REQUIRE(weights["layers"].size() == 2);
            CHECK(weights["layers"][0]["weight"] == json(std::vector(8, std::vector(4, 0.25))));
            CHECK(weights["layers"][0]["bias"] == json(std::vector(8, 0.25)));
            CHECK(weights["layers"][1]["weight"] == json(std::vector(1, std::vector(8, 0.25))));
            CHECK(weights["layers"][1]["bias"] == json({0.25}));
            CHECK(results[name]["points"]["train"].size() == 250);
        }
    }

    TEST_CASE("the smallest tells its size and the ladder to it") {
        const auto smallest = made_results()["smallest"];
        CHECK(smallest["neurons"] == 8);
        CHECK(smallest["weight_count"] == 4 * 8 + 8);
        CHECK(smallest["solves"] == true); // 2 of 3
        REQUIRE(smallest["ladder"].size() == 1);
        const auto& rung = smallest["ladder"][0];
        CHECK(rung["label"] == "made");
        CHECK(rung["neurons"] == 8);
        CHECK(rung["weight_count"] == 40);
        CHECK(rung["runs"] == 3);
        CHECK(rung["success_rate"] == doctest::Approx(2. / 3));
        CHECK(rung["success_interval"].size() == 2);
        CHECK(rung["test_loss"]["median"] == 0.05);
    }

    TEST_CASE("weights come apart into layers in the order in which the trainer has them") {
        const auto configuration = playground::read_url("#dataset=spiral&networkShape=2&y=false");
        CHECK(weight_count(configuration) == 4);
        CHECK(parameter_count(configuration) == 7);
        CHECK(neuron_count(configuration) == 2);
        const auto layers = layers_of(configuration, {1, 2, 3, 4, 5, 6, 7});
        REQUIRE(layers.size() == 2);
        CHECK(layers[0].weight == std::vector<std::vector<double>>{{1}, {2}});
        CHECK(layers[0].bias == std::vector<double>{3, 4});
        CHECK(layers[1].weight == std::vector<std::vector<double>>{{5, 6}});
        CHECK(layers[1].bias == std::vector<double>{7});
        CHECK(testing::message_of<ValueError>([&] {
                  layers_of(configuration, {1, 2});
              }) == "there are 2 weights and biases, the network has 7");
        CHECK(testing::message_of<ValueError>([&] {
                  make_boundary(configuration, {1, 2});
              }) == "there are 2 weights and biases, the network has 7");
    }

    TEST_CASE("a network made from its weights answers as the trained one") {
        const auto configuration =
            playground::read_url("#dataset=spiral&networkShape=3,2&sinX=true&activation=relu");
        playground::Trainer<> trainer(configuration);
        for (int epoch = 0; epoch < 30; ++epoch)
            trainer.epoch();
        const auto boundary = make_boundary(configuration, weights_of(trainer, 0));
        for (auto row : range(boundary.size)) {
            const auto answers = trainer.output(boundary.centres(row));
            for (auto column : range(boundary.size))
                CHECK(boundary.values[row][column] == answers.flat(column).lane(0));
        }
    }

    TEST_CASE("snapshots are where the report looks") {
        CHECK(snapshot_epochs(400) == std::vector<std::size_t>{10, 40, 100, 400});
        CHECK(snapshot_epochs(1) == std::vector<std::size_t>{1});
        CHECK(snapshot_epochs(5) == std::vector<std::size_t>{1, 2, 5});
        const auto run = train(base_configuration(), 40);
        REQUIRE(run.snapshots.size() == 4);
        // The network after 4 epochs is what 4 epochs alone give
        CHECK(run.snapshots[1].epoch == 4);
        CHECK(run.snapshots[1].weights == train(base_configuration(), 4).snapshots.back().weights);
    }
}

} // namespace handgrad::testing::of_results
