// Draws random cases and says what does not hold: soak [cases [seed]]. The cases are shared out
// over the layers; the bounds of rounding get as many again.

#include "soak.hpp"

#include <fmt/core.h>
#include <rapidcheck.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

using namespace handgrad::soak;

namespace {

// The whole number in `words`
unsigned long whole_number(std::string_view words, unsigned long otherwise) {
    unsigned long number = otherwise;
    const auto [end, failure] = std::from_chars(words.data(), words.data() + words.size(), number);
    if (failure != std::errc{} || end != words.data() + words.size() || number == 0) {
        fmt::print(stderr, "soak: \"{}\" is no whole number above 0; soak [cases [seed]]\n", words);
        std::exit(2);
    }
    return number;
}

} // namespace

int main(int argc, char** argv) {
    const auto cases = argc > 1 ? whole_number(argv[1], 0) : 10000;
    const auto seed = argc > 2 ? whole_number(argv[2], 0) : 1;
    const auto layers = layer_properties().size();

    // RapidCheck reads this once, before the first property
    const auto each = (cases + layers - 1) / layers;
    setenv("RC_PARAMS", fmt::format("max_success={} seed={}", each, seed).c_str(), 1);
    bool holds = true;
    for (const auto& properties : {layer_properties(), bound_properties()})
        for (const auto& property : properties)
            holds = rc::check(property.sentence, property.holds) && holds;
    for (const auto& [arithmetic, median, may_be] : looseness()) {
        fmt::print("Bounds in {} are {:.3g} times the error in the median, and may be {:.3g}\n",
                   arithmetic, median, may_be);
        holds = holds && median > 1 && median < may_be;
    }
    fmt::print("{} random configurations of {} layers, seed {}: {}\n", each * layers, layers, seed,
               holds ? "no false alarm" : "something does not hold");
    return holds ? 0 : 1;
}
