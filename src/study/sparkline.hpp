#pragma once

/// @file
/// A curve as a line of text.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace handgrad::study {

/// One block a value, as high as the value stands between the least and the greatest of all; × for
/// one that is not finite. Of more than `width` values, every so many are shown, the last one too.
inline std::string sparkline(const std::vector<double>& values, std::size_t width = 60) {
    static const std::vector<std::string> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::vector<double> shown;
    const std::size_t count = std::min(width, values.size());
    for (std::size_t place = 0; place < count; ++place)
        shown.push_back(count < 2 ? values[0] : values[place * (values.size() - 1) / (count - 1)]);

    std::vector<double> finite;
    std::copy_if(shown.begin(), shown.end(), std::back_inserter(finite),
                 [](double value) { return std::isfinite(value); });
    const auto [least, most] = std::minmax_element(finite.begin(), finite.end());
    std::string line;
    for (double value : shown) {
        if (!std::isfinite(value)) {
            line += "×";
            continue;
        }
        // Halves, so that a difference of the largest numbers stays finite
        const double span = *most / 2 - *least / 2;
        const double share = span > 0 ? (value / 2 - *least / 2) / span : 0;
        const auto height = static_cast<std::size_t>(share * static_cast<double>(blocks.size()));
        line += blocks[std::min(height, blocks.size() - 1)];
    }
    return line;
}

} // namespace handgrad::study
