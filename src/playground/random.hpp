#pragma once

/// @file
/// The random numbers of playground.tensorflow.org: `Math.seedrandom(seed)` of seedrandom 2.4.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace handgrad::playground {

/// A generator that gives, from the same text, the numbers that the site draws after
/// `Math.seedrandom(text)`: the stream cipher ARC4, keyed with the text, whose bytes are put
/// together to numbers of 52 random bits.
class Random {
public:
    /// @param seed the text, one byte a character
    explicit Random(std::string_view seed) {
        schedule(key_of(seed));
        // The first 256 bytes of ARC4 tell of its key and are thrown away
        bytes(256);
    }

    /// The next number, uniform in [0, 1).
    double operator()() {
        // Six bytes are 48 bits; more are put behind them until there are at least 52
        std::uint64_t numerator = bytes(6);
        double denominator = 0x1p48;
        std::uint64_t last = 0;
        while (numerator < full) {
            numerator = (numerator + last) * 256;
            denominator *= 256;
            last = bytes(1);
        }
        // Drop the bits that a double has no room for
        while (numerator >= 2 * full) {
            numerator /= 2;
            denominator /= 2;
            last /= 2;
        }
        return static_cast<double>(numerator + last) / denominator;
    }

    /// The next number, uniform in [`low`, `high`).
    double between(double low, double high) { return (*this)() * (high - low) + low; }

private:
    static constexpr std::uint64_t full = std::uint64_t(1) << 52; // a double's stored bits

    std::array<std::uint8_t, 256> state_; // a permutation of 0 … 255
    std::uint8_t i_ = 0, j_ = 0;

    // The text as a key of at most 256 bytes; what is longer is folded back onto the start
    static std::vector<std::uint8_t> key_of(std::string_view seed) {
        std::vector<std::uint8_t> key(seed.empty() ? 1 : std::min<std::size_t>(seed.size(), 256));
        std::uint32_t smear = 0;
        for (std::size_t position = 0; position < seed.size(); ++position) {
            auto& entry = key[position % 256];
            smear ^= entry * 19u;
            entry = static_cast<std::uint8_t>(smear + static_cast<std::uint8_t>(seed[position]));
        }
        return key;
    }

    // Shuffle the permutation by the key
    void schedule(const std::vector<std::uint8_t>& key) {
        std::iota(state_.begin(), state_.end(), std::uint8_t(0));
        std::uint8_t j = 0;
        for (std::size_t i = 0; i < state_.size(); ++i) {
            j = static_cast<std::uint8_t>(j + key[i % key.size()] + state_[i]);
            std::swap(state_[i], state_[j]);
        }
    }

    // The next `count` bytes as one number, the first byte the most significant
    std::uint64_t bytes(int count) {
        std::uint64_t number = 0;
        for (; count > 0; --count) {
            j_ = static_cast<std::uint8_t>(j_ + state_[++i_]);
            std::swap(state_[i_], state_[j_]);
            const auto sum = static_cast<std::uint8_t>(state_[i_] + state_[j_]);
            number = number * 256 + state_[sum];
        }
        return number;
    }
};

} // namespace handgrad::playground
