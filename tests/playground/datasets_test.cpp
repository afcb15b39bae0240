#include "playground/url.hpp"
#include "reference.hpp"

#include <doctest/doctest.h>

namespace handgrad::testing::of_datasets {
using namespace handgrad::playground;

namespace {

// Coordinates lie below 8, where neighbouring doubles are 2^-50 apart; sin, cos and log of two
// mathematics libraries differ by one such step, and a product or sum of two of them by two
constexpr double two_steps = 0x1p-49;

bool same(const Point& point, const double (&expected)[3]) {
    return std::abs(point.x - expected[0]) <= two_steps &&
           std::abs(point.y - expected[1]) <= two_steps &&
           std::abs(point.label - expected[2]) <= two_steps;
}

Data data_of(std::string_view url) {
    const auto configuration = read_url(url);
    Random random(configuration.seed);
    return make_data(configuration, random);
}

} // namespace

TEST_SUITE("datasets") {
    TEST_CASE("draw, shuffle and split the points as the site does") {
        for (const auto& reference : handgrad::testing::reference_points) {
            CAPTURE(reference.url);
            const auto data = data_of(reference.url);
            REQUIRE(data.train.size() == reference.train);
            REQUIRE(data.test.size() == reference.test);
            CHECK(same(data.train.front(), reference.first));
            CHECK(same(data.test.back(), reference.last));

            double sum = 0;
            for (const auto* points : {&data.train, &data.test})
                for (const auto& point : *points)
                    sum += point.x + point.y + point.label;
            CHECK(std::abs(sum - reference.sum) <= 3 * two_steps * 1200);
        }
    }

    TEST_CASE("the spiral follows its formula") {
        Random random("any");
        const auto points = spiral(random, 500, 0);
        REQUIRE(points.size() == 500);
        // i = 50 of n = 250: r = 5 · 50/250 = 1, t = 1.75 · 50/250 · 2π = 0.7π
        CHECK(points[50].x == doctest::Approx(std::sin(0.7 * std::numbers::pi)).epsilon(1e-14));
        CHECK(points[50].y == doctest::Approx(std::cos(0.7 * std::numbers::pi)).epsilon(1e-14));
        CHECK(points[50].label == 1);
        // The other arm stands opposite
        CHECK(points[300].x == doctest::Approx(-points[50].x).epsilon(1e-14));
        CHECK(points[300].y == doctest::Approx(-points[50].y).epsilon(1e-14));
        CHECK(points[300].label == -1);
    }

    TEST_CASE("noise shifts a point of the spiral by up to so much") {
        Random still("same"), moved("same");
        const auto without = spiral(still, 500, 0), with = spiral(moved, 500, 0.3);
        double furthest = 0;
        for (std::size_t i = 0; i < 500; ++i)
            furthest = std::max(furthest, std::abs(with[i].x - without[i].x));
        CHECK(furthest <= 0.3);
        CHECK(furthest > 0.29);
        // Two numbers a point are drawn with and without noise
        CHECK(still() == moved());
    }

    TEST_CASE("a shuffle loses no point and doubles none") {
        std::vector<Point> points;
        for (int i = 0; i < 100; ++i)
            points.push_back({double(i), 0, 1});
        Random random("cards");
        shuffle(random, points);
        CHECK(points[0].x + points[1].x + points[2].x != 3);
        std::sort(points.begin(), points.end(), [](auto& a, auto& b) { return a.x < b.x; });
        for (int i = 0; i < 100; ++i)
            CHECK(points[static_cast<std::size_t>(i)].x == i);
    }

    TEST_CASE("the split rounds down") {
        const std::vector<Point> points(500);
        CHECK(split(points, 33.3).train.size() == 166);
        CHECK(split(points, 33.3).test.size() == 334);
    }
}

} // namespace handgrad::testing::of_datasets
