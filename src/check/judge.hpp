#pragma once

/// @file
/// The verdict on one entry of a gradient, and on all entries of one gradient.

#include "../oracles/any_layer.hpp"
#include "../oracles/estimate.hpp"
#include "report.hpp"

namespace handgrad {

/// A bound on the rounding of a sum of at most `terms` products whose sizes add up to `magnitude`.
/// @param epsilon of the arithmetic
inline double rounding_allowance(std::size_t terms, double magnitude, double epsilon) {
    // A sum of n terms has a rounding error of at most n·u·Σ|term|; each term is itself rounded,
    // for which 64 operations leave room
    return (static_cast<double>(terms) + 64) * epsilon * magnitude;
}

/// The size of the largest entry.
double largest_of(const Tensor<double>& tensor);

/// Judges every entry of a gradient that `backward` gave.
///
/// @param name how the gradient is called
/// @param shape its shape
/// @param analytic the entries, row-major, with the bounds of their rounding
/// @param truth what the oracle says of each
/// @param largest_dy the size of the largest entry of dy
/// @param arithmetic that `backward` computed in
TensorReport judge_all(std::string name, const Shape& shape,
                       const std::vector<Bounded<double>>& analytic,
                       const std::vector<Estimate>& truth, double largest_dy,
                       const Arithmetic& arithmetic);

/// The report on a gradient whose shape is not that of its variable.
TensorReport wrong_shape(const std::string& name, const Shape& gradient, const Shape& variable);

} // namespace handgrad
