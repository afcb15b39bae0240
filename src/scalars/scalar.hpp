#pragma once

/// @file
/// What a layer asks of its numbers: + − × ÷, and one real number that decides branches.

#include <cmath>
#include <complex>
#include <concepts>

namespace handgrad {

/// The real number that decides a branch: the number itself.
template <std::floating_point T>
T value_of(T number) {
    return number;
}

/// The real number that decides a branch: the real part. In a complex step the imaginary part is
/// the infinitely small perturbation, which must not change which branch is taken.
template <std::floating_point T>
T value_of(const std::complex<T>& number) {
    return number.real();
}

/// `a` where `condition` holds, else `b`.
///
/// A number that holds several values side by side has a comparison that holds several answers, and
/// a `select` of its own, which chooses for each value apart.
template <class T>
T select(bool condition, const T& a, const T& b) {
    return condition ? a : b;
}

/// A number type that a layer can compute with.
template <class T>
concept Scalar = std::copyable<T> && requires(T a, const T& b) {
    T(0.5);
    { a + b } -> std::convertible_to<T>;
    { a - b } -> std::convertible_to<T>;
    { a* b } -> std::convertible_to<T>;
    { a / b } -> std::convertible_to<T>;
    a += b;
    { select(value_of(b) < value_of(b), b, b) } -> std::convertible_to<T>;
};

} // namespace handgrad
