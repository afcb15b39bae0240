#pragma once

/// @file
/// What the network is told of a point: its coordinates and functions of them.

#include "../scalars/elementary.hpp"

#include <array>
#include <string_view>

namespace handgrad::playground {

/// A function of a point (x, y) that can be an input of the network.
struct Feature {
    std::string_view key;                ///< as the site's links name it
    double (*value)(double x, double y); ///< what the network is given
};

/// All features, in the order in which the site lines them up as inputs.
inline constexpr std::array<Feature, 7> features = {{
    {"x", [](double x, double) { return x; }},
    {"y", [](double, double y) { return y; }},
    {"xSquared", [](double x, double) { return x * x; }},
    {"ySquared", [](double, double y) { return y * y; }},
    {"xTimesY", [](double x, double y) { return x * y; }},
    {"sinX", [](double x, double) { return elementary::sin(x); }},
    {"sinY", [](double, double y) { return elementary::sin(y); }},
}};

} // namespace handgrad::playground
