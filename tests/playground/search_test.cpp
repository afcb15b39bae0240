#include "study/search.hpp"
#include "testing.hpp"

#include <set>

using namespace handgrad;
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
                has_base = has_base || setting.configuration == base;
            }
            CHECK(labels.size() == study.settings.size());
            CHECK(urls.size() == study.settings.size());
            CHECK(has_base);
        }
        CHECK(names == std::set<std::string>{"learning_rate", "width", "depth", "regularization",
                                             "features", "activation"});
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

    TEST_CASE("the funnel narrows and its stages share no seed") {
        const auto candidates = search_candidates();
        std::set<std::string> urls;
        for (const auto& candidate : candidates)
            urls.insert(playground::write_url(candidate.configuration));
        CHECK(urls.size() == candidates.size());

        const auto stages = search_stages(candidates.size(), 400, make_seeds("", 8));
        REQUIRE(stages.size() == 4);
        CHECK(stages[0].configurations == candidates.size());
        std::set<std::string> seeds;
        std::size_t count = 0;
        for (auto position : range(stages.size())) {
            seeds.insert(stages[position].seeds.begin(), stages[position].seeds.end());
            count += stages[position].seeds.size();
            if (position > 0) {
                CHECK(stages[position].configurations < stages[position - 1].configurations);
                CHECK(stages[position].epochs >= stages[position - 1].epochs);
            }
        }
        // The winner runs as long and as often as in the stage that it won
        CHECK(stages[3].configurations == 1);
        CHECK(stages[3].epochs == stages[2].epochs);
        CHECK(stages[3].seeds.size() == stages[2].seeds.size());
        CHECK(seeds.size() == count);
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
              "tanh 8,4; rate 0.1; L2 0.003; inputs x, y, sin x");
    }
}
