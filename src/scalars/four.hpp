#pragma once

/// @file
/// Four numbers side by side that go through a layer together, as long as they agree on every
/// branch.

#include "scalar.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

namespace handgrad {

/// What decides a branch for four numbers at once: the answer of the first. That another one has
/// another answer is noted in `parted()`; then what is computed of the others means nothing.
struct Witnesses {
    std::array<double, 4> numbers; ///< what they are

    /// Did any of the four ever go another way than the first? Of this thread; never reset here.
    static bool& parted() {
        thread_local bool parted = false;
        return parted;
    }

    /// One number for all four, where a layer wants a number: the first.
    operator double() const {
        return ask([&](std::size_t k) { return numbers[k] == numbers[0]; }), numbers[0];
    }

    /// @{ What the first says.
    friend bool operator<(const Witnesses& a, const Witnesses& b) {
        return ask([&](std::size_t k) { return a.numbers[k] < b.numbers[k]; });
    }
    friend bool operator>(const Witnesses& a, const Witnesses& b) { return b < a; }
    friend bool operator<=(const Witnesses& a, const Witnesses& b) {
        return ask([&](std::size_t k) { return a.numbers[k] <= b.numbers[k]; });
    }
    friend bool operator>=(const Witnesses& a, const Witnesses& b) { return b <= a; }
    friend bool operator==(const Witnesses& a, const Witnesses& b) {
        return ask([&](std::size_t k) { return a.numbers[k] == b.numbers[k]; });
    }
    /// Are all four finite, or none?
    friend bool isfinite(const Witnesses& a) {
        return ask([&](std::size_t k) { return std::isfinite(a.numbers[k]); });
    }
    /// @}

    /// @{ What the first says of a number that all four are compared with.
    template <class U>
    requires std::is_arithmetic_v<U>
    friend bool operator<(const Witnesses& a, U b) { return a < all(b); }
    template <class U>
    requires std::is_arithmetic_v<U>
    friend bool operator>(const Witnesses& a, U b) { return a > all(b); }
    template <class U>
    requires std::is_arithmetic_v<U>
    friend bool operator<=(const Witnesses& a, U b) { return a <= all(b); }
    template <class U>
    requires std::is_arithmetic_v<U>
    friend bool operator>=(const Witnesses& a, U b) { return a >= all(b); }
    template <class U>
    requires std::is_arithmetic_v<U>
    friend bool operator==(const Witnesses& a, U b) { return a == all(b); }
    /// @}

private:
    static Witnesses all(double number) { return {{number, number, number, number}}; }

    template <class Question>
    static bool ask(Question question) {
        const bool answer = question(0);
        for (std::size_t k = 1; k < 4; ++k)
            if (question(k) != answer)
                parted() = true;
        return answer;
    }
};

/// Four numbers, each computed with as if it were alone: one evaluation of a layer does the work of
/// four. They are kept in two registers of the processor.
class Four {
public:
    Four() = default;
    /// The same number four times.
    Four(double number) : first_{number, number}, second_{number, number} {}

    /// One of the four.
    double operator[](std::size_t k) const { return k < 2 ? first_[k] : second_[k - 2]; }
    /// Replaces one of the four.
    void set(std::size_t k, double number) {
        if (k < 2)
            first_[k] = number;
        else
            second_[k - 2] = number;
    }

    Four& operator+=(const Four& b) { return *this = {first_ + b.first_, second_ + b.second_}; }
    Four& operator-=(const Four& b) { return *this = {first_ - b.first_, second_ - b.second_}; }
    Four& operator*=(const Four& b) { return *this = {first_ * b.first_, second_ * b.second_}; }
    Four& operator/=(const Four& b) { return *this = {first_ / b.first_, second_ / b.second_}; }
    friend Four operator+(Four a, const Four& b) { return a += b; }
    friend Four operator-(Four a, const Four& b) { return a -= b; }
    friend Four operator*(Four a, const Four& b) { return a *= b; }
    friend Four operator/(Four a, const Four& b) { return a /= b; }
    friend Four operator-(const Four& a) { return {-a.first_, -a.second_}; }

    /// @{ Of each of the four.
    friend Four exp(const Four& a) {
        return a.each([](double z) { return std::exp(z); });
    }
    friend Four log(const Four& a) {
        return a.each([](double z) { return std::log(z); });
    }
    friend Four tanh(const Four& a) {
        return a.each([](double z) { return std::tanh(z); });
    }
    friend Four sqrt(const Four& a) {
        return a.each([](double z) { return std::sqrt(z); });
    }
    friend Four sin(const Four& a) {
        return a.each([](double z) { return std::sin(z); });
    }
    friend Four cos(const Four& a) {
        return a.each([](double z) { return std::cos(z); });
    }
    friend Four abs(const Four& a) {
        return a.each([](double z) { return std::abs(z); });
    }
    /// @}

private:
    // Two numbers in a register, as g++ and clang++ both know them
    typedef double Two __attribute__((vector_size(2 * sizeof(double))));
    Two first_{}, second_{};

    Four(const Two& first, const Two& second) : first_(first), second_(second) {}

    template <class Function>
    Four each(Function function) const {
        return {Two{function(first_[0]), function(first_[1])},
                Two{function(second_[0]), function(second_[1])}};
    }
};

/// What decides a branch: all four numbers, which should agree.
inline Witnesses value_of(const Four& four) {
    return {{four[0], four[1], four[2], four[3]}};
}

} // namespace handgrad
