#pragma once

/// @file
/// exp, tanh, log, sin and cos by the algorithms of fdlibm, in + − × ÷ and bit operations alone, so
/// that every machine and every compiler gives the same bits.
///
/// They are the functions behind `Math.exp`, `Math.tanh`, `Math.log`, `Math.sin` and `Math.cos` of
/// the JavaScript engine V8 where it brings its own, bit by bit: in Node 20.20, 22.23, 24.21, 25.9
/// and 26.10, compared over a hundred thousand numbers each. V8 can be built to call another
/// library for some of them: Chromium 156 rounds sin, cos, exp and log correctly, which fdlibm, off
/// by less than one unit in the last place, does not always. Source of the algorithms and of all
/// coefficients without another reason: fdlibm 5.3, https://www.netlib.org/fdlibm.
///
/// `exp` and `tanh` take no branch: each is one formula whose parts are chosen by `select`, for
/// numbers that hold several values side by side. Such a number type brings its own `select`,
/// `abs`, `with_sign_of`, `truncate` and `power_of_two`, found by argument-dependent look-up.

#include "../errors.hpp"
#include "scalar.hpp"

#include <cstdint>
#include <limits>
#include <string_view>

#include <fmt/core.h>

namespace handgrad::elementary {

/// |x|, also of −0
inline double abs(double x) {
    return __builtin_fabs(x);
}

/// |size| with the sign of x
inline double with_sign_of(double x, double size) {
    return __builtin_copysign(size, x);
}

/// The whole number next to x on the side of 0; |x| < 2³¹.
inline double truncate(double x) {
    return static_cast<double>(static_cast<std::int32_t>(x));
}

/// 2^k for a whole number k from −1022 to 1023.
inline double power_of_two(double k) {
    // k + 1023 in the lowest bits of a double, moved up to where the exponent stands
    const double shifted = k + (0x1p52 + 1023);
    return __builtin_bit_cast(double, __builtin_bit_cast(std::uint64_t, shifted) << 52);
}

/// The first 33 bits of log(2), so few that k times it is exact.
inline constexpr double log2_high = 0x1.62e42feep-1;
/// What they lack.
inline constexpr double log2_low = 0x1.a39ef35793c76p-33;

/// x = k log(2) + r with a whole number k and |r| ≤ ½ log(2).
template <class V>
struct Reduced {
    V k;    ///< how many times log(2)
    V high; ///< r before it is rounded is high − low
    V low;  ///< see high
    V r;    ///< high − low, rounded
};

/// Takes the nearest multiple of log(2) off x, |x| < 2³⁰.
template <class V>
Reduced<V> reduce(const V& x) {
    // fdlibm compares the upper 32 bits of x with those of ½ log(2)
    constexpr double half_log2 = 0x1.62e43p-2;
    const V zero(0), half(0.5);
    const V size = abs(x);
    const V nearest = truncate(V(0x1.71547652b82fep0) * size + half); // |x| / log(2)
    const V k = select(size < V(half_log2), zero, with_sign_of(x, nearest));
    const V high = x - k * V(log2_high), low = k * V(log2_low);
    return {k, high, low, high - low};
}

/// exp(x)
template <class V>
V exp(const V& x) {
    const V one(1), two(2), zero(0);
    // Keep k small where the result is 0 or infinite anyway; what is no number remains none
    constexpr double overflow = 0x1.62e42fefa39efp9, underflow = -0x1.74910d52d3051p9;
    const V bounded =
        select(x > V(overflow), V(overflow), select(x < V(underflow), V(underflow), x));
    const auto [k, high, low, r] = reduce(bounded);

    // exp(r) = 1 + r + r c / (2 − c)
    const V t = r * r;
    const V c = r - t * (V(0x1.555555555553ep-3) +
                         t * (V(-0x1.6c16c16bebd93p-9) +
                              t * (V(0x1.1566aaf25de2cp-14) + t * (V(-0x1.bbd41c5d26bf1p-20) +
                                                                   t * V(0x1.6376972bea4d0p-25)))));
    const V y = one - ((low - (r * c) / (two - c)) - high);

    // Times 2^k in two steps, of which only the last can round
    const V first = truncate(k * V(0.5));
    const V scaled = y * power_of_two(first) * power_of_two(k - first);

    // Where fdlibm, or V8, has a case of its own
    const V tiny = select(abs(x) < V(0x1p-28), one + x, scaled);
    const V e = select(x == one, V(0x1.5bf0a8b145769p1), tiny);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return select(x > V(overflow), V(infinity), select(x < V(underflow), zero, e));
}

/// exp(x) − 1 where tanh needs it: −2 < x ≤ 44 with |x| ≥ 2⁻⁵⁴, and x ≥ 2 where positive.
///
/// fdlibm has two more cases, which such an x does not meet or whose last bit tanh does not show.
template <class V>
V expm1_for_tanh(const V& x) {
    const V one(1), zero(0);
    const auto [k, high, low, r] = reduce(x);
    const V lost = (high - r) - low; // what rounding took off r

    // exp(r) − 1 = r − e
    const V half_r = V(0.5) * r, square = r * half_r;
    const V r1 =
        one + square * (V(-0x1.11111111110f4p-5) +
                        square * (V(0x1.a01a019fe5585p-10) +
                                  square * (V(-0x1.4ce199eaadbb7p-14) +
                                            square * (V(0x1.0cfca86e65239p-18) +
                                                      square * V(-0x1.afdb76e09c32dp-23)))));
    const V t = V(3) - r1 * half_r;
    const V quotient = square * ((r1 - t) / (V(6) - r * t));
    const V e = ((r * (quotient - lost)) - lost) - square;

    // exp(x) − 1 = 2^k (r − e + 1 − 2^−k), summed up in the order that costs the fewest bits
    const V inverse = power_of_two(-k);
    const auto below = k < V(-1), minus_one = k == V(-1);
    const V first = select(below, one, select(minus_one, zero, one - inverse));
    const V last = select(below, inverse, select(minus_one, one, zero));
    const V up_to_19 = (first - (e - r)) - last;
    const V from_20 = (r - (e + inverse)) + one;
    return select(k < V(20), up_to_19, from_20) * power_of_two(k);
}

/// tanh(x)
//! [tanh]
template <class V>
V tanh(const V& x) {
    const V one(1), two(2);
    const V size = abs(x);
    const auto large = size >= one;

    // 1 − 2 / (exp(2|x|) + 1) from 1 on, −(exp(−2|x|) − 1) / (exp(−2|x|) + 1) below; from 22 on,
    // and somewhat before, it is 1 to the last bit
    const V doubled = two * select(size > V(22), V(22), size);
    const V t = expm1_for_tanh(select(large, doubled, -doubled));
    const V quotient = select(large, two, -t) / (t + two);
    const V y = select(large, one - quotient, quotient);
    return select(size < V(0x1p-28), x, with_sign_of(x, y));
}
//! [tanh]

namespace detail {

inline std::uint32_t upper_bits(double x) {
    return static_cast<std::uint32_t>(__builtin_bit_cast(std::uint64_t, x) >> 32);
}

inline double with_upper_bits(std::uint32_t upper, double x) {
    const std::uint64_t lower = __builtin_bit_cast(std::uint64_t, x) & 0xffffffff;
    return __builtin_bit_cast(double, std::uint64_t(upper) << 32 | lower);
}

inline int exponent_bits(double x) {
    return static_cast<int>(upper_bits(x) >> 20 & 0x7ff);
}

} // namespace detail

/// log(x) for a positive x that is no subnormal number: at least 2⁻¹⁰²².
/// @throws ValueError for another x
inline double log(double x) {
    if (!(x >= std::numeric_limits<double>::min() && x <= std::numeric_limits<double>::max()))
        throw ValueError(fmt::format("log: x is {}, it may be any normal positive number", x));

    // x = 2^k (1 + f) with 1 + f from √½ to √2
    const std::uint32_t upper = detail::upper_bits(x), mantissa = upper & 0xfffff;
    const std::uint32_t above_root = (mantissa + 0x95f64) & 0x100000;
    const double k = static_cast<double>(static_cast<int>(upper >> 20) - 1023 +
                                         static_cast<int>(above_root >> 20));
    const double f = detail::with_upper_bits(mantissa | (above_root ^ 0x3ff00000), x) - 1;
    const double k_high = k * log2_high, k_low = k * log2_low;

    // |f| < 2⁻²⁰
    if ((0xfffff & (2 + mantissa)) < 3) {
        if (f == 0)
            return k_high + k_low;
        const double R = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - R : k_high - ((R - k_low) - f);
    }

    // log(1 + f) = f − s (f − R) with s = f / (2 + f)
    const double s = f / (2 + f), z = s * s, w = z * z;
    const double even = w * (3.999999999940941908e-01 +
                             w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double odd = z * (6.666666666666735130e-01 +
                            w * (2.857142874366239149e-01 +
                                 w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double R = odd + even;
    if (mantissa > 0x6147a && mantissa < 0x6b851) {
        const double half_square = 0.5 * f * f;
        return k == 0 ? f - (half_square - s * (half_square + R))
                      : k_high - ((half_square - (s * (half_square + R) + k_low)) - f);
    }
    return k == 0 ? f - s * (f - R) : k_high - ((s * (f - R) - k_low) - f);
}

namespace detail {

/// x = n ½π + (r + rest) with |r| ≤ ¼π.
struct Angle {
    int n;
    double r, rest;
};

// ½π in parts of 33 bits, so that n times each is exact, and what is left after each
inline constexpr double half_pi_1 = 1.57079632673412561417e+00,
                        half_pi_1_rest = 6.07710050650619224932e-11,
                        half_pi_2 = 6.07710050630396597660e-11,
                        half_pi_2_rest = 2.02226624879595063154e-21,
                        half_pi_3 = 2.02226624871116645580e-21,
                        half_pi_3_rest = 8.47842766036889956997e-32;

// An angle from 0 to 823549.5
inline Angle reduced_from_positive(double x) {
    const std::uint32_t upper = upper_bits(x);
    constexpr double half_pi = 1.57079632679489661923;
    if (upper <= upper_bits(half_pi / 2))
        return {0, x, 0};

    const bool below_three_quarters = upper < upper_bits(1.5 * half_pi);
    const int n = below_three_quarters ? 1 : static_cast<int>(x * 6.36619772367581382433e-01 + 0.5);
    const double count = n;
    double r = x - count * half_pi_1, rest = count * half_pi_1_rest;
    double y = r - rest;

    // Close to a multiple of ½π, most of x goes away and more of ½π is needed
    const bool close = upper == upper_bits(count * half_pi) || n >= 32;
    if (close && (below_three_quarters || exponent_bits(x) - exponent_bits(y) > 16)) {
        double before = r, part = count * half_pi_2;
        r = before - part;
        rest = count * half_pi_2_rest - ((before - r) - part);
        y = r - rest;
        if (!below_three_quarters && exponent_bits(x) - exponent_bits(y) > 49) {
            before = r;
            part = count * half_pi_3;
            r = before - part;
            rest = count * half_pi_3_rest - ((before - r) - part);
            y = r - rest;
        }
    }
    return {n, y, (r - y) - rest};
}

inline Angle reduced_angle(std::string_view who, double x) {
    // 2¹⁹ ½π; beyond, the parts of ½π are not enough
    constexpr double most = 823549.5;
    if (!(abs(x) <= most))
        throw ValueError(fmt::format("{}: x is {}, it may be from -{} to {}", who, x, most, most));
    const Angle angle = reduced_from_positive(abs(x));
    return __builtin_signbit(x) ? Angle{-angle.n, -angle.r, -angle.rest} : angle;
}

// sin(r + rest) for |r| ≤ ¼π; `exact` says that there is no rest
inline double sin_near_0(double r, double rest, bool exact = false) {
    if (abs(r) < 0x1p-27)
        return r;
    const double z = r * r, v = z * r;
    const double sum =
        8.33333333332248946124e-03 +
        z * (-1.98412698298579493134e-04 +
             z * (2.75573137070700676789e-06 +
                  z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
    constexpr double first = -1.66666666666666324348e-01;
    if (exact)
        return r + v * (first + z * sum);
    return r - ((z * (0.5 * rest - v * sum) - rest) - v * first);
}

// cos(r + rest) for |r| ≤ ¼π
inline double cos_near_0(double r, double rest) {
    const std::uint32_t upper = upper_bits(abs(r));
    if (abs(r) < 0x1p-27)
        return 1;
    const double z = r * r;
    const double sum =
        z * (4.16666666666666019037e-02 +
             z * (-1.38888888888741095749e-03 +
                  z * (2.48015872894767294178e-05 +
                       z * (-2.75573143513906633035e-07 +
                            z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    if (upper < 0x3fd33333) // about 0.3
        return 1 - (0.5 * z - (z * sum - r * rest));
    // Take about ¼|r| off 1 first, so that ½ r² − it is small
    const double part = upper > 0x3fe90000 ? 0.28125 : with_upper_bits(upper - 0x200000, 0);
    const double half_square = 0.5 * z - part, a = 1 - part;
    return a - (half_square - (z * sum - r * rest));
}

} // namespace detail

/// sin(x)
/// @throws ValueError unless |x| ≤ 823549.5, some 2¹⁹ right angles
inline double sin(double x) {
    const auto [n, r, rest] = detail::reduced_angle("sin", x);
    const double size =
        n % 2 == 0 ? detail::sin_near_0(r, rest, n == 0) : detail::cos_near_0(r, rest);
    return (n & 2) == 0 ? size : -size;
}

/// cos(x)
/// @throws ValueError unless |x| ≤ 823549.5, some 2¹⁹ right angles
inline double cos(double x) {
    const auto [n, r, rest] = detail::reduced_angle("cos", x);
    const double size = n % 2 == 0 ? detail::cos_near_0(r, rest) : detail::sin_near_0(r, rest);
    return ((n + 1) & 2) == 0 ? size : -size;
}

} // namespace handgrad::elementary
