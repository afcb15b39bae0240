#pragma once

/// @file
/// Central differences of a layer by every input, many inputs at a time: inputs that cannot meet in
/// one output share a colour, and all inputs of one colour are moved at once. Source: Curtis,
/// Powell, Reid, "On the estimation of sparse Jacobian matrices", IMA J. Appl. Math. 13 (1974).

#include "central_difference.hpp"
#include "jacobian.hpp"

namespace handgrad {

/// A colour for each input, such that no output depends on two inputs of one colour.
struct Colouring {
    std::vector<std::uint32_t> colour; ///< of each input
    std::size_t colours = 0;           ///< how many there are
};

/// Gives every input the first colour that none of its outputs has yet.
inline Colouring colouring_of(const Structure& structure) {
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

/// ∂⟨y, dy⟩ by every input, by central differences.
/// @param inputs z, then the parameters in the layer's order
/// @param structure which inputs each output depends on
/// @param skip outputs to leave out, because they have no derivative
template <Recipe R>
std::vector<Estimate> coloured_differences(const R& recipe,
                                           const std::vector<Tensor<double>>& inputs,
                                           const Tensor<double>& dy, const Structure& structure,
                                           const std::vector<bool>& skip) {
    Lifted<double, R> lifted(recipe);
    const auto [colour_of, colours] = colouring_of(structure);
    auto position = inputs;
    std::vector<double*> entries;
    std::vector<Ladder> ladders;
    for (auto& tensor : position)
        for (double& entry : tensor) {
            entries.push_back(&entry);
            ladders.emplace_back(entry);
        }

    // The inputs of each colour, and which of them an output depends on
    struct Reached {
        std::size_t output;
        std::uint32_t input;
    };
    std::vector<std::vector<std::uint32_t>> members_of(colours);
    std::vector<std::vector<Reached>> reached_by(colours);
    for (auto i : range(structure.inputs))
        members_of[colour_of[i]].push_back(static_cast<std::uint32_t>(i));
    for (auto j : range(dy.size()))
        for (auto [at, end] = structure.row(j); at != end && !skip[j]; ++at)
            reached_by[colour_of[structure.input[at]]].push_back({j, structure.input[at]});

    for (auto colour : range(colours)) {
        const auto& members = members_of[colour];
        std::vector<double> before;
        for (auto i : members)
            before.push_back(*entries[i]);
        const auto unfinished = [&](std::uint32_t i) { return !ladders[i].done(); };
        while (std::any_of(members.begin(), members.end(), unfinished)) {
            for (auto i : members)
                *entries[i] = ladders[i].above();
            const auto above = lifted.forward(position);
            for (auto i : members)
                *entries[i] = ladders[i].below();
            const auto below = lifted.forward(position);
            for (auto [j, i] : reached_by[colour])
                if (!ladders[i].done())
                    ladders[i].add(dy.flat(j), above.flat(j), below.flat(j));
            for (auto i : members)
                if (!ladders[i].done())
                    ladders[i].climb_down();
        }
        for (auto m : range(members.size()))
            *entries[members[m]] = before[m];
    }
    std::vector<Estimate> estimates;
    for (const auto& ladder : ladders)
        estimates.push_back(ladder.best());
    return estimates;
}

} // namespace handgrad
