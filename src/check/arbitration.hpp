#pragma once

/// @file
/// Who is to blame where a gradient and the oracles do not agree: a third oracle decides.

#include "report.hpp"

#include <optional>

namespace handgrad {

/// What each of the three oracles says of one entry. None of them knows `backward`, and they share
/// nothing but `forward`.
struct Opinions {
    Opinion forward_mode;                ///< dual numbers
    std::optional<Opinion> complex_step; ///< none where forward does not work on complex numbers
    Opinion differences;                 ///< central differences, extrapolated
};

/// Do two opinions leave a number that both allow?
bool agree(const Opinion& a, const Opinion& b);

/// Who is to blame, in a sentence: backward, forward, or one of the oracles.
/// @param backward what backward gave, and how far rounding may have taken it
std::string arbitrate(const Opinion& backward, const Opinions& opinions);

} // namespace handgrad
