#pragma once

/// @file
/// How far rounding can carry a result, derived from the operations that made it.

#include "tensor.hpp"

#include <cmath>
#include <limits>

namespace handgrad::testing {

/// What an elementary function (exp, log, tanh, sin, also of a complex number) counts for: the
/// GNU C library's manual gives at most 2 units in the last place, and a rounding is half a unit.
constexpr std::size_t elementary = 4;

/// What a division of complex numbers counts for: of each part 2 products and their sum, of the
/// denominator 2 products and their sum, 1 quotient.
constexpr std::size_t complex_division = 7;

/// What a layer is tested with where whole numbers make every operation exact: no rounding at all.
constexpr std::size_t exact = 0;

/// The bound γ · magnitude with γ = n u / (1 − n u): where `magnitude` is the sum of the sizes of
/// all terms, a result that went through n roundings, each off by at most a relative u, is no
/// further than this from the true one (Higham, Accuracy and Stability of Numerical Algorithms,
/// 2nd ed., section 3.1).
/// @tparam T the number type that rounded; u is half its machine epsilon
template <class T>
double rounding_bound(std::size_t roundings, double magnitude) {
    const double n_u = static_cast<double>(roundings) *
                       (static_cast<double>(std::numeric_limits<T>::epsilon()) / 2);
    return n_u / (1 - n_u) * magnitude;
}

/// How far apart two results may be that both went through so many roundings.
template <class T>
double rounding_gap(std::size_t roundings, double magnitude) {
    return 2 * rounding_bound<T>(roundings, magnitude);
}

/// The sum of the sizes of all entries.
template <class T>
double magnitude(const Tensor<T>& tensor) {
    double sum = 0;
    for (const T& entry : tensor)
        sum += static_cast<double>(std::abs(entry));
    return sum;
}

} // namespace handgrad::testing
