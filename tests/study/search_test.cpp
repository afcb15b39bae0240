#include "playground/runs.hpp"
#include "study/boundary.hpp"
#include "study/search.hpp"
#include "testing.hpp"

#include <numeric>
#include <set>

namespace handgrad::testing::of_search {
using namespace handgrad::study;

TEST_SUITE("search") {
    TEST_CASE("every study varies its factor around the base") {
        const auto base = base_configuration();
        std::set<std::string> names;
        for (const auto& study : all_studies()) {
            CAPTURE(study.name);
            names.insert(study.name);
            std::set<std::string> labels, urls;
            bool has_base = false;
            for (const auto& setting : study.settings) {
                labels.insert(setting.label);
                urls.insert(playground::write_url(setting.configuration));
                auto quiet = setting.configuration;
                quiet.noise = 0; // which one study is about
                has_base = has_base || quiet == base;
            }
            CHECK(labels.size() == study.settings.size());
            CHECK(urls.size() == study.settings.size());
            CHECK(has_base);
        }
        CHECK(names == std::set<std::string>{"learning_rate", "width", "depth", "regularization",
                                             "regularization_noise", "batch_size", "features",
                                             "activation"});
    }

    TEST_CASE("one factor at a time leaves all else alone") {
        for (auto setting : learning_rate_study().settings) {
            setting.configuration.learning_rate = base_configuration().learning_rate;
            CHECK(setting.configuration == base_configuration());
        }
        const auto depth = depth_study().settings;
        for (auto layers : range(depth.size()))
            CHECK(depth[layers].configuration.network_shape == std::vector<std::size_t>(layers, 8));
    }

    TEST_CASE("with noise, the same settings and nothing but the noise") {
        const auto quiet = regularization_study("a", "0"), noisy = regularization_study("b", "25");
        REQUIRE(quiet.settings.size() == noisy.settings.size());
        for (auto place : range(quiet.settings.size())) {
            auto configuration = noisy.settings[place].configuration;
            CHECK(configuration.noise == 25);
            configuration.noise = 0;
            CHECK(configuration == quiet.settings[place].configuration);
            CHECK(noisy.settings[place].label == quiet.settings[place].label);
        }
    }

    TEST_CASE("studies are called by their names, and stay in order") {
        const auto names = [](const std::vector<Study>& studies) {
            std::vector<std::string> names;
            for (const auto& study : studies)
                names.push_back(study.name);
            return names;
        };
        CHECK(names(studies_called({})) == names(all_studies()));
        CHECK(names(studies_called({"activation", "width", "width"})) ==
              std::vector<std::string>{"width", "activation"});
        CHECK(testing::message_of<ValueError>([] {
                  studies_called({"Width"});
              }).find("--studies names \"Width\", it may name learning_rate, width, ") == 0);
    }

    TEST_CASE("a grid has every combination once, the last factor changing first") {
        const auto all = grid({factor("batchSize", {"1", "2"}),
                               {"x=true&y=false", "x=false&y=true"},
                               factor("learningRate", {"0.1", "0.3", "1"})});
        REQUIRE(all.size() == 12);
        CHECK(all[0].batch_size == 1);
        CHECK(all[0].learning_rate == 0.1);
        CHECK(all[1].learning_rate == 0.3);
        CHECK(all[2].inputs[0]);
        CHECK(all[3].inputs[1]);
        CHECK(all[11].batch_size == 2);
        for (const auto& configuration : all)
            CHECK(std::string(configuration.dataset.key) == "spiral");
    }

    TEST_CASE("random draws reach all that the site offers and nothing else") {
        const auto drawn = random_design(192);
        REQUIRE(drawn.size() == 192 * 8);
        std::set<double> rates, regularization_rates;
        std::set<std::size_t> batches, layers, neurons;
        std::set<int> activations, regularizations;
        std::vector<int> inputs(7, 0);
        for (const auto& configuration : drawn) {
            rates.insert(configuration.learning_rate);
            regularization_rates.insert(configuration.regularization_rate);
            batches.insert(configuration.batch_size);
            layers.insert(configuration.network_shape.size());
            neurons.insert(configuration.network_shape.begin(), configuration.network_shape.end());
            activations.insert(static_cast<int>(configuration.activation));
            regularizations.insert(static_cast<int>(configuration.regularization));
            for (auto place : range(inputs.size()))
                inputs[place] += configuration.inputs[place];
            CHECK(configuration.used_features().size() >= 1);
            // The data are the problem's
            CHECK(configuration.noise == 0);
            CHECK(configuration.train_percentage == 50);
            const bool regularized =
                configuration.regularization != playground::Regularization::none;
            CHECK((configuration.regularization_rate > 0) == regularized);
            // What a link cannot say would be lost on the way to the site
            CHECK(playground::read_url(playground::write_url(configuration)) == configuration);
        }
        CHECK(rates.size() == 11);
        CHECK(regularization_rates.size() == 10);
        CHECK(*batches.begin() == 1);
        CHECK(*batches.rbegin() == 30);
        CHECK(layers == std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6});
        CHECK(neurons == std::set<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8});
        CHECK(activations.size() == 4);
        CHECK(regularizations.size() == 3);
        // Each input in four of seven draws on average; its count varies by √(1536 · 12/49) ≈ 19,
        // in families by up to √8 times as much
        for (int count : inputs)
            CHECK(std::abs(count - 1536 * 4 / 7) < 4 * 19 * 2.83);
    }

    TEST_CASE("a family of draws can be trained side by side, at different rates") {
        const auto drawn = random_design(20);
        for (std::size_t first = 0; first < drawn.size(); first += 8) {
            std::set<double> rates;
            for (std::size_t member = 0; member < 8; ++member) {
                rates.insert(drawn[first + member].learning_rate);
                CHECK(playground::run_shape(drawn[first + member]) ==
                      playground::run_shape(drawn[first]));
            }
            CHECK(rates.size() == 8);
        }
        // More families change nothing about the first ones
        const auto more = random_design(30);
        CHECK(std::equal(drawn.begin(), drawn.end(), more.begin()));
    }

    TEST_CASE("the candidates are many and no two alike") {
        const auto candidates = search_candidates(192);
        CHECK(candidates.size() >= 2000);
        std::set<std::string> urls;
        for (const auto& candidate : candidates) {
            urls.insert(playground::write_url(candidate.configuration));
            CHECK(std::string(candidate.configuration.dataset.key) == "spiral");
        }
        CHECK(urls.size() == candidates.size());
    }

    TEST_CASE("of every so many settings of a grid, the first") {
        const auto all = search_candidates(2), few = search_candidates(2, 20);
        CHECK(few.size() < all.size() / 10);
        std::set<std::string> labels;
        for (const auto& candidate : all)
            labels.insert(candidate.label);
        for (const auto& candidate : few)
            CHECK(labels.count(candidate.label) == 1);
        // Every race still has runners
        for (const auto& race : search_races(few))
            CHECK(!race.runners.empty());
    }

    TEST_CASE("the stages grow longer, surer, and share no seed") {
        const auto stages = search_stages(400, 32);
        REQUIRE(stages.size() == 5);
        std::set<std::string> seeds;
        std::size_t count = 0;
        for (auto position : range(stages.size())) {
            seeds.insert(stages[position].seeds.begin(), stages[position].seeds.end());
            count += stages[position].seeds.size();
            if (position > 0) {
                CHECK(stages[position].epochs >= stages[position - 1].epochs);
                CHECK(stages[position].seeds.size() >= stages[position - 1].seeds.size());
            }
        }
        CHECK(seeds.size() == count);
        // The winners run as long and as often as in the final that they won
        CHECK(stages[4].epochs == stages[3].epochs);
        CHECK(stages[4].seeds.size() == 32);
        // The shortest sweep still has epochs in each
        for (const auto& stage : search_stages(1, 1))
            CHECK(stage.epochs == 1);
    }

    TEST_CASE("the races ask for the best, the best with x and y alone, and the best of a size") {
        const auto candidates = search_candidates(20);
        const auto races = search_races(candidates);
        REQUIRE(races.size() == 2 + most_neurons_of_ladder);
        CHECK(races[0].runners.size() == candidates.size());
        CHECK(races[1].runners.size() >= 100);
        for (auto place : races[1].runners)
            CHECK(describe_inputs(candidates[place].configuration) == "x, y");
        for (std::size_t neurons = 1; neurons <= most_neurons_of_ladder; ++neurons) {
            CHECK(races[1 + neurons].runners.size() >= 24);
            for (auto place : races[1 + neurons].runners)
                CHECK(neuron_count(candidates[place].configuration) == neurons);
        }
    }

    TEST_CASE("the best of every race go on") {
        // Sixteen run in the first race, the four of highest score in the second
        std::vector<std::size_t> all(16), last = {12, 13, 14, 15};
        std::iota(all.begin(), all.end(), std::size_t(0));
        const std::vector<Race> races = {{"all", all, 1}, {"last", last, 2}};
        std::vector<double> scores;
        for (auto place : all)
            scores.push_back(static_cast<double>(place));
        scores[13] = std::nan(""); // blew up
        CHECK(survivors(races, 0, all, scores) == std::vector<std::size_t>{0, 1, 2, 3, 12, 14});
        // The second stage hears only of those who run: a sixteenth of 16, and two finalists
        CHECK(survivors(races, 1, {0, 1, 2, 3, 12, 14}, {5, 4, 3, 2, 1, 0}) ==
              std::vector<std::size_t>{12, 14});
        CHECK(survivors(races, 2, {0, 12, 14}, {1, 2, 3}) == std::vector<std::size_t>{0, 12, 14});
    }

    TEST_CASE("every input has a formula") {
        CHECK(describe_inputs(playground::read_url("#xSquared=true&ySquared=true&xTimesY=true"
                                                   "&sinX=true&sinY=true")) == "all seven");
        CHECK(describe_inputs(playground::read_url("#xSquared=true&ySquared=true&xTimesY=true"
                                                   "&x=false&sinY=true")) ==
              "y, x², y², xy, sin y");
        CHECK(describe_inputs(playground::read_url("#y=false&sinX=true")) == "x, sin x");
    }

    TEST_CASE("ranking puts the lowest first, equal ones in order, and no number last") {
        CHECK(ranking({3, 1, 2, 1}) == std::vector<std::size_t>{1, 3, 2, 0});
        CHECK(ranking({std::nan(""), 5, 4}) == std::vector<std::size_t>{2, 1, 0});
    }

    TEST_CASE("a description names what matters") {
        CHECK(describe(playground::read_url("#networkShape=8,4&learningRate=0.1&sinX=true"
                                            "&regularization=L2&regularizationRate=0.003")) ==
              "tanh 8,4; rate 0.1; batch 10; L2 0.003; inputs x, y, sin x");
        // 0.00001 as the site writes it, not 1e-05
        CHECK(describe(playground::read_url("#networkShape=&learningRate=0.00001&batchSize=1")) ==
              "no hidden layer; rate 0.00001; batch 1; inputs x, y");
    }
}

} // namespace handgrad::testing::of_search
