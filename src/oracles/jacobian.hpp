#pragma once

/// @file
/// The whole Jacobian of a layer, every ∂y/∂z and ∂y/∂parameter, by forward mode. Entries that
/// cannot meet in one output share a direction. Source: Curtis, Powell, Reid, "On the estimation of
/// sparse Jacobian matrices", IMA J. Appl. Math. 13 (1974).

#include "../scalars/dependence.hpp"
#include "../scalars/dual.hpp"
#include "recipe.hpp"

#include <cstdint>

namespace handgrad {

/// The layer of a recipe over `T`, as a function of z and all its parameters.
template <class T, Recipe R>
class Lifted {
public:
    explicit Lifted(const R& recipe) : layer(recipe.template operator()<T>()) {} ///< makes it

    /// @param inputs z, then the parameters in the layer's order
    Tensor<T> forward(const std::vector<Tensor<T>>& inputs) {
        assign(inputs);
        // A forward that changes its argument must not change the inputs
        Tensor<T> z = inputs[0];
        return layer.forward(z);
    }

    /// Sets the parameters.
    void assign(const std::vector<Tensor<T>>& inputs) {
        const auto parameters = parameters_of<T>(layer);
        for (auto place : range(parameters.size()))
            parameters[place].value = inputs[place + 1];
    }

    decltype(std::declval<const R&>().template operator()<T>()) layer; ///< over T
};

/// Which inputs each output can depend on, and a colour for each input such that no output depends
/// on two inputs of one colour. Inputs are counted through z and then every parameter, row-major.
struct Structure {
    std::vector<std::size_t> first;   ///< where the row of output j starts in `input`; one past all
    std::vector<std::uint32_t> input; ///< the inputs of output 0, then of output 1, …
    std::vector<std::uint32_t> colour; ///< of each input
    std::size_t colours = 0;           ///< how many there are

    /// The inputs of output `j`, as positions in `input`.
    std::pair<std::size_t, std::size_t> row(std::size_t j) const {
        return {first[j], first[j + 1]};
    }
};

/// Gives every input the first colour that none of its outputs has yet.
inline void colour_inputs(Structure& structure, std::size_t inputs) {
    const std::size_t outputs = structure.first.size() - 1;
    std::vector<std::vector<std::uint32_t>> outputs_of(inputs);
    for (auto j : range(outputs))
        for (auto [at, end] = structure.row(j); at != end; ++at)
            outputs_of[structure.input[at]].push_back(static_cast<std::uint32_t>(j));

    // One bit a colour, for every output
    std::vector<std::vector<std::uint64_t>> taken(outputs);
    structure.colour.assign(inputs, 0);
    std::vector<std::uint64_t> forbidden;
    for (auto i : range(inputs)) {
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
        structure.colour[i] = static_cast<std::uint32_t>(colour);
        structure.colours = std::max(structure.colours, colour + 1);
    }
}

/// The structure of a layer's Jacobian at the given inputs, found by evaluating it on `Dependence`.
template <Recipe R>
Structure jacobian_structure(const R& recipe, const std::vector<Tensor<double>>& inputs) {
    std::size_t count = 0;
    for (const auto& tensor : inputs)
        count += tensor.size();
    auto& tape = DependenceTape::current();
    tape.start(count);

    std::vector<Tensor<Dependence>> traced;
    DependenceTape::Node node = 0;
    for (const auto& tensor : inputs)
        traced.push_back(tensor_cast<Dependence>(tensor));
    for (auto& tensor : traced)
        for (auto& entry : tensor)
            entry.node = ++node;

    Lifted<Dependence, R> lifted(recipe);
    const auto y = lifted.forward(traced);
    Structure structure;
    structure.first.push_back(0);
    for (const auto& entry : y) {
        const auto found = tape.inputs_of(entry.node);
        structure.input.insert(structure.input.end(), found.begin(), found.end());
        structure.first.push_back(structure.input.size());
    }
    tape.start(0);
    colour_inputs(structure, count);
    return structure;
}

/// The entries of the Jacobian, in the order of `structure.input`, by forward mode with `N`
/// directions at a time in arithmetic `T`.
template <class T, std::size_t N, Recipe R>
std::vector<T> forward_mode_jacobian(const R& recipe, const std::vector<Tensor<double>>& inputs,
                                     const Structure& structure) {
    using D = Dual<T, N>;
    Lifted<D, R> lifted(recipe);
    std::vector<Tensor<D>> seeded;
    for (const auto& tensor : inputs)
        seeded.push_back(zeros<D>(shape_of(tensor)));
    std::vector<T> jacobian(structure.input.size());

    for (std::size_t first = 0; first < structure.colours; first += N) {
        // Move all inputs of one colour in one direction
        std::size_t i = 0;
        for (auto place : range(inputs.size()))
            for (auto position : range(inputs[place].size())) {
                auto& entry = seeded[place].flat(position);
                entry = D(T(inputs[place].flat(position)));
                const std::size_t direction = structure.colour[i++] - first;
                if (direction < N) // also false where colour < first, as the difference wraps
                    entry.derivative[direction] = T(1);
            }
        // What moved an output in that direction is its one input of that colour
        const auto y = lifted.forward(seeded);
        for (auto j : range(y.size()))
            for (auto [at, end] = structure.row(j); at != end; ++at) {
                const std::size_t direction = structure.colour[structure.input[at]] - first;
                if (direction < N)
                    jacobian[at] = y.flat(j).derivative[direction];
            }
    }
    return jacobian;
}

} // namespace handgrad
