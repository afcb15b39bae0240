// How far a vector is from the means of others

#include "check/means.hpp"

#include "testing.hpp"

#include <limits>

namespace handgrad::testing::of_means {
namespace {

using Vector = std::vector<double>;

double distance(const Vector& point, const std::vector<Vector>& pieces) {
    return distance_from_means(point, pieces, 0);
}

} // namespace

TEST_SUITE("means") {
    TEST_CASE("a mean is at no distance") {
        CHECK(distance({0.25}, {{0}, {1}}) <= 1e-15);
        CHECK(distance({3, 4}, {{3, 4}}) <= 1e-15);
        // A corner, an edge and the middle of a triangle
        const std::vector<Vector> triangle{{0, 0}, {4, 0}, {0, 2}};
        for (const Vector& point : {Vector{4, 0}, {2, 0}, {2, 1}, {1, 0.5}})
            CHECK(distance(point, triangle) <= 1e-14);
        // A piece twice, and one that the others span
        CHECK(distance({1, 0.5}, {{0, 0}, {4, 0}, {4, 0}, {2, 0}, {0, 2}}) <= 1e-14);
        CHECK(distance({0, 0}, {{0, 0}, {0, 0}}) == 0);
    }

    TEST_CASE("what is no mean is at a distance, in the size of the numbers") {
        CHECK(distance({1.5}, {{0}, {1}}) > 0.3);
        CHECK(distance({1.5e-200}, {{0}, {1e-200}}) > 0.3e-200);
        CHECK(distance({-1, 0}, {{0, 0}, {4, 0}, {0, 2}}) > 0.3);
        // A multiple of a piece is none of its means
        CHECK(distance({2, 4}, {{1, 2}}) > 0.3);
        CHECK(distance({1 + 1e-6}, {{0}, {1}}) > 1e-7);
    }

    TEST_CASE("what is not finite is infinitely far") {
        const double infinite = std::numeric_limits<double>::infinity();
        CHECK(distance({infinite}, {{0}, {1}}) == infinite);
        CHECK(distance({0}, {{0}, {std::nan("")}}) == infinite);
    }

    TEST_CASE("where near is near enough, nothing is done") {
        CHECK(distance_from_means({0.25}, {{0}, {1}}, 1) == 1);
    }
}

} // namespace handgrad::testing::of_means
