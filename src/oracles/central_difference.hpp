#pragma once

/// @file
/// The derivative of a black box by central differences, extrapolated to step 0, with an estimate
/// of its own error. Source: Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in
/// Engineering Software 4 (1982); Richardson, Phil. Trans. R. Soc. A 210 (1911).

#include "estimate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace handgrad {

/// A ladder of central differences with halved steps, extrapolated to step 0.
///
/// The error of a central difference is a series in h², so two rungs give a better value, three a
/// better one still; the change from one extrapolation to the next is the estimate of the error.
/// The ladder ends where the rounding of y outweighs what halving the step could gain. A large
/// first step spans kinks; the rungs below it do not, and the estimate says which to trust. Exactly
/// on a kink both sides of it count half, on every rung: what is found there is not a derivative.
class Ladder {
public:
    /// 2⁻² down to 2⁻²⁵: from a quarter of x to where rounding leaves half the digits.
    static constexpr std::size_t rungs = 24;

    /// @param x where the derivative is taken
    explicit Ladder(double x)
        : step_(0.25 * std::max(1.0, std::exp2(std::floor(std::log2(std::abs(x)))))), x_(x) {
        best_.bound = std::numeric_limits<double>::infinity();
    }

    /// @{ Where y is needed next, or so many rungs further down.
    double above(int rungs_down = 0) const { return x_ + std::ldexp(step_, -rungs_down); }
    double below(int rungs_down = 0) const { return x_ - std::ldexp(step_, -rungs_down); }
    /// @}

    /// Is the estimate as good as it will be?
    bool done() const { return done_; }

    /// What was found.
    const Estimate& best() const { return best_; }

    /// One output, weighted with its dy: y at `above()` and y at `below()`.
    /// @param noise how far rounding may have taken each y, where that is known to be more than its
    ///        last digit
    void add(double dy, double y_above, double y_below, double noise = 0) {
        // Difference the outputs before adding them up: what does not depend on x cancels exactly
        const double change = y_above - y_below;
        difference_ += dy * change;
        magnitude_ += std::abs(dy * change);
        // Also an output that did not change may hide a change of less than one rounding
        constexpr double epsilon = std::numeric_limits<double>::epsilon();
        rounding_ +=
            std::abs(dy) * std::max(epsilon * (std::abs(y_above) + std::abs(y_below)), 2 * noise);
    }

    /// All outputs of this rung are added: extrapolates, and goes down to the next one.
    void climb_down() {
        // The step that was really taken, which rounding makes differ from the one intended
        const double taken = above() - below();
        std::array<double, rungs> current{};
        current[0] = difference_ / taken;

        // Extrapolate: each column takes one more power of h² out of the error
        double power = 1;
        for (std::size_t column = 1; column <= rung_; ++column) {
            power *= 4;
            current[column] = (power * current[column - 1] - previous_[column - 1]) / (power - 1);
            const double error = std::max(std::abs(current[column] - current[column - 1]),
                                          std::abs(current[column] - previous_[column - 1])) +
                                 rounding_ / taken;
            if (error < best_.bound)
                best_ = {current[column], error, magnitude_ / taken};
        }

        // End the ladder where rounding, which doubles with every rung, is what limits it; where y
        // is infinite, neither is known
        const bool rounding_limits =
            std::isfinite(best_.bound) && best_.bound <= 2 * rounding_ / taken;
        done_ = rounding_limits || ++rung_ == rungs;
        previous_ = current;
        step_ /= 2;
        difference_ = magnitude_ = rounding_ = 0;
    }

private:
    double step_, x_;
    std::size_t rung_ = 0;
    bool done_ = false;
    Estimate best_;
    std::array<double, rungs> previous_{};
    double difference_ = 0, magnitude_ = 0, rounding_ = 0; // of the rung at hand
};

/// ∂⟨y(x), dy⟩/∂x of a black box.
///
/// @param y a function from one number x to a tensor
/// @param x where the derivative is taken
/// @param dy the weights of the sum, the shape of y
template <class Function>
Estimate central_difference(Function&& y, double x, const Tensor<double>& dy) {
    Ladder ladder(x);
    while (!ladder.done()) {
        const Tensor<double> above = y(ladder.above()), below = y(ladder.below());
        for (auto position : range(dy.size()))
            ladder.add(dy.flat(position), above.flat(position), below.flat(position));
        ladder.climb_down();
    }
    return ladder.best();
}

} // namespace handgrad
