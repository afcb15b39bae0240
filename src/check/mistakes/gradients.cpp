#include "gradients.hpp"

namespace handgrad::mistakes {

std::size_t samples_in(const Gradient& tensor) {
    return tensor.dimension() == 0 ? 1 : tensor.shape(0);
}

std::size_t first_input(const Evidence& e, std::size_t place) {
    std::size_t first = 0;
    for (auto before : range(place))
        first += e.inputs[before].size();
    return first;
}

bool is_elementwise(const Evidence& e) {
    return e.inputs.size() == 1 && e.structure.input.size() <= e.dy.size();
}

Gradient gradient_of(const Evidence& e, std::size_t place,
                     const std::vector<Tensor<double>>& inputs) {
    const auto flat = e.gradient_at(inputs);
    const auto first = static_cast<std::ptrdiff_t>(first_input(e, place));
    auto gradient = zeros<double>(shape_of(inputs[place]));
    std::copy_n(flat.begin() + first, gradient.size(), gradient.begin());
    return gradient;
}

void flip(std::vector<std::size_t>& index, const Shape& shape, std::size_t axis) {
    index[axis] = shape[axis] - 1 - index[axis];
}

Gradient flipped(const Gradient& tensor, std::initializer_list<std::size_t> axes_from_last) {
    const auto shape = shape_of(tensor);
    return rearranged(tensor, [&](auto& index) {
        for (auto back : axes_from_last)
            flip(index, shape, shape.size() - 1 - back);
    });
}

Gradient swapped(const Gradient& tensor, std::size_t a, std::size_t b) {
    return rearranged(tensor, [&](auto& index) { std::swap(index[a], index[b]); });
}

} // namespace handgrad::mistakes
