#pragma once

/// @file
/// What an option of the command line may be.

#include "../errors.hpp"

#include <fmt/core.h>

#include <cstddef>
#include <string_view>

namespace handgrad::study {

/// Refuses a whole number that is not from `least` to `most`.
inline void expect_between(std::string_view option, std::size_t value, std::size_t least,
                           std::size_t most) {
    if (value < least || value > most)
        throw ValueError(
            fmt::format("{} is {}, it may be from {} to {}", option, value, least, most));
}

} // namespace handgrad::study
