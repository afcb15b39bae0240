#pragma once

/// @file
/// The rules of a layer's contract, each tried on the layer: see layers/layer.hpp.

#include "../layers/layer.hpp"
#include "probe.hpp"
#include "report.hpp"

#include <cstring>
#include <limits>
#include <new>

namespace handgrad {

/// Everything that one forward and one backward pass of a layer gave.
struct Passes {
    Tensor<double> y;                      ///< what forward returned
    Tensor<double> dz;                     ///< what backward returned
    std::vector<Tensor<double>> gradients; ///< of every parameter, in the layer's order
};

/// Are two tensors equal in shape and in every bit, NaN and signed zeros included?
inline bool same_bits(const Tensor<double>& a, const Tensor<double>& b) {
    return shape_of(a) == shape_of(b) &&
           std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// The parameters' values.
template <Layer<double> L>
std::vector<Tensor<double>> parameter_values(L& layer) {
    std::vector<Tensor<double>> values;
    for (const auto& parameter : parameters_of<double>(layer))
        values.push_back(parameter.value);
    return values;
}

/// Puts the parameters' values back, where they stood, so that references to entries stay good.
template <Layer<double> L>
void put_back(L& layer, const std::vector<Tensor<double>>& values) {
    const auto parameters = parameters_of<double>(layer);
    for (auto place : range(parameters.size())) {
        auto& value = parameters[place].value;
        if (shape_of(value) == shape_of(values[place]))
            std::copy(values[place].begin(), values[place].end(), value.begin());
        else
            value = values[place];
    }
}

/// Runs forward on a copy of z, and puts back parameters that it changed: a layer that changes what
/// it was given must not spoil what it is compared with.
template <Layer<double> L>
Tensor<double> forward_of_copy(L& layer, Tensor<double> z) {
    const auto values = parameter_values(layer);
    const Tensor<double> y = layer.forward(z);
    put_back(layer, values);
    return y;
}

/// Runs backward on a copy of dy, with every gradient filled with NaN before, so that an entry
/// which is not assigned, or added to what was there, shows. Puts back parameters that it changed.
template <Layer<double> L>
Passes backward_from_nan(L& layer, Tensor<double> dy) {
    Passes passes;
    const auto values = parameter_values(layer);
    for (const auto& parameter : parameters_of<double>(layer))
        parameter.gradient =
            filled(shape_of(parameter.value), std::numeric_limits<double>::quiet_NaN());
    passes.dz = layer.backward(dy);
    for (const auto& parameter : parameters_of<double>(layer))
        passes.gradients.push_back(parameter.gradient);
    put_back(layer, values);
    return passes;
}

/// Another z of the same shape, which forward accepts if it accepts z: the entries in reverse
/// order, drawn a little towards 1/2, so that they stay positive or between 0 and 1 where they were.
inline Tensor<double> another(const Tensor<double>& z) {
    auto other = z;
    std::reverse_copy(z.begin(), z.end(), other.begin());
    return elementwise(other, [](double entry) { return 0.75 * entry + 0.125; });
}

/// Lets the layer see another z first, as a layer in use has: one that remembers only the first z
/// that it ever saw will show. What it throws there says nothing about z.
template <Layer<double> L>
void run_on_another(L& layer, const Tensor<double>& z) {
    try {
        forward_of_copy(layer, another(z));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
    }
}

/// The names and entries in which two results of the same passes differ by more than `tolerance`
/// times the largest entry; "" where they do not.
/// @param names of the parameters' gradients
inline std::string difference(const Passes& a, const Passes& b,
                              const std::vector<std::string>& names, double tolerance) {
    const auto compare = [&](const std::string& name, const Tensor<double>& left,
                             const Tensor<double>& right) -> std::string {
        if (shape_of(left) != shape_of(right))
            return fmt::format("{} is {} and then {}", name, text(left.shape()),
                               text(right.shape()));
        double scale = 0;
        for (auto position : range(left.size()))
            scale =
                std::max({scale, std::abs(left.flat(position)), std::abs(right.flat(position))});
        for (auto position : range(left.size())) {
            const double x = left.flat(position), y = right.flat(position);
            const bool alike =
                x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= tolerance * scale;
            if (!alike)
                return fmt::format("{}{} is {:.6g} and then {:.6g}", name,
                                   text(index_at(shape_of(left), position)), x, y);
        }
        return "";
    };
    if (auto words = compare("dz", a.dz, b.dz); !words.empty())
        return words;
    for (auto place : range(std::min(a.gradients.size(), b.gradients.size())))
        if (auto words = compare(names[place], a.gradients[place], b.gradients[place]);
            !words.empty())
            return words;
    return "";
}

/// Tries the rules of the contract that need no oracle.
///
/// @param layer the layer; its gradients are overwritten
/// @param z, dy an input and an upstream gradient that fit
/// @param names of the parameters' gradients
/// @param first what the first passes gave, with gradients that were NaN before
/// @return a finding for each rule that is broken
template <Layer<double> L>
std::vector<Finding> contract_findings(L& layer, const Tensor<double>& z, const Tensor<double>& dy,
                                       const std::vector<std::string>& names, const Passes& first) {
    std::vector<Finding> findings;
    const auto find = [&](const std::string& rule, const std::string& sentence) {
        findings.push_back({rule, sentence});
    };
    const auto find_difference = [&](const std::string& rule, const std::string& when,
                                     const Passes& a, const Passes& b, double tolerance) {
        if (const auto words = difference(a, b, names, tolerance); !words.empty())
            find(rule, when + ": " + words);
    };
    // Sums of as many products as dy has entries may be rounded in another order
    const double rounding =
        (static_cast<double>(dy.size()) + 64) * std::numeric_limits<double>::epsilon();

    // Nothing that was given is changed
    {
        const auto before = parameter_values(layer);
        Tensor<double> given_z = z, given_dy = dy;
        layer.forward(given_z);
        if (!same_bits(given_z, z))
            find("argument unchanged", "forward changed its argument z");
        layer.backward(given_dy);
        if (!same_bits(given_dy, dy))
            find("argument unchanged", "backward changed its argument dy");
        const auto parameters = parameters_of<double>(layer);
        for (auto place : range(parameters.size()))
            if (!same_bits(parameters[place].value, before[place]))
                find("parameter unchanged",
                     parameters[place].name + " is changed by forward or backward");
        put_back(layer, before);
    }

    // The same question has the same answer
    if (!same_bits(forward_of_copy(layer, z), first.y))
        find("same answer twice", "forward(z) called again gives another y");
    const auto second = backward_from_nan(layer, dy);
    find_difference("same answer twice", "forward and backward called again", first, second, 0);
    const auto third = backward_from_nan(layer, dy);
    find_difference("same answer twice", "backward(dy) called twice after one forward", second,
                    third, 0);

    // What a gradient held before does not matter
    {
        for (const auto& parameter : parameters_of<double>(layer))
            parameter.gradient = filled(shape_of(parameter.value), 1.0);
        Passes from_one;
        const auto values = parameter_values(layer);
        Tensor<double> given_dy = dy;
        from_one.dz = layer.backward(given_dy);
        for (const auto& parameter : parameters_of<double>(layer))
            from_one.gradients.push_back(parameter.gradient);
        put_back(layer, values);
        find_difference("set, not accumulated",
                        "gradients that were NaN and then 1 before backward", third, from_one, 0);
    }

    // Another forward in between leaves nothing behind
    {
        run_on_another(layer, z);
        forward_of_copy(layer, z);
        find_difference("no stale memory", "after a forward with another z in between", third,
                        backward_from_nan(layer, dy), 0);
    }

    // backward is linear in dy: −2 dy gives −2 times the gradients, to the bit
    const auto scaled = [](const Tensor<double>& tensor, double factor) {
        return elementwise(tensor, [=](double entry) { return factor * entry; });
    };
    const auto add = [](const Tensor<double>& a, const Tensor<double>& b) {
        return elementwise(a, b, [](double a, double b) { return a + b; });
    };
    {
        Passes expected = third;
        expected.dz = scaled(third.dz, -2);
        for (auto& gradient : expected.gradients)
            gradient = scaled(gradient, -2);
        find_difference("linear in dy", "−2 times the gradients of dy, and the gradients of −2 dy",
                        expected, backward_from_nan(layer, scaled(dy, -2)), 0);
        Draw draw(dy.size());
        const auto other_dy = readable_probe(shape_of(dy), draw);
        const auto other = backward_from_nan(layer, other_dy);
        Passes sum = third;
        bool fits = shape_of(sum.dz) == shape_of(other.dz);
        if (fits)
            sum.dz = add(third.dz, other.dz);
        for (auto place : range(sum.gradients.size()))
            if (shape_of(sum.gradients[place]) == shape_of(other.gradients[place]))
                sum.gradients[place] = add(third.gradients[place], other.gradients[place]);
        find_difference("linear in dy", "the gradients of two dy added, and those of their sum",
                        sum, backward_from_nan(layer, add(dy, other_dy)), 4 * rounding);
    }

    // A batch is its samples, one by one
    const std::size_t N = z.dimension() ? z.shape(0) : 0;
    if (N > 1 && first.y.dimension() && first.y.shape(0) == N) {
        const auto sample = [&](const Tensor<double>& batch, std::size_t i) {
            Shape shape = shape_of(batch);
            shape[0] = 1;
            auto alone = zeros<double>(shape);
            std::copy_n(batch.data() + i * alone.size(), alone.size(), alone.data());
            return alone;
        };
        Passes stacked = third;
        stacked.y = zeros<double>(shape_of(first.y));
        stacked.dz = zeros<double>(shape_of(third.dz));
        for (auto& gradient : stacked.gradients)
            gradient = zeros<double>(shape_of(gradient));
        bool fits = true;
        for (auto i : range(N)) {
            const auto y = forward_of_copy(layer, sample(z, i));
            const auto alone = backward_from_nan(layer, sample(dy, i));
            fits = fits && y.size() * N == first.y.size() && alone.dz.size() * N == third.dz.size();
            if (!fits)
                break;
            std::copy_n(y.data(), y.size(), stacked.y.data() + i * y.size());
            std::copy_n(alone.dz.data(), alone.dz.size(), stacked.dz.data() + i * alone.dz.size());
            for (auto place : range(stacked.gradients.size()))
                if (shape_of(stacked.gradients[place]) == shape_of(alone.gradients[place]))
                    stacked.gradients[place] =
                        add(stacked.gradients[place], alone.gradients[place]);
        }
        if (!fits)
            find("a batch is its samples", "a sample alone gives a y or dz of another size");
        else {
            Passes y_batch, y_alone;
            y_batch.dz = first.y;
            y_alone.dz = stacked.y;
            if (!difference(y_batch, y_alone, names, rounding).empty())
                find("a batch is its samples", "y of the batch is not the y of each sample alone");
            find_difference("a batch is its samples", "in the batch, and from each sample alone",
                            third, stacked, 4 * rounding);
        }
        forward_of_copy(layer, z);
    }
    return findings;
}

} // namespace handgrad
