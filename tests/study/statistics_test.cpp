#include "study/statistics.hpp"

#include <doctest/doctest.h>

namespace handgrad::testing::of_statistics {
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

    TEST_CASE("which order statistics enclose the median") {
        // 2 · 2⁻⁵ = 6.25 % of samples of 5 have the median outside of them all
        CHECK(median_places(1) == std::nullopt);
        CHECK(median_places(5) == std::nullopt);
        // 2 · 2⁻⁶ = 3.1 %: least and greatest
        CHECK(median_places(6) == std::pair<std::size_t, std::size_t>(0, 5));
        // At most 1 of 10: 11/1024 = 1.1 %; at most 2: 56/1024 = 5.5 %. So the 2nd and the 9th
        CHECK(median_places(10) == std::pair<std::size_t, std::size_t>(1, 8));
        // Tables have the 10th and the 23rd of 32, the 40th and the 61st of 100
        CHECK(median_places(32) == std::pair<std::size_t, std::size_t>(9, 22));
        CHECK(median_places(100) == std::pair<std::size_t, std::size_t>(39, 60));
        // By the normal distribution 500 ± 1.96 · √1000 / 2, that is 469 and 531
        CHECK(median_places(1000) == std::pair<std::size_t, std::size_t>(468, 531));
    }

    TEST_CASE("the interval of order statistics holds the median as often as it says") {
        // Of all 2¹⁰ samples that lie 0 or 1 below the median, those whose 2nd to 9th enclose it
        int enclosed = 0;
        for (unsigned below = 0; below < 1024; ++below) {
            int count = 0;
            for (unsigned value = 0; value < 10; ++value)
                count += (below >> value) & 1;
            enclosed += count >= 2 && count <= 8;
        }
        CHECK(enclosed == 1024 - 2 * (1 + 10));
        CHECK(enclosed >= 0.95 * 1024);
    }

    TEST_CASE("a run that never arrived counts as longer than all others") {
        const auto most = summarize_waiting({30, std::nullopt, 10, 20, std::nullopt});
        CHECK(most.median == 30);
        CHECK(most.censored == 2);
        CHECK(most.low == std::nullopt); // five runs bound nothing
        CHECK(most.high == std::nullopt);

        const auto half = summarize_waiting({30, std::nullopt, 10, std::nullopt});
        CHECK(half.median == std::nullopt);
        CHECK(half.censored == 2);

        const auto all = summarize_waiting({0, 10});
        CHECK(all.median == 5);
        CHECK(all.censored == 0);

        const auto none = summarize_waiting(
            std::vector<std::optional<std::size_t>>(8, std::optional<std::size_t>()));
        CHECK(none.median == std::nullopt);
        CHECK(none.low == std::nullopt);
        CHECK(none.censored == 8);
    }

    TEST_CASE("the interval of a wait ends where the runs bound it") {
        // The 2nd and the 9th of ten
        const auto ten = summarize_waiting({5, 10, 15, 20, 25, 30, 35, 40, 45, 50});
        CHECK(ten.median == 27.5);
        CHECK(ten.low == 10);
        CHECK(ten.high == 45);
        // The 9th never came: the median may be beyond the end
        const auto open = summarize_waiting(
            {5, 10, 15, 20, 25, 30, 35, std::nullopt, std::nullopt, std::nullopt});
        CHECK(open.median == 27.5);
        CHECK(open.low == 10);
        CHECK(open.high == std::nullopt);
    }

    TEST_CASE("the median of a wait is that of Kaplan and Meier") {
        // At 10 one of 6 arrives, at 20 two of the 5 left, at 40 one of 3, two never do:
        // S = 5/6, 5/6 · 3/5 = 1/2, 1/2 · 2/3 = 1/3. S is 1/2 from 20 to 40: the middle is 30
        CHECK(summarize_waiting({10, 20, 20, 40, std::nullopt, std::nullopt}).median == 30);
        // At 10 one of 5, at 20 two of 4: S = 4/5, 4/5 · 2/4 = 2/5, below 1/2 from 20 on
        CHECK(summarize_waiting({10, 20, 20, std::nullopt, std::nullopt}).median == 20);
        // Dropping the runs that never arrive would give 15, as if it worked twice as fast
        CHECK(summarize_waiting({10, 20, std::nullopt}).median == 20);
    }

    TEST_CASE("how many succeeded") {
        CHECK(count_up_to({0.01, 0.05, 0.06, std::nan("")}, 0.05) == 2);
        CHECK(count_up_to({infinity}, 0.05) == 0);
    }

    TEST_CASE("Wilson's interval") {
        // (0.8 + 1.9207/10 ± 1.96 √(0.016 + 3.8415/400)) / 1.38415, by hand
        const auto eight = success_rate(8, 10);
        CHECK(eight.share == 0.8);
        CHECK(eight.interval.first == doctest::Approx(0.4901625).epsilon(1e-6));
        CHECK(eight.interval.second == doctest::Approx(0.9433178).epsilon(1e-6));
        // None of n: up to z²/(n + z²); all of n: from n/(n + z²)
        const double z2 = 1.959963984540054 * 1.959963984540054;
        CHECK(success_rate(0, 10).interval.first == 0);
        CHECK(success_rate(0, 10).interval.second == doctest::Approx(z2 / (10 + z2)));
        CHECK(success_rate(32, 32).interval.first == doctest::Approx(32 / (32 + z2)));
        CHECK(success_rate(32, 32).interval.second == 1);
        // More trials, less doubt
        CHECK(success_rate(0, 800).interval.second < 0.005);
        // The bounds are the shares p for which the seen share is 1.96 standard errors away
        for (std::size_t successes : {1u, 5u, 13u, 31u}) {
            const auto rate = success_rate(successes, 32);
            for (double p : {rate.interval.first, rate.interval.second}) {
                const double away = std::abs(rate.share - p) / std::sqrt(p * (1 - p) / 32);
                CHECK(away == doctest::Approx(1.959963984540054).epsilon(1e-9));
            }
        }
    }
}

} // namespace handgrad::testing::of_statistics
