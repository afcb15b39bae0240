#pragma once

/// @file
/// What a handful of runs says: median, quartiles, and how sure the median is.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace handgrad::study {

/// The value below which a share `q` from 0 to 1 of `values` lies, on the straight line between
/// the two nearest where it falls between them (as NumPy's quantile).
///
/// A value that is not finite counts as +∞: a run that blew up is worse than any that did not.
/// @pre there is at least one value
inline double quantile(std::vector<double> values, double q) {
    for (double& value : values)
        if (!std::isfinite(value))
            value = std::numeric_limits<double>::infinity();
    std::sort(values.begin(), values.end());

    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(below);
    if (share == 0 || values[below] == values[below + 1])
        return values[below];
    return values[below] + share * (values[below + 1] - values[below]);
}

/// The middle of `values`: as many lie below as above.
inline double median(const std::vector<double>& values) {
    return quantile(values, 0.5);
}

/// The 95 % bootstrap interval of the median: draw as many of `values` as there are, each from
/// all of them, take the median, and do so 2000 times; the interval holds the middle 95 %.
///
/// The draws are always the same, so one set of values has one interval.
inline std::pair<double, double> median_interval(const std::vector<double>& values) {
    // The 2.5 % ends are then the 50th value from each side, steady in the digits that are shown
    constexpr std::size_t resamples = 2000;
    // A fixed start; the standard's distributions differ from library to library, a remainder
    // does not, and favours no entry by more than one part in 2^58 for up to 64 values
    std::mt19937_64 random(1);

    std::vector<double> medians(resamples), drawn(values.size());
    for (double& entry : medians) {
        for (double& value : drawn)
            value = values[random() % values.size()];
        entry = median(drawn);
    }
    return {quantile(medians, 0.025), quantile(medians, 0.975)};
}

/// A sample of numbers in five.
struct Summary {
    double median;                      ///< as many are smaller as are larger
    double lower_quartile;              ///< a quarter is smaller
    double upper_quartile;              ///< a quarter is larger
    std::pair<double, double> interval; ///< 95 % bootstrap interval of the median
};

/// @pre there is at least one value
inline Summary summarize(const std::vector<double>& values) {
    return {median(values), quantile(values, 0.25), quantile(values, 0.75),
            median_interval(values)};
}

/// The 95 % interval of the median by order statistics, as places from 0 in the sorted sample of
/// `count`: the true median lies outside with probability at most 2.5 % on each side, whatever the
/// distribution. None where the sample is too small for any, below 6.
///
/// The number of values below the median is binomial with probability ½: the lower place is the
/// largest r with P(fewer than r + 1 below) ≤ 2.5 %, the upper one mirrors it.
/// @pre at most 1000 values; 2⁻¹⁰⁰⁰ is still a double
inline std::optional<std::pair<std::size_t, std::size_t>> median_places(std::size_t count) {
    double term = std::ldexp(1, -static_cast<int>(count)); // P(exactly r below), from r = 0
    double at_most = 0;
    std::size_t r = 0;
    while (at_most + term <= 0.025) {
        at_most += term;
        term *= static_cast<double>(count - r) / static_cast<double>(r + 1);
        ++r;
    }
    if (r == 0)
        return std::nullopt;
    return std::pair(r - 1, count - r);
}

/// How long it took until something happened, for runs in some of which it never did.
struct Waiting {
    std::optional<double> median; ///< none where half of the runs or more never got there
    std::optional<double> low;    ///< of the 95 % interval of the median; none: too few runs
    std::optional<double> high;   ///< likewise; none: no bound within the length of the runs
    std::size_t censored;         ///< how many never got there
};

/// The median counts a run that never got there as longer than all others, instead of dropping
/// it: dropped, a setting that seldom works would look quick.
///
/// All runs are watched equally long, so this is the Kaplan–Meier estimate of the median, and the
/// order statistics of `median_places` enclose it with at least 95 % confidence.
/// @pre there is at least one run, and at most 1000
inline Waiting summarize_waiting(const std::vector<std::optional<std::size_t>>& epochs) {
    std::vector<double> waits;
    for (const auto& wait : epochs)
        waits.push_back(wait ? static_cast<double>(*wait)
                             : std::numeric_limits<double>::infinity());
    std::sort(waits.begin(), waits.end());
    const auto finite = [](double wait) {
        return std::isfinite(wait) ? std::optional(wait) : std::nullopt;
    };
    const auto places = median_places(waits.size());
    return {finite(median(waits)), places ? finite(waits[places->first]) : std::nullopt,
            places ? finite(waits[places->second]) : std::nullopt,
            static_cast<std::size_t>(std::count(epochs.begin(), epochs.end(), std::nullopt))};
}

/// How many of `values` are at most `target`; one that is not a number is not.
inline std::size_t count_up_to(const std::vector<double>& values, double target) {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [&](double value) { return value <= target; }));
}

/// A share of trials, and the interval in which the true share lies.
struct Rate {
    double share;                       ///< successes over trials
    std::pair<double, double> interval; ///< Wilson's 95 % interval
};

/// The share of `successes` among `trials`, with the interval of E. B. Wilson (1927): all p for
/// which the share lies within 1.96 standard errors √(p (1 − p) / trials) of p.
///
/// Unlike share ± 1.96 standard errors it stays within 0 and 1, and tells 0 of 8 from 0 of 800.
/// @pre trials > 0
inline Rate success_rate(std::size_t successes, std::size_t trials) {
    constexpr double z = 1.959963984540054; // leaves 2.5 % of a normal distribution on each side
    const double n = static_cast<double>(trials), p = static_cast<double>(successes) / n;
    const double middle = p + z * z / (2 * n), scale = 1 + z * z / n;
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    // At the ends the bound is 0 or 1 itself, but for rounding
    return {p,
            {successes == 0 ? 0 : (middle - half) / scale,
             successes == trials ? 1 : (middle + half) / scale}};
}

} // namespace handgrad::study
