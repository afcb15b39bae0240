#pragma once

/// @file
/// A part of a design, for one of several machines.

#include "../errors.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace handgrad::study {

/// Part `index` of `count`, counted from 1.
struct Shard {
    std::size_t index = 1; ///< which
    std::size_t count = 1; ///< of how many

    /// Is the piece of work at `place` in this part?
    bool has(std::size_t place) const { return place % count == index - 1; }

    /// All the work, and no part of it?
    bool whole() const { return count == 1; }
};

/// Reads "2/8".
/// @throws ValueError if it is not that
inline Shard read_shard(std::string_view text) {
    Shard shard;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.index);
    const bool slash = first.ec == std::errc{} && first.ptr != end && *first.ptr == '/';
    const auto second = slash ? std::from_chars(first.ptr + 1, end, shard.count) : first;
    constexpr std::size_t most = 10000;
    if (!slash || second.ec != std::errc{} || second.ptr != end || shard.index < 1 ||
        shard.index > shard.count || shard.count > most)
        throw ValueError(fmt::format("--shard is \"{}\", it may be i/n with i from 1 to n, and n "
                                     "up to {}",
                                     text, most));
    return shard;
}

} // namespace handgrad::study
