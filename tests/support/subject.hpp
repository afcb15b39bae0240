#pragma once

/// @file
/// A layer under test, and the few things that every test does with one.

#include "layers/layer.hpp"

#include <cstring>
#include <utility>

namespace handgrad::testing {

/// A layer under test: how to make it for a number type, and a z and dy that fit it.
///
///     Subject subject{[](auto number) { return Tanh<decltype(number)>(); }, z, dy};
template <class Make>
struct Subject {
    Make make;         ///< make(double()) is the layer over double
    Tensor<double> z;  ///< what forward is called with; at least two samples
    Tensor<double> dy; ///< what backward is called with
};

template <class Make>
Subject(Make, Tensor<double>, Tensor<double>) -> Subject<Make>;

/// ⟨a, b⟩: the sum over all entries of a times b.
template <class T>
T inner(const Tensor<T>& a, const Tensor<T>& b) {
    T sum = T(0);
    for (auto position : range(a.size()))
        sum += a.flat(position) * b.flat(position);
    return sum;
}

/// Calls backward(dy) and returns all that it computes: dz first, then the gradient of each
/// parameter in the layer's order.
template <class T, class L>
std::vector<Tensor<T>> gradients_of(L& layer, const Tensor<T>& dy) {
    std::vector<Tensor<T>> gradients = {layer.backward(dy)};
    for (const auto& parameter : parameters_of<T>(layer))
        gradients.push_back(parameter.gradient);
    return gradients;
}

/// The values of all parameters, in the layer's order.
template <class T, class L>
std::vector<Tensor<T>> values_of(L& layer) {
    std::vector<Tensor<T>> values;
    for (const auto& parameter : parameters_of<T>(layer))
        values.push_back(parameter.value);
    return values;
}

/// Have the tensors one shape and the same bytes? A NaN equals itself, −0 does not equal 0.
inline bool same_bits(const Tensor<double>& a, const Tensor<double>& b) {
    return shape_of(a) == shape_of(b) &&
           std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// Have the lists the same tensors, to the byte?
inline bool same_bits(const std::vector<Tensor<double>>& a, const std::vector<Tensor<double>>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const Tensor<double>& a, const Tensor<double>& b) { return same_bits(a, b); });
}

/// Sample `i` of a batch, as a batch of one.
template <class T>
Tensor<T> sample(const Tensor<T>& batch, std::size_t i) {
    auto shape = shape_of(batch);
    const auto entries = batch.size() / shape[0];
    shape[0] = 1;
    auto alone = zeros<T>(shape);
    for (auto position : range(entries))
        alone.flat(position) = batch.flat(i * entries + position);
    return alone;
}

/// a + factor · b
inline Tensor<double> combined(const Tensor<double>& a, double factor, const Tensor<double>& b) {
    return elementwise(a, b, [factor](double a, double b) { return a + factor * b; });
}

} // namespace handgrad::testing
