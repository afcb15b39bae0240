#pragma once

/// @file
/// The smallest case in which a gradient is still wrong, and the sum that it should have been,
/// worked by hand.

#include "../oracles/jacobian.hpp"
#include "report.hpp"

#include <functional>
#include <optional>

namespace handgrad {

/// A case that fails, smaller and with simpler numbers than the one it was found in.
struct SmallCase {
    Tensor<double> z;  ///< the input
    Tensor<double> dy; ///< the upstream gradient
    Entry entry;       ///< the worst entry of the gradient there
};

/// Shortens z along every axis, and makes its numbers whole, as long as the gradient stays wrong.
///
/// @param fails tells what is wrong with the gradient for a z and a dy, if anything
/// @param y_shape gives the shape of y for a z, or none where forward refuses it
/// @param found the case that fails
SmallCase shrink(const std::function<std::optional<Entry>(const Tensor<double>& z,
                                                          const Tensor<double>& dy)>& fails,
                 const std::function<std::optional<Shape>(const Tensor<double>& z)>& y_shape,
                 SmallCase found);

/// The case in words, with the sum that the entry should have been.
///
/// @param gradient its name: "dweight"
/// @param variable what it is the gradient of: "weight"
/// @param input which of the inputs of `structure` the entry belongs to
/// @param jacobian of the layer at the case's z
std::string to_text(const SmallCase& found, const std::string& gradient,
                    const std::string& variable, std::size_t input, const Structure& structure,
                    const std::vector<long double>& jacobian);

} // namespace handgrad
