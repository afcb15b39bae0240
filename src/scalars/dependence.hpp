#pragma once

/// @file
/// A number that remembers which inputs it was computed from.

#include "scalar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace handgrad {

/// Who was computed from whom: one node an operation, with the two nodes it combined. Node 0 is
/// "no input", nodes 1 to n are the inputs, later nodes are results.
class DependenceTape {
public:
    using Node = std::uint32_t; ///< a place on the tape

    /// The tape that numbers of this thread write on.
    static DependenceTape& current() {
        thread_local DependenceTape tape;
        return tape;
    }

    /// Forgets everything and makes room for `inputs` inputs.
    void start(std::size_t inputs) {
        inputs_ = inputs;
        parents_.assign(inputs + 1, {0, 0});
        seen_.clear();
    }

    /// The node of a result that was computed from `a` and `b`.
    Node combine(Node a, Node b) {
        if (a == b || b == 0)
            return a;
        if (a == 0)
            return b;
        parents_.emplace_back(a, b);
        return static_cast<Node>(parents_.size() - 1);
    }

    /// The inputs, from 0, that `node` was computed from, in ascending order.
    std::vector<Node> inputs_of(Node node) {
        seen_.resize(parents_.size(), 0);
        ++visit_;
        std::vector<Node> found, open;
        const auto meet = [&](Node next) {
            if (next != 0 && std::exchange(seen_[next], visit_) != visit_)
                (next <= inputs_ ? found : open).push_back(next <= inputs_ ? next - 1 : next);
        };
        meet(node);
        while (!open.empty()) {
            const auto [a, b] = parents_[open.back()];
            open.pop_back();
            meet(a);
            meet(b);
        }
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    std::size_t inputs_ = 0;
    std::vector<std::pair<Node, Node>> parents_;
    std::vector<std::uint64_t> seen_; // by which visit a node was last met
    std::uint64_t visit_ = 0;
};

/// A value and the set of inputs that it may depend on. A layer evaluated on it tells which entries
/// of its Jacobian can be other than 0: all others are 0 by structure.
///
/// Branches are taken by the value, so the set holds for the z at hand, and for those near it that
/// take the same branches.
struct Dependence {
    double value = 0;              ///< the number itself
    DependenceTape::Node node = 0; ///< where it stands on the tape; 0 for a constant

    Dependence() = default;
    /// A constant: it depends on no input.
    Dependence(double constant) : value(constant) {}
    /// A result that stands at `node` of the tape; input i stands at node i + 1.
    Dependence(double value, DependenceTape::Node node) : value(value), node(node) {}

    /// The result of an operation on `a` and `b`.
    static Dependence of(double value, const Dependence& a, const Dependence& b) {
        return {value, DependenceTape::current().combine(a.node, b.node)};
    }

    Dependence& operator+=(const Dependence& b) { return *this = of(value + b.value, *this, b); }
    Dependence& operator-=(const Dependence& b) { return *this = of(value - b.value, *this, b); }
    Dependence& operator*=(const Dependence& b) { return *this = of(value * b.value, *this, b); }
    Dependence& operator/=(const Dependence& b) { return *this = of(value / b.value, *this, b); }

    friend Dependence operator+(Dependence a, const Dependence& b) { return a += b; }
    friend Dependence operator-(Dependence a, const Dependence& b) { return a -= b; }
    friend Dependence operator*(Dependence a, const Dependence& b) { return a *= b; }
    friend Dependence operator/(Dependence a, const Dependence& b) { return a /= b; }
    friend Dependence operator-(const Dependence& a) { return {-a.value, a.node}; }

    /// @{ One operand: the result depends on what the operand depends on.
    friend Dependence exp(const Dependence& a) { return {std::exp(a.value), a.node}; }
    friend Dependence log(const Dependence& a) { return {std::log(a.value), a.node}; }
    friend Dependence tanh(const Dependence& a) { return {std::tanh(a.value), a.node}; }
    friend Dependence sqrt(const Dependence& a) { return {std::sqrt(a.value), a.node}; }
    friend Dependence sin(const Dependence& a) { return {std::sin(a.value), a.node}; }
    friend Dependence cos(const Dependence& a) { return {std::cos(a.value), a.node}; }
    /// @}
};

/// The real number that decides a branch: the value.
inline double value_of(const Dependence& number) {
    return number.value;
}

} // namespace handgrad
