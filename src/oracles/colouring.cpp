#include "colouring.hpp"

#include <algorithm>

namespace handgrad {

Colouring colouring_of(const Structure& structure) {
    const std::size_t outputs = structure.first.size() - 1;
    std::vector<std::vector<std::uint32_t>> outputs_of(structure.inputs);
    for (auto j : range(outputs))
        for (auto [at, end] = structure.row(j); at != end; ++at)
            outputs_of[structure.input[at]].push_back(static_cast<std::uint32_t>(j));

    // One bit a colour, for every output
    std::vector<std::vector<std::uint64_t>> taken(outputs);
    Colouring colouring;
    std::vector<std::uint64_t> forbidden;
    for (auto i : range(structure.inputs)) {
        forbidden.assign(1, 0);
        for (auto j : outputs_of[i]) {
            forbidden.resize(std::max(forbidden.size(), taken[j].size()), 0);
            for (auto word : range(taken[j].size()))
                forbidden[word] |= taken[j][word];
        }
        std::size_t colour = 0;
        while (colour / 64 < forbidden.size() && (forbidden[colour / 64] >> (colour % 64) & 1))
            ++colour;
        for (auto j : outputs_of[i]) {
            taken[j].resize(std::max(taken[j].size(), colour / 64 + 1), 0);
            taken[j][colour / 64] |= std::uint64_t{1} << (colour % 64);
        }
        colouring.colour.push_back(static_cast<std::uint32_t>(colour));
        colouring.colours = std::max(colouring.colours, colour + 1);
    }
    return colouring;
}

} // namespace handgrad
