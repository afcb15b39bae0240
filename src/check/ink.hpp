#pragma once

/// @file
/// Words in colour, for a terminal.

#include "report.hpp"

#include <fmt/color.h>

#include <string>

namespace handgrad::detail {

/// What a piece of text says; each has its colour.
enum class Tone {
    Plain,  ///< as it is
    Strong, ///< a name
    Quiet,  ///< what a reader may skip
    Good,   ///< all is right
    Bad,    ///< something is wrong
    Unsure  ///< nobody knows
};

/// `words` in the colour of `tone`; as they are where there are no colours.
inline std::string inked(const std::string& words, Tone tone, Colour colour) {
    if (tone == Tone::Plain || colour == Colour::Never || words.empty())
        return words;
    const auto style = [tone]() -> fmt::text_style {
        switch (tone) {
        case Tone::Strong:
            return fmt::emphasis::bold;
        case Tone::Quiet:
            return fmt::emphasis::faint;
        case Tone::Good:
            return fmt::fg(fmt::terminal_color::green);
        case Tone::Bad:
            return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
        default:
            return fmt::fg(fmt::terminal_color::yellow);
        }
    };
    return fmt::format(style(), "{}", words);
}

/// The colour of a verdict.
inline Tone tone_of(Verdict verdict) {
    return verdict == Verdict::Verified ? Tone::Good
           : verdict == Verdict::Wrong  ? Tone::Bad
                                        : Tone::Unsure;
}

} // namespace handgrad::detail
