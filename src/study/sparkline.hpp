#pragma once

/// @file
/// A curve as a line of text.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace handgrad::study {

/// What the lowest and the highest block stand for.
struct Scale {
    double least; ///< ▁
    double most;  ///< █
};

/// From the least to the greatest finite number of `values`; from 0 to 0 where there is none.
inline Scale scale_of(const std::vector<double>& values) {
    std::vector<double> finite;
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite),
                 [](double value) { return std::isfinite(value); });
    if (finite.empty())
        return {0, 0};
    const auto [least, most] = std::minmax_element(finite.begin(), finite.end());
    return {*least, *most};
}

/// One block a value, as high as the value stands in `scale`; × for one that is not finite. Of more
/// than `width` values, every so many are shown, the last one too.
inline std::string sparkline(const std::vector<double>& values, const Scale& scale,
                             std::size_t width = 60) {
    static const std::vector<std::string> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    // Halves, so that a difference of the largest numbers stays finite
    const double span = scale.most / 2 - scale.least / 2;
    const std::size_t count = std::min(width, values.size());
    std::string line;
    for (std::size_t place = 0; place < count; ++place) {
        const double value =
            count < 2 ? values[0] : values[place * (values.size() - 1) / (count - 1)];
        if (!std::isfinite(value)) {
            line += "×";
            continue;
        }
        const double share = span > 0 ? (value / 2 - scale.least / 2) / span : 0;
        const auto height = static_cast<std::size_t>(share * static_cast<double>(blocks.size()));
        line += blocks[std::min(height, blocks.size() - 1)];
    }
    return line;
}

/// The same on the scale of the values themselves.
inline std::string sparkline(const std::vector<double>& values) {
    return sparkline(values, scale_of(values));
}

} // namespace handgrad::study
