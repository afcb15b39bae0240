#pragma once

/// @file
/// Several numbers side by side in one register of the processor: lanes, each of which computes as
/// if it were alone.
///
/// The register is the parameter. `Lanes<double>` has one lane; simd_lanes.hpp has registers of
/// more. Every operation is one IEEE 754 operation a lane, and exp and tanh are made of such
/// operations (elementary.hpp), so that a lane has the same bits in any register, on any machine.

#include "elementary.hpp"
#include "scalar.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace handgrad {

/// What a register can do besides + − × ÷ and comparison.
template <class Register>
struct RegisterTraits;

/// A single number as a register of one lane.
//! [one lane]
template <>
struct RegisterTraits<double> {
    using Mask = bool;                      ///< what a comparison gives
    static constexpr std::size_t lanes = 1; ///< how many numbers there are

    static double broadcast(double number) { return number; }      ///< `number` in all lanes
    static double load(const double* numbers) { return *numbers; } ///< one for each lane
    static void store(double a, double* numbers) { *numbers = a; } ///< one from each lane
    static double select(bool m, double a, double b) { return m ? a : b; } ///< a where m, else b
    static double abs(double a) { return elementary::abs(a); }             ///< |a|
    /// |size| with the sign of a
    static double with_sign_of(double a, double size) { return elementary::with_sign_of(a, size); }
    static double truncate(double a) { return elementary::truncate(a); }         ///< towards 0
    static double power_of_two(double k) { return elementary::power_of_two(k); } ///< 2^k
};
//! [one lane]

/// One number a lane, computed with as if it were one number.
template <class Register>
struct Lanes {
    using Traits = RegisterTraits<Register>;            ///< what the register can do
    using Mask = typename Traits::Mask;                 ///< one answer a lane
    static constexpr std::size_t lanes = Traits::lanes; ///< how many there are

    Register numbers = Traits::broadcast(0); ///< one a lane

    Lanes() = default;
    /// The same number in every lane.
    template <class U>
    requires std::is_arithmetic_v<U> Lanes(U number)
        : numbers(Traits::broadcast(static_cast<double>(number))) {}

    /// What a register holds.
    static Lanes of(const Register& numbers) {
        Lanes result;
        result.numbers = numbers;
        return result;
    }

    /// `number(0)`, `number(1)`, …, one for each lane.
    template <class Function>
    requires std::invocable<Function, std::size_t>
    static Lanes each(Function number) {
        double buffer[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane)
            buffer[lane] = number(lane);
        return of(Traits::load(buffer));
    }

    /// The number in one lane.
    double lane(std::size_t place) const {
        double buffer[lanes];
        Traits::store(numbers, buffer);
        return buffer[place];
    }

    Lanes& operator+=(const Lanes& b) { return *this = *this + b; } ///< lane by lane
    Lanes& operator-=(const Lanes& b) { return *this = *this - b; } ///< lane by lane
    Lanes& operator*=(const Lanes& b) { return *this = *this * b; } ///< lane by lane
    Lanes& operator/=(const Lanes& b) { return *this = *this / b; } ///< lane by lane

    friend Lanes operator+(const Lanes& a, const Lanes& b) { return of(a.numbers + b.numbers); }
    friend Lanes operator-(const Lanes& a, const Lanes& b) { return of(a.numbers - b.numbers); }
    friend Lanes operator*(const Lanes& a, const Lanes& b) { return of(a.numbers * b.numbers); }
    friend Lanes operator/(const Lanes& a, const Lanes& b) { return of(a.numbers / b.numbers); }
    friend Lanes operator-(const Lanes& a) { return of(-a.numbers); }

    friend Mask operator<(const Lanes& a, const Lanes& b) { return a.numbers < b.numbers; }
    friend Mask operator>(const Lanes& a, const Lanes& b) { return a.numbers > b.numbers; }
    friend Mask operator<=(const Lanes& a, const Lanes& b) { return a.numbers <= b.numbers; }
    friend Mask operator>=(const Lanes& a, const Lanes& b) { return a.numbers >= b.numbers; }
    friend Mask operator==(const Lanes& a, const Lanes& b) { return a.numbers == b.numbers; }

    /// In every lane a where the condition holds, else b.
    friend Lanes select(const Mask& condition, const Lanes& a, const Lanes& b) {
        return of(Traits::select(condition, a.numbers, b.numbers));
    }
    /// |a|
    friend Lanes abs(const Lanes& a) { return of(Traits::abs(a.numbers)); }
    /// |size| with the sign of a
    friend Lanes with_sign_of(const Lanes& a, const Lanes& size) {
        return of(Traits::with_sign_of(a.numbers, size.numbers));
    }
    /// The whole number next to a on the side of 0; |a| < 2³¹.
    friend Lanes truncate(const Lanes& a) { return of(Traits::truncate(a.numbers)); }
    /// 2^k for whole numbers k from −1022 to 1023.
    friend Lanes power_of_two(const Lanes& k) { return of(Traits::power_of_two(k.numbers)); }

    /// exp as fdlibm has it
    friend Lanes exp(const Lanes& z) { return elementary::exp(z); }
    /// tanh as fdlibm has it
    friend Lanes tanh(const Lanes& z) { return elementary::tanh(z); }

    /// Is every lane finite?
    friend bool isfinite(const Lanes& a) { return a.first_not_finite() == lanes; }

    /// What a message says of the lanes: the first number that is not finite, else the first.
    explicit operator double() const { return lane(first_not_finite() % lanes); }

private:
    std::size_t first_not_finite() const {
        std::size_t place = 0;
        while (place < lanes && elementary::abs(lane(place)) <= std::numeric_limits<double>::max())
            ++place;
        return place;
    }
};

/// The number that decides a branch, of one lane.
inline double value_of(const Lanes<double>& number) {
    return number.numbers;
}

/// The numbers that decide which of two values `select` takes, one a lane.
template <class Register>
const Lanes<Register>& value_of(const Lanes<Register>& number) {
    return number;
}

} // namespace handgrad
