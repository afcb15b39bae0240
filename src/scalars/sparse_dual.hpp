#pragma once

/// @file
/// Dual numbers in as many directions as there are inputs, of which only those that count are kept.

#include "scalar.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace handgrad {

/// A value and its derivative by every input that it was computed from: a dual number (see
/// dual.hpp) with one direction an input, without the directions in which nothing moves. One
/// evaluation of a layer gives its whole Jacobian, and which of its entries are 0 by structure.
///
/// An output that was computed from an input has a term for it, also where the derivative happens
/// to be 0. Branches are taken by the value, so that this holds for the inputs at hand, and for
/// those near them that take the same branches.
///
/// @tparam T the number underneath
template <class T>
class SparseDual {
public:
    /// The derivative by one input. Without the gaps that would align it: large layers have
    /// millions of terms, and fetching their memory takes longer than computing them.
    struct __attribute__((packed, aligned(4))) Term {
        std::uint32_t input; ///< which: 0, 1, 2, …
        T derivative;        ///< ∂value/∂input
    };

    T value{}; ///< the number itself

    SparseDual() = default;
    /// A constant: it depends on no input.
    SparseDual(const T& constant) : value(constant) {}

    /// The input number `input`.
    static SparseDual variable(const T& value, std::uint32_t input) {
        SparseDual z(value);
        z.terms_.push_back({input, T(1)});
        return z;
    }

    /// The derivatives, one term an input, in ascending order.
    const std::vector<Term>& terms() {
        merge();
        return terms_;
    }

    /// (a + b)′ = a′ + b′
    friend SparseDual operator+(const SparseDual& a, const SparseDual& b) {
        return combine(a.value + b.value, T(1), a, T(1), b);
    }
    /// (a − b)′ = a′ − b′
    friend SparseDual operator-(const SparseDual& a, const SparseDual& b) {
        return combine(a.value - b.value, T(1), a, T(-1), b);
    }
    /// (a b)′ = b a′ + a b′
    friend SparseDual operator*(const SparseDual& a, const SparseDual& b) {
        return combine(a.value * b.value, b.value, a, a.value, b);
    }
    /// (a / b)′ = a′ / b − (a / b) b′ / b
    friend SparseDual operator/(const SparseDual& a, const SparseDual& b) {
        const T quotient = a.value / b.value;
        return combine(quotient, T(1) / b.value, a, -quotient / b.value, b);
    }
    /// A sum grows where it stands: it need not be copied for every term.
    SparseDual& operator+=(const SparseDual& b) {
        if (&b == this)
            return *this = *this + b;
        value += b.value;
        append(T(1), b);
        return *this;
    }
    SparseDual& operator-=(const SparseDual& b) { return *this = *this - b; } ///< a − b
    SparseDual& operator*=(const SparseDual& b) { return *this = *this * b; } ///< a b
    SparseDual& operator/=(const SparseDual& b) { return *this = *this / b; } ///< a / b
    friend SparseDual operator-(const SparseDual& a) { return a.chain(-a.value, T(-1)); }

    /// @{ f(a)′ = f′(a) a′
    friend SparseDual exp(const SparseDual& a) {
        using std::exp;
        const T y = exp(a.value);
        return a.chain(y, y);
    }
    friend SparseDual log(const SparseDual& a) {
        using std::log;
        return a.chain(log(a.value), T(1) / a.value);
    }
    friend SparseDual tanh(const SparseDual& a) {
        using std::tanh;
        const T y = tanh(a.value);
        return a.chain(y, T(1) - y * y);
    }
    friend SparseDual sqrt(const SparseDual& a) {
        using std::sqrt;
        const T y = sqrt(a.value);
        return a.chain(y, T(1) / (y + y));
    }
    friend SparseDual sin(const SparseDual& a) {
        using std::cos;
        using std::sin;
        return a.chain(sin(a.value), cos(a.value));
    }
    friend SparseDual cos(const SparseDual& a) {
        using std::cos;
        using std::sin;
        return a.chain(cos(a.value), T(-sin(a.value)));
    }
    friend SparseDual abs(const SparseDual& a) { return a.value < 0 ? -a : a; }
    /// @}

private:
    std::vector<Term> terms_;
    static constexpr std::size_t least_merged = 16; // below this, merging costs more than it saves
    std::size_t merged_ = least_merged;             // so many terms the last merge left

    // f, with the derivative df times this one's
    SparseDual chain(const T& f, const T& df) const {
        SparseDual y = *this;
        y.value = f;
        for (auto& term : y.terms_)
            term.derivative *= df;
        return y;
    }

    // `result`, with the derivative left · a′ + right · b′
    static SparseDual combine(const T& result, const T& left, const SparseDual& a, const T& right,
                              const SparseDual& b) {
        SparseDual y(result);
        y.terms_.reserve(a.terms_.size() + b.terms_.size());
        y.append(left, a);
        y.append(right, b);
        return y;
    }

    // Adds factor · b′ to the derivative
    void append(const T& factor, const SparseDual& b) {
        for (const auto& term : b.terms_)
            terms_.push_back({term.input, factor * term.derivative});
        // Often enough to stay short, seldom enough to cost little
        if (terms_.size() > 2 * merged_)
            merge();
    }

    // Adds up the terms of each input
    void merge() {
        std::sort(terms_.begin(), terms_.end(),
                  [](const Term& a, const Term& b) { return a.input < b.input; });
        auto last = terms_.begin();
        for (auto next = terms_.begin(); next != terms_.end(); ++next)
            if (next->input == last->input && next != last)
                last->derivative += next->derivative;
            else if (next != last)
                *++last = *next;
        if (!terms_.empty())
            terms_.erase(last + 1, terms_.end());
        merged_ = std::max(least_merged, terms_.size());
    }
};

/// The real number that decides a branch: the value's.
template <class T>
auto value_of(const SparseDual<T>& number) {
    return value_of(number.value);
}

} // namespace handgrad
