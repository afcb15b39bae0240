#pragma once

/// @file
/// What must hold for random numbers of every kind.

#include <string>
#include <vector>

namespace handgrad::soak {

/// A sentence, and a function that draws a case from RapidCheck and fails if it is not true.
struct Property {
    std::string sentence;
    void (*holds)();
};

/// Right layers pass the checker.
const std::vector<Property>& layer_properties();

/// The bounds of `Bounded` hold.
const std::vector<Property>& bound_properties();

/// How much wider the bounds of `Bounded` are than the errors, in the cases so far: the median, and
/// how wide it may be.
struct Looseness {
    std::string arithmetic; ///< float or double
    double median;          ///< of bound / error, where there is an error
    double may_be;          ///< more than this would be absurd
};
std::vector<Looseness> looseness();

} // namespace handgrad::soak
