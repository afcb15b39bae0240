#pragma once

/// @file
/// How far rounding reaches, found by rounding otherwise: what is computed again with the processor
/// rounding up, down and towards zero moves by about as much as it was wrong. Source: Kahan, "How
/// Futile are Mindless Assessments of Roundoff in Floating-Point Computation?" (2006), section 12.

#include "jacobian.hpp"

#include <cfenv>

namespace handgrad {

/// Four times what three other roundings move a number by is taken for a bound: three samples of
/// what rounding can do are an estimate, no proof.
inline constexpr double room_for_other_roundings = 4;

/// Lets the processor round in another direction until it goes out of scope.
class Rounding {
public:
    /// @param direction FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO or FE_TONEAREST
    explicit Rounding(int direction) : before_(std::fegetround()) { std::fesetround(direction); }
    ~Rounding() { std::fesetround(before_); }
    Rounding(const Rounding&) = delete;
    Rounding& operator=(const Rounding&) = delete;

private:
    int before_;
};

/// The directions in which numbers are not rounded as a rule.
inline constexpr std::array<int, 3> other_roundings = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/// How far rounding may have taken every entry of a Jacobian by forward mode.
///
/// Where another rounding takes another branch, that one says nothing.
/// @param recipe makes the layer
/// @param inputs z, then the parameters in the layer's order
/// @param jacobian what forward mode gave there
std::vector<double> rounding_of_jacobian(const AnyRecipe& recipe,
                                         const std::vector<Tensor<double>>& inputs,
                                         const Jacobian<long double>& jacobian);

/// How far rounding may have taken every entry of y.
/// @param forward gives y
/// @param y what it gave
template <class Forward>
Tensor<double> rounding_of_forward(Forward&& forward, const Tensor<double>& y) {
    auto moved = zeros<double>(shape_of(y));
    for (int direction : other_roundings) {
        const Tensor<double> again = [&] {
            const Rounding rounding(direction);
            return Tensor<double>(forward());
        }();
        for (auto j : range(y.size()))
            moved.flat(j) = std::max(moved.flat(j), std::abs(again.flat(j) - y.flat(j)));
    }
    for (double& entry : moved)
        entry *= room_for_other_roundings;
    return moved;
}

} // namespace handgrad
