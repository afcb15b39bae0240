#pragma once

/// @file
/// Which inputs of a layer can be moved at once without meeting in an output. Source: Curtis,
/// Powell, Reid, "On the estimation of sparse Jacobian matrices", IMA J. Appl. Math. 13 (1974).

#include "jacobian.hpp"

#include <cstdint>
#include <vector>

namespace handgrad {

/// A colour for each input, such that no output depends on two inputs of one colour.
struct Colouring {
    std::vector<std::uint32_t> colour; ///< of each input
    std::size_t colours = 0;           ///< how many there are
};

/// Gives every input the first colour that none of its outputs has yet.
Colouring colouring_of(const Structure& structure);

} // namespace handgrad
