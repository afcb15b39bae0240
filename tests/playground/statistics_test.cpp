#include "study/statistics.hpp"

#include <doctest/doctest.h>

using namespace handgrad::study;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
} // namespace

TEST_SUITE("statistics") {
    TEST_CASE("quantiles of a few numbers") {
        CHECK(median({3, 1, 2}) == 2);
        CHECK(median({4, 1, 3, 2}) == 2.5);
        CHECK(median({7}) == 7);
        // Between the 2nd and the 3rd of 1, 2, 3, 4, 5, 6: place 0.25 · 5 = 1.25
        CHECK(quantile({6, 5, 4, 3, 2, 1}, 0.25) == 2.25);
        CHECK(quantile({6, 5, 4, 3, 2, 1}, 0.75) == 4.75);
        CHECK(quantile({6, 5, 4, 3, 2, 1}, 0) == 1);
        CHECK(quantile({6, 5, 4, 3, 2, 1}, 1) == 6);
    }

    TEST_CASE("a value that is no number is worse than all others") {
        CHECK(median({std::nan(""), 1, 2}) == 2);
        CHECK(median({std::nan(""), -infinity, 2}) == infinity);
        CHECK(median({1, 2, infinity, infinity}) == infinity);
        CHECK(quantile({1, 2, infinity, infinity}, 0.25) == 1.75);
    }

    TEST_CASE("the interval of the median") {
        // All alike: no doubt at all
        CHECK(median_interval({2, 2, 2}) == std::pair(2., 2.));
        // Two values a, b: half of the resamples have one of each, a quarter only a, a quarter
        // only b, so that the middle 95 % reach from a to b
        CHECK(median_interval({1, 3}) == std::pair(1., 3.));

        std::vector<double> hundred;
        for (int value = 1; value <= 100; ++value)
            hundred.push_back(value);
        const auto [low, high] = median_interval(hundred);
        // Exact, from the binomial distribution: the 40th and the 61st of 100 enclose the median
        // with probability 0.9648; the bootstrap of one sample comes near
        CHECK(low == doctest::Approx(40).epsilon(0.05));
        CHECK(high == doctest::Approx(61).epsilon(0.05));
        CHECK(median_interval(hundred) == std::pair(low, high));
    }

    TEST_CASE("a summary holds all five") {
        const auto summary = summarize({5, 1, 4, 2, 3});
        CHECK(summary.median == 3);
        CHECK(summary.lower_quartile == 2);
        CHECK(summary.upper_quartile == 4);
        CHECK(summary.interval.first <= 3);
        CHECK(summary.interval.second >= 3);
    }

    TEST_CASE("a run that never arrived counts as longer than all others") {
        const auto most = summarize_waiting({30, std::nullopt, 10, 20, std::nullopt});
        CHECK(most.median == 30);
        CHECK(most.censored == 2);

        const auto half = summarize_waiting({30, std::nullopt, 10, std::nullopt});
        CHECK(half.median == std::nullopt);
        CHECK(half.censored == 2);

        const auto all = summarize_waiting({0, 10});
        CHECK(all.median == 5);
        CHECK(all.censored == 0);
    }

    TEST_CASE("the share that succeeded") {
        CHECK(share_up_to({0.01, 0.05, 0.06, std::nan("")}, 0.05) == 0.5);
        CHECK(share_up_to({infinity}, 0.05) == 0);
    }
}
