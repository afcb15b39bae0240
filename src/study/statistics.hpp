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

/// How long it took until something happened, for runs in some of which it never did.
struct Waiting {
    std::optional<double> median; ///< none where half of the runs or more never got there
    std::size_t censored;         ///< how many never got there
};

/// The median counts a run that never got there as longer than all others, instead of dropping
/// it: dropped, a setting that seldom works would look quick.
/// @pre there is at least one run
inline Waiting summarize_waiting(const std::vector<std::optional<std::size_t>>& epochs) {
    std::vector<double> waits;
    for (const auto& wait : epochs)
        waits.push_back(wait ? static_cast<double>(*wait)
                             : std::numeric_limits<double>::infinity());
    const auto censored = std::count(epochs.begin(), epochs.end(), std::nullopt);
    const double middle = median(waits);
    return {std::isfinite(middle) ? std::optional(middle) : std::nullopt,
            static_cast<std::size_t>(censored)};
}

/// The share of `values` that are at most `target`; one that is not a number is not.
inline double share_up_to(const std::vector<double>& values, double target) {
    const auto count =
        std::count_if(values.begin(), values.end(), [&](double value) { return value <= target; });
    return static_cast<double>(count) / static_cast<double>(values.size());
}

} // namespace handgrad::study
