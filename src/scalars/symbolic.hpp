#pragma once

/// @file
/// A number that is a formula. It needs GiNaC, which is under the GPL; nothing else in the library
/// needs this file.

#include "../tensor.hpp"
#include "scalar.hpp"

#include <ginac/ginac.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace handgrad {

/// A question that a program asked of its numbers, and the answer that decided a branch.
struct Decision {
    /// What can be asked; every other comparison is one of these, turned round or denied.
    enum class Question {
        Less, ///< left < right?
        Equal ///< left = right?
    };
    GiNaC::ex left;    ///< a formula
    Question question; ///< what was asked of the two
    GiNaC::ex right;   ///< a formula
    bool answer;       ///< how the witnesses answered
    bool tie;          ///< are the two witnesses equal? Then a small move may change the answer

    /// Was the same asked before?
    bool asks_the_same(const Decision& other) const {
        return question == other.question && left.is_equal(other.left) &&
               right.is_equal(other.right);
    }
};

/// The decisions of a computation: all numbers for which every answer is the same are computed by
/// the same formulas. They are the *region* in which those formulas hold.
class PathCondition {
public:
    /// The condition that comparisons in this thread add to.
    static PathCondition& current() {
        thread_local PathCondition path;
        return path;
    }

    /// Forgets everything.
    void start() { decisions_.clear(); }

    /// The decisions so far, in the order in which they were made, each once.
    const std::vector<Decision>& decisions() const { return decisions_; }

    /// Adds a decision, unless it was made before.
    void add(Decision decision) {
        for (const auto& earlier : decisions_)
            if (earlier.asks_the_same(decision))
                return;
        decisions_.push_back(std::move(decision));
    }

private:
    std::vector<Decision> decisions_;
};

/// What decides the branches of a formula: its value for one choice of the variables. Comparing
/// two of them remembers the question and its answer in `PathCondition::current()`.
struct Witness {
    GiNaC::ex expression; ///< the formula
    double value;         ///< its value, computed in double

    /// A formula and its value.
    Witness(GiNaC::ex expression, double value) : expression(std::move(expression)), value(value) {}
    /// A constant.
    Witness(double constant);

    /// The value, without remembering that it was asked for.
    explicit operator double() const { return value; }

    /// @{ Each is one of "left < right?" and "left = right?", or its denial.
    friend bool operator<(const Witness& a, const Witness& b) { return decide_less(a, b); }
    friend bool operator>(const Witness& a, const Witness& b) { return decide_less(b, a); }
    friend bool operator<=(const Witness& a, const Witness& b) { return !decide_less(b, a); }
    friend bool operator>=(const Witness& a, const Witness& b) { return !decide_less(a, b); }
    friend bool operator==(const Witness& a, const Witness& b) {
        return decide(a, Decision::Question::Equal, b, a.value == b.value);
    }
    friend bool operator!=(const Witness& a, const Witness& b) { return !(a == b); }
    /// @}

    /// Variables stand for finite numbers, so that this is no question about them.
    friend bool isfinite(const Witness& number) { return std::isfinite(number.value); }

private:
    static bool decide_less(const Witness& a, const Witness& b) {
        return decide(a, Decision::Question::Less, b, a.value < b.value);
    }
    static bool decide(const Witness& a, Decision::Question question, const Witness& b,
                       bool answer);
};

/// A formula, and its value for one choice of the variables. A layer evaluated on it gives the
/// formulas that it computes.
///
/// GiNaC counts references without locks: numbers of this type must stay in one thread.
struct Symbolic {
    GiNaC::ex expression; ///< the formula
    double value = 0;     ///< its value, computed in double; decides branches

    Symbolic() = default;
    /// A constant, exactly: 0.1 is the fraction with a power of two below that a double holds.
    template <class T>
    requires std::is_arithmetic_v<T> Symbolic(T constant)
        : expression(exactly(static_cast<double>(constant))), value(static_cast<double>(constant)) {
    }
    /// A formula and its value.
    Symbolic(GiNaC::ex expression, double value)
        : expression(std::move(expression)), value(value) {}

    /// A double as a fraction. What is not finite becomes a symbol, which compares as it should,
    /// and of which no formula may be made.
    static GiNaC::ex exactly(double constant) {
        if (!std::isfinite(constant))
            return not_finite();
        int exponent = 0;
        // 53 bits make a whole number of every double
        const auto whole = static_cast<long>(std::ldexp(std::frexp(constant, &exponent), 53));
        return GiNaC::ex(GiNaC::numeric(whole)) * GiNaC::pow(GiNaC::numeric(2), exponent - 53);
    }

    /// The symbol for a constant that is no number.
    static const GiNaC::symbol& not_finite() {
        static const GiNaC::symbol symbol("infinity", "\\infty");
        return symbol;
    }

    Symbolic& operator+=(const Symbolic& b) {
        expression += b.expression;
        value += b.value;
        return *this;
    }
    Symbolic& operator-=(const Symbolic& b) {
        expression -= b.expression;
        value -= b.value;
        return *this;
    }
    Symbolic& operator*=(const Symbolic& b) {
        expression *= b.expression;
        value *= b.value;
        return *this;
    }
    Symbolic& operator/=(const Symbolic& b) {
        expression /= b.expression;
        value /= b.value;
        return *this;
    }

    friend Symbolic operator+(Symbolic a, const Symbolic& b) { return a += b; }
    friend Symbolic operator-(Symbolic a, const Symbolic& b) { return a -= b; }
    friend Symbolic operator*(Symbolic a, const Symbolic& b) { return a *= b; }
    friend Symbolic operator/(Symbolic a, const Symbolic& b) { return a /= b; }
    friend Symbolic operator-(const Symbolic& a) { return {-a.expression, -a.value}; }

    /// @{ The function of the formula, and of the value.
    friend Symbolic exp(const Symbolic& a) { return {GiNaC::exp(a.expression), std::exp(a.value)}; }
    friend Symbolic log(const Symbolic& a) { return {GiNaC::log(a.expression), std::log(a.value)}; }
    friend Symbolic tanh(const Symbolic& a) {
        return {GiNaC::tanh(a.expression), std::tanh(a.value)};
    }
    friend Symbolic sqrt(const Symbolic& a) {
        return {GiNaC::sqrt(a.expression), std::sqrt(a.value)};
    }
    friend Symbolic sin(const Symbolic& a) { return {GiNaC::sin(a.expression), std::sin(a.value)}; }
    friend Symbolic cos(const Symbolic& a) { return {GiNaC::cos(a.expression), std::cos(a.value)}; }
    /// @}
};

inline Witness::Witness(double constant) : Witness(Symbolic::exactly(constant), constant) {}

inline bool Witness::decide(const Witness& a, Decision::Question question, const Witness& b,
                            bool answer) {
    // Infinity compares with all numbers alike
    const auto& infinity = Symbolic::not_finite();
    if (a.expression.is_equal(infinity) || b.expression.is_equal(infinity))
        return answer;

    // So do formulas that differ by a number, for which there is an exact answer
    const GiNaC::ex difference = (a.expression - b.expression).expand();
    if (GiNaC::is_a<GiNaC::numeric>(difference)) {
        const auto& number = GiNaC::ex_to<GiNaC::numeric>(difference);
        return question == Decision::Question::Less ? number.is_negative() : number.is_zero();
    }

    // Values that overflowed cannot tell which is larger: they count as tied
    const bool tie = !(std::abs(a.value - b.value) > 0);
    PathCondition::current().add({a.expression, question, b.expression, answer, tie});
    return answer;
}

/// What decides a branch: the value, which remembers what it was asked.
inline Witness value_of(const Symbolic& number) {
    return {number.expression, number.value};
}

/// How an entry is called in a formula: the tensor's name and below it the indices, without those
/// of axes with one place: z_01 and dy_10 of a batch of one with one channel, and bias where it is
/// one number.
inline std::string entry_indices(const Shape& shape, std::size_t position) {
    const bool digits =
        std::all_of(shape.begin(), shape.end(), [](auto size) { return size <= 10; });
    const auto index = index_at(shape, position);
    std::string words;
    for (auto axis : range(shape.size()))
        if (shape[axis] > 1)
            words += (digits || words.empty() ? "" : ",") + fmt::format("{}", index[axis]);
    return words;
}

/// A variable: a real number that may be any.
/// @param name such as "z"; one letter, or one after a d, is set in italics, as the book has it
/// @param indices such as "01", may be empty
/// @param witness its value where a branch must be decided
inline Symbolic variable(const std::string& name, const std::string& indices, double witness) {
    const auto below = indices.empty() ? "" : "_{" + indices + "}";
    const bool letter = name.size() == 1 || (name.size() == 2 && name[0] == 'd');
    const auto latex = letter ? name + below : "\\mathrm{" + name + below + "}";
    const auto plain = indices.empty() ? name : name + "_" + indices;
    return {GiNaC::realsymbol(plain, latex), witness};
}

/// A tensor of variables: entry (0, 1) of z is z_01.
/// @param name of the tensor
/// @param witness the values where a branch must be decided, and the shape
inline Tensor<Symbolic> variables(const std::string& name, const Tensor<double>& witness) {
    const auto shape = shape_of(witness);
    auto tensor = zeros<Symbolic>(shape);
    for (auto position : range(witness.size()))
        tensor.flat(position) =
            variable(name, entry_indices(shape, position), witness.flat(position));
    return tensor;
}

} // namespace handgrad
