#pragma once

/// @file
/// Several numbers that go through a function abreast, so that the processor need not wait.

#include "elementary.hpp"

#include <cstddef>
#include <type_traits>

namespace handgrad {

/// `count` numbers, each computed with as if it were alone, and with the bits that it has alone.
///
/// A function such as tanh is a chain of operations, each of which waits a few cycles for the one
/// before. With several numbers abreast there is always one that does not wait. `T` may itself have
/// lanes.
template <class T, std::size_t count>
struct Abreast {
    /// One answer of a comparison for each number.
    struct Mask {
        decltype(T() < T()) answers[count]; ///< in the order of the numbers
    };

    T numbers[count]; ///< one beside the other

    Abreast() = default;
    /// The same number everywhere.
    template <class U>
    requires std::is_arithmetic_v<U> Abreast(U number) {
        for (T& each : numbers)
            each = T(number);
    }

    /// Those that stand at `first`, `first` + 1, …
    static Abreast load(const T* first) {
        return each([&](std::size_t i) { return first[i]; });
    }
    /// Puts them to `first`, `first` + 1, …
    void store(T* first) const {
        for (std::size_t i = 0; i < count; ++i)
            first[i] = numbers[i];
    }

    friend Abreast operator+(const Abreast& a, const Abreast& b) {
        return each([&](std::size_t i) { return a.numbers[i] + b.numbers[i]; });
    }
    friend Abreast operator-(const Abreast& a, const Abreast& b) {
        return each([&](std::size_t i) { return a.numbers[i] - b.numbers[i]; });
    }
    friend Abreast operator*(const Abreast& a, const Abreast& b) {
        return each([&](std::size_t i) { return a.numbers[i] * b.numbers[i]; });
    }
    friend Abreast operator/(const Abreast& a, const Abreast& b) {
        return each([&](std::size_t i) { return a.numbers[i] / b.numbers[i]; });
    }
    friend Abreast operator-(const Abreast& a) {
        return each([&](std::size_t i) { return -a.numbers[i]; });
    }

    friend Mask operator<(const Abreast& a, const Abreast& b) {
        return ask([&](std::size_t i) { return a.numbers[i] < b.numbers[i]; });
    }
    friend Mask operator>(const Abreast& a, const Abreast& b) { return b < a; }
    friend Mask operator>=(const Abreast& a, const Abreast& b) {
        return ask([&](std::size_t i) { return a.numbers[i] >= b.numbers[i]; });
    }
    friend Mask operator==(const Abreast& a, const Abreast& b) {
        return ask([&](std::size_t i) { return a.numbers[i] == b.numbers[i]; });
    }

    /// a where the condition holds, else b
    friend Abreast select(const Mask& condition, const Abreast& a, const Abreast& b) {
        return each([&](std::size_t i) {
            return select(condition.answers[i], a.numbers[i], b.numbers[i]);
        });
    }
    /// |a|
    friend Abreast abs(const Abreast& a) {
        return each([&](std::size_t i) { return abs(a.numbers[i]); });
    }
    /// |size| with the sign of a
    friend Abreast with_sign_of(const Abreast& a, const Abreast& size) {
        return each([&](std::size_t i) { return with_sign_of(a.numbers[i], size.numbers[i]); });
    }
    /// Towards 0; |a| < 2³¹.
    friend Abreast truncate(const Abreast& a) {
        return each([&](std::size_t i) { return truncate(a.numbers[i]); });
    }
    /// 2^k for whole numbers k from −1022 to 1023.
    friend Abreast power_of_two(const Abreast& k) {
        return each([&](std::size_t i) { return power_of_two(k.numbers[i]); });
    }

    // Flattened: with a call in between, four registers would go through memory

    /// exp as fdlibm has it
    [[gnu::flatten]] friend Abreast exp(const Abreast& z) { return elementary::exp(z); }
    /// tanh as fdlibm has it
    [[gnu::flatten]] friend Abreast tanh(const Abreast& z) { return elementary::tanh(z); }

private:
    template <class Function>
    static Abreast each(Function function) {
        Abreast result;
        for (std::size_t i = 0; i < count; ++i)
            result.numbers[i] = function(i);
        return result;
    }

    template <class Question>
    static Mask ask(Question question) {
        Mask result;
        for (std::size_t i = 0; i < count; ++i)
            result.answers[i] = question(i);
        return result;
    }
};

} // namespace handgrad
