#pragma once

/// @file
/// From a wrong gradient to the mistake that made it: every known mistake is tried on the right
/// Jacobian, and the one that gives the wrong gradient in every entry is named.

#include "../layers/window.hpp"
#include "../oracles/jacobian.hpp"
#include "report.hpp"

#include <functional>
#include <optional>

namespace handgrad {

/// What is known of a layer whose gradient is wrong.
struct Evidence {
    std::string layer;                  ///< its name, for the page of the book
    std::vector<Tensor<double>> inputs; ///< z, then the parameters
    Tensor<double> y;                   ///< what forward gave
    Tensor<double> dy;                  ///< the upstream gradient
    Structure structure;                ///< which inputs each output depends on
    std::vector<double> jacobian;       ///< ∂y/∂input, in the order of `structure.input`
    double precision = 1e-11; ///< how well the Jacobian is known, relative to its largest entries
    std::optional<Window> window; ///< how the layer's window moves, if it has one
    /// The right gradient of every input, one after the other, at other inputs of the same shapes.
    std::function<std::vector<double>(const std::vector<Tensor<double>>&)> gradient_at;
};

/// The mistakes that give exactly this wrong gradient, most specific first, at most three.
///
/// @param place which input the gradient belongs to: 0 for z, then the parameters
/// @param wrong the gradient that backward gave
/// @param right the gradient that it should have given
std::vector<Mistake> diagnose(const Evidence& evidence, std::size_t place,
                              const Tensor<double>& wrong, const Tensor<double>& right);

} // namespace handgrad
