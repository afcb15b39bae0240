#include "playground/random.hpp"

#include <doctest/doctest.h>

#include <string>

using handgrad::playground::Random;

namespace handgrad::testing::of_random {
namespace {

// The first three numbers after a seed, and the 100,000th after those
struct Draws {
    std::string seed;
    double first, second, third, late;
};

} // namespace

TEST_SUITE("random") {
    TEST_CASE("draws what seedrandom 2.4.4 draws") {
        // Printed by the npm package seedrandom 2.4.4 under Node 20.20.2
        const Draws all[] = {
            {"", 0.23144008215179881, 0.27404636548159655, 0.7901279251811976, 0.2603026748448376},
            {"1", 0.2694488477791326, 0.43440878183925163, 0.8740779300873869, 0.4721627992557825},
            {"0.12345", 0.9152007406557323, 0.4702753218035592, 0.2736265229359467,
             0.7155554466465884},
            {"hello", 0.5463663768140734, 0.4397379377059223, 0.554769432473455,
             0.3192736434200016},
            // Longer than ARC4's key, which is 256 bytes
            {std::string(300, 'x'), 0.952495823023581, 0.9378530102966817, 0.8504259399717166,
             0.776291424746629},
        };
        for (const auto& expected : all) {
            CAPTURE(expected.seed);
            Random random(expected.seed);
            CHECK(random() == expected.first);
            CHECK(random() == expected.second);
            CHECK(random() == expected.third);
            double last = 0;
            for (int draw = 0; draw < 100000; ++draw)
                last = random();
            CHECK(last == expected.late);
        }
    }

    TEST_CASE("stays in [0, 1), and between what it is asked") {
        Random random("bounds");
        for (int draw = 0; draw < 10000; ++draw) {
            const double number = random(), between = random.between(-6, 6);
            CHECK_UNARY(number >= 0 && number < 1);
            CHECK_UNARY(between >= -6 && between < 6);
        }
    }

    TEST_CASE("another seed gives other numbers") {
        CHECK(Random("0.12345")() != Random("0.12346")());
    }
}

} // namespace handgrad::testing::of_random
