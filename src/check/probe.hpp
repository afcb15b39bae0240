#pragma once

/// @file
/// Numbers to check a layer with: random, readable, and away from the places where a layer has no
/// derivative.

#include "../tensor.hpp"

#include <cstdint>
#include <numeric>

namespace handgrad {

/// A source of whole numbers that gives the same sequence on every machine (the standard library's
/// distributions do not). Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014 (SplitMix64).
class Draw {
public:
    explicit Draw(std::uint64_t seed) : state_(seed) {} ///< one seed, one sequence

    /// A number from 0 to `limit` − 1.
    std::size_t below(std::size_t limit) {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t bits = state_;
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
        bits ^= bits >> 31;
        // A limit far below 2⁶⁴ makes the remainder as good as even
        return static_cast<std::size_t>(bits % limit);
    }

private:
    std::uint64_t state_;
};

/// A tensor of short decimals between −2 and 2, no two alike and none of them 0, in random order:
/// no maximum is tied, no ReLU stands on its kink, and signs are mixed.
///
/// The entries are the odd multiples of half a step 4 / d, where d is the first of 1, 2, 5, 10, 20,
/// 50, 100, … that gives more of them than are needed: all of them would add up to 0, and a sum
/// that is 0 hides a wrong factor.
inline Tensor<double> readable_probe(const Shape& shape, Draw& draw) {
    auto probe = zeros<double>(shape);
    const auto size = probe.size();
    std::size_t decade = 1, factor = 1;
    while (4 * decade * factor <= size) {
        factor = factor == 1 ? 2 : factor == 2 ? 5 : 1;
        decade *= factor == 1 ? 10 : 1;
    }
    const auto available = 4 * decade * factor;

    // Shuffle all the numbers there are, and keep as many as are needed (Fisher and Yates)
    std::vector<std::size_t> order(available);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (auto position : range(size)) {
        std::swap(order[position], order[position + draw.below(available - position)]);
        const auto odd =
            2 * static_cast<double>(order[position]) + 1 - static_cast<double>(available);
        probe.flat(position) = odd / static_cast<double>(2 * decade * factor);
    }
    return probe;
}

} // namespace handgrad
