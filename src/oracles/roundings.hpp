#pragma once

/// @file
/// How far rounding reaches, found by rounding otherwise: what is computed again with the processor
/// rounding up, down and towards zero moves by about as much as it was wrong. Source: Kahan,
/// "Desperately Needed Remedies for the Undebuggability of Large Floating-Point Computations in
/// Science and Engineering" (2011), on recomputation with redirected roundings.

#include "jacobian.hpp"

#include <algorithm>
#include <array>
#include <cfenv>
#include <cmath>
#include <new>
#include <optional>

namespace handgrad {

/// Puts the processor's rounding back to what it was, when it goes out of scope.
class RoundingKept {
public:
    RoundingKept() = default;
    /// Until then, numbers are rounded in another direction.
    /// @param direction FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO or FE_TONEAREST
    explicit RoundingKept(int direction) { std::fesetround(direction); }
    ~RoundingKept() { std::fesetround(before_); }
    RoundingKept(const RoundingKept&) = delete;
    RoundingKept& operator=(const RoundingKept&) = delete;

    bool changed() const { return std::fegetround() != before_; } ///< does it have to be put back?

private:
    int before_ = std::fegetround();
};

/// Gives `take` what `compute` gives with each of the roundings that are not the usual one. Where
/// `compute` throws, as a layer may that asserts what only the usual one keeps, that one says
/// nothing.
template <class Compute, class Take>
void with_other_roundings(Compute compute, Take take) {
    for (const int direction : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        std::optional<decltype(compute())> again;
        try {
            const RoundingKept rounding(direction);
            again.emplace(compute());
        } catch (const std::bad_alloc&) {
            throw;
        } catch (...) {
            continue;
        }
        take(*again);
    }
}

/// Four times what three other roundings move a number by is taken for a bound: three samples of
/// what rounding can do are an estimate, no proof.
inline constexpr double room_for_other_roundings = 4;

/// How far rounding may have taken every entry of a Jacobian by forward mode. Another rounding that
/// takes another branch says nothing.
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
Tensor<double> rounding_of_forward(Forward forward, const Tensor<double>& y) {
    auto rounding = zeros<double>(shape_of(y));
    with_other_roundings(forward, [&](const Tensor<double>& again) {
        for (auto j : range(y.size()))
            rounding.flat(j) = std::max(rounding.flat(j), room_for_other_roundings *
                                                              std::abs(again.flat(j) - y.flat(j)));
    });
    return rounding;
}

} // namespace handgrad
