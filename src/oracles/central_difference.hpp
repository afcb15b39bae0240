#pragma once

/// @file
/// The derivative of a black box by central differences, extrapolated to step 0, with an estimate
/// of its own error. Source: Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in
/// Engineering Software 4 (1982); Richardson, Phil. Trans. R. Soc. A 210 (1911).

#include "../tensor.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace handgrad {

/// A derivative that an oracle gives, and how far the truth may be from it.
struct Estimate {
    double value = 0;     ///< ∂⟨y, dy⟩/∂x
    double bound = 0;     ///< the truth is believed to lie in value ± bound
    double magnitude = 0; ///< Σ |dy ∂y/∂x|: the size of the terms whose sum `value` is
};

/// ∂⟨y(x), dy⟩/∂x by central differences on a ladder of halved steps, extrapolated to step 0.
///
/// Each rung is Σ dy (y(x + h) − y(x − h)) / 2h with the step that was really taken. The error of a
/// central difference is a series in h², so two rungs give a better value, three a better one
/// still; the change from one extrapolation to the next is the estimate of the error. The ladder
/// ends where the rounding of y outweighs what halving the step could gain. A large first step
/// spans kinks; the rungs below it do not, and the estimate says which to trust. Exactly on a kink
/// both sides of it count half, on every rung: what is found there is not a derivative.
///
/// @param y a function from one number x to a tensor
/// @param x where the derivative is taken
/// @param dy the weights of the sum, the shape of y
template <class Function>
Estimate central_difference(Function&& y, double x, const Tensor<double>& dy) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    // 2⁻² down to 2⁻²⁵: from a quarter of x to where rounding leaves half the digits
    constexpr std::size_t rungs = 24;
    const double first_step = 0.25 * std::max(1.0, std::exp2(std::floor(std::log2(std::abs(x)))));

    Estimate best;
    best.bound = std::numeric_limits<double>::infinity();
    std::array<double, rungs> previous{}, current{};
    double step = first_step;
    for (std::size_t rung = 0; rung < rungs; ++rung, step /= 2) {
        // Difference the outputs before adding them up: what does not depend on x cancels exactly
        const double above = x + step, below = x - step;
        const Tensor<double> y_above = y(above), y_below = y(below);
        double difference = 0, magnitude = 0, rounding = 0;
        for (auto position : range(dy.size())) {
            const double change = y_above.flat(position) - y_below.flat(position);
            difference += dy.flat(position) * change;
            magnitude += std::abs(dy.flat(position) * change);
            // Also an output that did not change may hide a change of less than one rounding
            rounding += epsilon * std::abs(dy.flat(position)) *
                        (std::abs(y_above.flat(position)) + std::abs(y_below.flat(position)));
        }
        const double taken = above - below;
        current[0] = difference / taken;

        // Extrapolate: each column takes one more power of h² out of the error
        double error = std::numeric_limits<double>::infinity();
        double power = 1;
        for (std::size_t column = 1; column <= rung; ++column) {
            power *= 4;
            current[column] = (power * current[column - 1] - previous[column - 1]) / (power - 1);
            error = std::max(std::abs(current[column] - current[column - 1]),
                             std::abs(current[column] - previous[column - 1])) +
                    rounding / taken;
            if (error < best.bound)
                best = {current[column], error, magnitude / taken};
        }

        // End the ladder where rounding, which doubles with every rung, is what limits it
        if (best.bound <= 2 * rounding / taken)
            break;
        previous = current;
    }
    return best;
}

} // namespace handgrad
