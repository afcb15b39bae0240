#pragma once

/// @file
/// What is done to a layer before any oracle is asked: it runs, and its contract is tried.

#include "contract.hpp"
#include "report.hpp"

namespace handgrad {

/// A layer in double with its first passes, its findings so far, and all it was given.
struct Examination {
    AnyLayer<double>& layer;        ///< what is examined
    Tensor<double> z;               ///< what forward is given
    Tensor<double> dy;              ///< what backward is given
    CheckReport report;             ///< what was found
    std::vector<std::string> names; ///< of the parameters' gradients
    Passes passes;                  ///< the first forward and backward
    bool ready = false;             ///< did both work, with a y that fits dy?
};

/// The source of a random dy: another than that of a z drawn from the same seed, for where dy is z,
/// dweight is symmetric, and its transpose as good.
inline Draw draw_of_dy(std::uint64_t seed) {
    return Draw(~seed);
}

/// What `check` says of a random dy; a report on what the layer throws where y cannot be had.
/// @param seed chooses dy
CheckReport with_random_dy(AnyLayer<double>& layer, const Tensor<double>& z, std::uint64_t seed,
                           const std::function<CheckReport(const Tensor<double>& dy)>& check);

/// Refuses what is not finite, runs forward and backward once, and tries the contract.
/// @param rounding_of how far rounding takes what the layer gives
Examination examine(AnyLayer<double>& layer, const Tensor<double>& z, const Tensor<double>& dy,
                    const RoundingOf& rounding_of);

} // namespace handgrad
