#pragma once

/// @file
/// Random tensors that a person can read and that every machine draws alike.

#include "tensor.hpp"

#include <random>

namespace handgrad::testing {

/// Whole numbers from −9 to 9 without 0, the same for the same seed everywhere. Sums of products
/// of them are exact in every number type as long as they stay below 2²⁴, which a float holds.
inline Tensor<double> whole_numbers(const Shape& shape, unsigned seed) {
    // The standard fixes what mt19937 draws, but not what its distributions make of it
    std::mt19937 draw(seed);
    return elementwise(zeros<double>(shape), [&](double) {
        const auto size = static_cast<double>(draw() % 9 + 1);
        return draw() % 2 == 0 ? size : -size;
    });
}

/// Quarters from −2.25 to 2.25 without 0: short in decimal, exact in binary.
inline Tensor<double> quarters(const Shape& shape, unsigned seed) {
    return elementwise(whole_numbers(shape, seed), [](double number) { return number / 4; });
}

} // namespace handgrad::testing
