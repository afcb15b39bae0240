#pragma once

/// @file
/// A floating-point number that knows how far rounding may have taken it from the truth: running
/// error analysis. Source: Wilkinson, "Error analysis revisited", IMA Bulletin 22 (1986); Higham,
/// "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 3.3.

#include "scalar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace handgrad {

/// A computed value and a bound on |computed − true|, where true is what exact arithmetic would
/// have given from the same inputs. Every operation adds the rounding that it commits and what the
/// errors of its operands become.
///
/// Branches are taken by the computed value; where rounding could have taken another branch, the
/// bound does not know.
///
/// @tparam T float, double or long double: the arithmetic that is judged
template <std::floating_point T>
struct Bounded {
    T value{};      ///< what was computed
    double bound{}; ///< the truth lies in value ± bound

    Bounded() = default;
    /// A number that is exactly what it is, once rounded to T.
    template <class U>
    requires std::is_arithmetic_v<U> Bounded(U exact) : value(static_cast<T>(exact)) {}
    /// A number that is known to within `bound`.
    Bounded(T value, double bound) : value(value), bound(bound) {}

    /// Half a unit in the last place of `computed`, or of the smallest number: what one rounding to
    /// nearest may take away. Near the smallest double the bound itself, a sum of up to three
    /// products, is rounded by as much: four times as much is claimed.
    static double rounding(T computed) {
        constexpr double unit = std::numeric_limits<T>::epsilon() / 2;
        constexpr double smallest =
            std::max(static_cast<double>(std::numeric_limits<T>::denorm_min()) / 2,
                     4 * std::numeric_limits<double>::denorm_min());
        return unit * std::abs(static_cast<double>(computed)) + smallest;
    }

    /// A result that was rounded `roundings` times, whose operands brought an error of `brought`.
    static Bounded rounded(T computed, double brought, double roundings = 1) {
        // The bound is computed in double and rounded itself, a few times by one part in 2⁵³
        constexpr double room = 1 + 8 * std::numeric_limits<double>::epsilon();
        return {computed, room * (brought + roundings * rounding(computed))};
    }

    Bounded& operator+=(const Bounded& b) {
        return *this = rounded(value + b.value, bound + b.bound);
    }
    Bounded& operator-=(const Bounded& b) {
        return *this = rounded(value - b.value, bound + b.bound);
    }
    Bounded& operator*=(const Bounded& b) {
        return *this =
                   rounded(value * b.value, size() * b.bound + bound * b.size() + bound * b.bound);
    }
    Bounded& operator/=(const Bounded& b) {
        const T quotient = value / b.value;
        const double divisor = b.size() - b.bound;
        const double brought =
            divisor > 0 ? (bound + std::abs(static_cast<double>(quotient)) * b.bound) / divisor
                        : std::numeric_limits<double>::infinity();
        // |quotient| here is the computed one, itself off by a rounding
        return *this = rounded(quotient, brought, 2);
    }

    friend Bounded operator+(Bounded a, const Bounded& b) { return a += b; }
    friend Bounded operator-(Bounded a, const Bounded& b) { return a -= b; }
    friend Bounded operator*(Bounded a, const Bounded& b) { return a *= b; }
    friend Bounded operator/(Bounded a, const Bounded& b) { return a /= b; }
    friend Bounded operator-(const Bounded& a) { return {-a.value, a.bound}; }

    /// |value|
    double size() const { return std::abs(static_cast<double>(value)); }
};

/// How many roundings a function of the mathematics library may commit: glibc's tables of known
/// errors list at most 2 units in the last place for exp, log, sqrt, sin, cos and tanh, which is 4
/// half units.
inline constexpr double library_roundings = 4;

/// |exp(a + δ) − exp(a)| ≤ exp(a) (exp(|δ|) − 1)
template <class T>
Bounded<T> exp(const Bounded<T>& a) {
    const T y = std::exp(a.value);
    return Bounded<T>::rounded(y,
                               std::abs(static_cast<double>(y)) * std::expm1(a.bound) *
                                   (1 + 4 * static_cast<double>(std::numeric_limits<T>::epsilon())),
                               library_roundings);
}

/// |log(a + δ) − log(a)| ≤ −log(1 − |δ| / a)
template <class T>
Bounded<T> log(const Bounded<T>& a) {
    const double relative = a.bound / a.size();
    const double brought =
        relative < 1 ? -std::log1p(-relative) : std::numeric_limits<double>::infinity();
    return Bounded<T>::rounded(std::log(a.value), brought, library_roundings);
}

/// tanh is steepest where |z| is least: |tanh(a + δ) − tanh(a)| ≤ |δ| (1 − tanh²(|a| − |δ|))
template <class T>
Bounded<T> tanh(const Bounded<T>& a) {
    const double nearest = std::tanh(std::max(0.0, a.size() - a.bound));
    // 1 − tanh² is computed with an error of a few units of 1, which must not shrink the bound
    const double slope =
        std::min(1.0, 1 - nearest * nearest + 4 * std::numeric_limits<double>::epsilon());
    return Bounded<T>::rounded(std::tanh(a.value), a.bound * slope, library_roundings);
}

/// |sqrt(a + δ) − sqrt(a)| ≤ |δ| / sqrt(a), and at most sqrt(|δ|)
template <class T>
Bounded<T> sqrt(const Bounded<T>& a) {
    const T y = std::sqrt(a.value);
    const double brought = std::min(std::sqrt(a.bound), a.bound / static_cast<double>(y));
    return Bounded<T>::rounded(y, y > 0 ? brought : std::sqrt(a.bound), library_roundings);
}

/// |sin(a + δ) − sin(a)| ≤ |δ|
template <class T>
Bounded<T> sin(const Bounded<T>& a) {
    return Bounded<T>::rounded(std::sin(a.value), a.bound, library_roundings);
}

/// |cos(a + δ) − cos(a)| ≤ |δ|
template <class T>
Bounded<T> cos(const Bounded<T>& a) {
    return Bounded<T>::rounded(std::cos(a.value), a.bound, library_roundings);
}

/// ||a + δ| − |a|| ≤ |δ|, and nothing is rounded
template <class T>
Bounded<T> abs(const Bounded<T>& a) {
    return {std::abs(a.value), a.bound};
}

/// The real number that decides a branch: the computed value.
template <class T>
T value_of(const Bounded<T>& number) {
    return number.value;
}

} // namespace handgrad
