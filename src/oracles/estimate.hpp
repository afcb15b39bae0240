#pragma once

/// @file
/// What an oracle says of a derivative.

#include "../tensor.hpp"

namespace handgrad {

/// A derivative that an oracle gives, and how far the truth may be from it.
struct Estimate {
    double value = 0;      ///< ∂⟨y, dy⟩/∂x
    double bound = 0;      ///< the truth is believed to lie in value ± bound
    double magnitude = 0;  ///< Σ |dy ∂y/∂x|: the size of the terms whose sum `value` is
    std::size_t terms = 0; ///< how many terms these are; 0 where the oracle does not know
};

} // namespace handgrad
