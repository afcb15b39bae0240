#pragma once

/// @file
/// What wrong gradients are made of: sums over the Jacobian, and tensors rearranged.

#include "suspicion.hpp"

namespace handgrad::mistakes {

/// How many samples there are; a tensor without axes is one.
std::size_t samples_in(const Gradient& tensor);

/// How many inputs there are in the tensors before one.
std::size_t first_input(const Evidence& e, std::size_t place);

/// Does every output depend on one input only?.
bool is_elementwise(const Evidence& e);

/// The right gradient of one input tensor at other inputs.
Gradient gradient_of(const Evidence& e, std::size_t place,
                     const std::vector<Tensor<double>>& inputs);

/// Adds up dy ∂y/∂x for one input tensor, each product changed or dropped by `term`, which gets the
/// entry of the gradient, the output, and the entry of the Jacobian.
template <class Term>
Gradient contract(const Evidence& e, std::size_t place, Term term) {
    auto gradient = zeros<double>(shape_of(e.inputs[place]));
    const std::size_t first = first_input(e, place);
    for (auto j : range(e.dy.size()))
        for (auto [at, end] = e.structure.row(j); at != end; ++at) {
            const std::size_t position = e.structure.input[at] - first;
            if (position < gradient.size()) // also false before `first`, as the difference wraps
                term(gradient.flat(position), j, e.jacobian[at]);
        }
    return gradient;
}

/// The gradient with another upstream gradient in place of dy.
template <class Upstream>
Gradient with_upstream(const Evidence& e, std::size_t place, Upstream upstream) {
    return contract(e, place,
                    [&](double& sum, std::size_t j, double slope) { sum += upstream(j) * slope; });
}

/// A tensor with its entries taken from elsewhere in it; none where `from` gives an index outside.
template <class From>
Gradient rearranged(const Gradient& tensor, From from) {
    auto result = zeros<double>(shape_of(tensor));
    const auto shape = shape_of(tensor);
    for (auto position : range(tensor.size())) {
        auto index = index_at(shape, position);
        from(index);
        std::size_t source = 0;
        bool inside = true;
        for (auto axis : range(shape.size())) {
            inside = inside && index[axis] < shape[axis]; // what went below 0 is far above
            source = source * shape[axis] + index[axis];
        }
        if (inside)
            result.flat(position) = tensor.flat(source);
    }
    return result;
}

/// Makes `index` count axis `axis` from the other end.
void flip(std::vector<std::size_t>& index, const Shape& shape, std::size_t axis);

/// With the order along each of the axes turned around; 0 is the last axis.
Gradient flipped(const Gradient& tensor, std::initializer_list<std::size_t> axes_from_last);

/// With two axes exchanged; what lands outside is 0.
Gradient swapped(const Gradient& tensor, std::size_t a, std::size_t b);

} // namespace handgrad::mistakes
