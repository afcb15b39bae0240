#pragma once

/// @file
/// What texts and pictures of a report share.

#include <algorithm>
#include <string>
#include <string_view>

namespace handgrad::detail {

/// How many letters UTF-8 has: its bytes, without those that continue a letter.
inline std::size_t letters_of(std::string_view words) {
    return static_cast<std::size_t>(std::count_if(
        words.begin(), words.end(), [](char byte) { return (byte & '\xc0') != '\x80'; }));
}

/// How many columns of a terminal `words` take: their letters, without what sets colours.
inline std::size_t columns_of(std::string_view words) {
    std::size_t columns = 0;
    while (!words.empty()) {
        const auto escape = std::min(words.find('\x1b'), words.size());
        columns += letters_of(words.substr(0, escape));
        words.remove_prefix(escape);
        words.remove_prefix(words.empty() ? 0 : std::min(words.find('m'), words.size() - 1) + 1);
    }
    return columns;
}

/// `words` as a sentence begins.
inline std::string capitalized(std::string words) {
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
        words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

} // namespace handgrad::detail
