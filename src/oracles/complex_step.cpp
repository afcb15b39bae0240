#include "complex_step.hpp"

#include "colouring.hpp"

namespace handgrad {

std::vector<double> complex_step_jacobian(AnyForward<std::complex<double>>& forward,
                                          const std::vector<Tensor<double>>& inputs,
                                          const Structure& structure) {
    using Complex = std::complex<double>;
    std::vector<Tensor<Complex>> moved;
    for (const auto& tensor : inputs)
        moved.push_back(tensor_cast<Complex>(tensor));
    const auto [colour_of, colours] = colouring_of(structure);
    std::vector<double> jacobian(structure.input.size());

    for (auto colour : range(colours)) {
        // Move all inputs of one colour along the imaginary axis
        std::size_t i = 0;
        for (auto& tensor : moved)
            for (auto& entry : tensor)
                entry.imag(colour_of[i++] == colour ? complex_step : 0);
        // What moved an output is its one input of that colour
        const auto y = forward.forward_of(moved);
        for (auto j : range(y.size()))
            for (auto [at, end] = structure.row(j); at != end; ++at)
                if (colour_of[structure.input[at]] == colour)
                    jacobian[at] = y.flat(j).imag() / complex_step;
    }
    return jacobian;
}

} // namespace handgrad
