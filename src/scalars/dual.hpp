#pragma once

/// @file
/// Dual numbers: a value and its derivatives in several directions, carried through every
/// operation by the rules of differentiation.

#include "scalar.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace handgrad {

/// a + b₁ε₁ + … + b_Nε_N with ε·ε = 0: a value `a` and its derivative in N directions at once.
/// Evaluating f on a dual number gives f(a) and, exactly but for rounding, f′(a) b.
///
/// @tparam T the number underneath; a wider one makes the derivative a reference for a narrower.
/// @tparam N how many directions are followed in one evaluation.
template <class T, std::size_t N = 1>
struct Dual {
    T value{};                     ///< a
    std::array<T, N> derivative{}; ///< b₁, …, b_N

    Dual() = default;
    /// A constant: its derivative is 0 in every direction.
    Dual(const T& constant) : value(constant) {}
    /// A value and its derivatives.
    Dual(const T& value, const std::array<T, N>& derivative)
        : value(value), derivative(derivative) {}

    /// The variable that is moved in direction `direction`: its derivative there is 1.
    static Dual variable(const T& value, std::size_t direction = 0) {
        Dual z(value);
        z.derivative[direction] = T(1);
        return z;
    }

    /// (a + b)′ = a′ + b′
    Dual& operator+=(const Dual& b) {
        for (std::size_t d = 0; d < N; ++d)
            derivative[d] += b.derivative[d];
        value += b.value;
        return *this;
    }
    /// (a − b)′ = a′ − b′
    Dual& operator-=(const Dual& b) {
        for (std::size_t d = 0; d < N; ++d)
            derivative[d] -= b.derivative[d];
        value -= b.value;
        return *this;
    }
    /// (a b)′ = a′ b + a b′
    Dual& operator*=(const Dual& b) {
        for (std::size_t d = 0; d < N; ++d)
            derivative[d] = derivative[d] * b.value + value * b.derivative[d];
        value *= b.value;
        return *this;
    }
    /// (a / b)′ = (a′ − (a / b) b′) / b
    Dual& operator/=(const Dual& b) {
        value /= b.value;
        for (std::size_t d = 0; d < N; ++d)
            derivative[d] = (derivative[d] - value * b.derivative[d]) / b.value;
        return *this;
    }

    friend Dual operator+(Dual a, const Dual& b) { return a += b; }
    friend Dual operator-(Dual a, const Dual& b) { return a -= b; }
    friend Dual operator*(Dual a, const Dual& b) { return a *= b; }
    friend Dual operator/(Dual a, const Dual& b) { return a /= b; }
    friend Dual operator-(Dual a) {
        // 0 − a would turn −0 into 0
        a.value = -a.value;
        for (T& b : a.derivative)
            b = -b;
        return a;
    }
};

/// f(a) with the chain rule: f(a + bε) = f(a) + f′(a) b ε.
template <class T, std::size_t N>
Dual<T, N> chain(const Dual<T, N>& z, const T& f, const T& df) {
    Dual<T, N> y(f);
    for (std::size_t d = 0; d < N; ++d)
        y.derivative[d] = df * z.derivative[d];
    return y;
}

/// exp′ = exp
template <class T, std::size_t N>
Dual<T, N> exp(const Dual<T, N>& z) {
    using std::exp;
    const T y = exp(z.value);
    return chain(z, y, y);
}

/// log′(z) = 1 / z
template <class T, std::size_t N>
Dual<T, N> log(const Dual<T, N>& z) {
    using std::log;
    return chain(z, log(z.value), T(1) / z.value);
}

/// tanh′ = 1 − tanh²
template <class T, std::size_t N>
Dual<T, N> tanh(const Dual<T, N>& z) {
    using std::tanh;
    const T y = tanh(z.value);
    return chain(z, y, T(1) - y * y);
}

/// sqrt′(z) = 1 / (2 sqrt(z))
template <class T, std::size_t N>
Dual<T, N> sqrt(const Dual<T, N>& z) {
    using std::sqrt;
    const T y = sqrt(z.value);
    return chain(z, y, T(1) / (y + y));
}

/// sin′ = cos
template <class T, std::size_t N>
Dual<T, N> sin(const Dual<T, N>& z) {
    using std::cos;
    using std::sin;
    return chain(z, sin(z.value), cos(z.value));
}

/// cos′ = −sin
template <class T, std::size_t N>
Dual<T, N> cos(const Dual<T, N>& z) {
    using std::cos;
    using std::sin;
    return chain(z, cos(z.value), T(-sin(z.value)));
}

/// The real number that decides a branch: the value's.
template <class T, std::size_t N>
auto value_of(const Dual<T, N>& number) {
    return value_of(number.value);
}

} // namespace handgrad
