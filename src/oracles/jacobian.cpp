#include "jacobian.hpp"

namespace handgrad {

template <class T>
Jacobian<T> forward_mode_jacobian(AnyForward<SparseDual<T>>& forward,
                                  const std::vector<Tensor<double>>& inputs) {
    using D = SparseDual<T>;
    std::vector<Tensor<D>> variables;
    std::uint32_t input = 0;
    for (const auto& tensor : inputs) {
        variables.push_back(zeros<D>(shape_of(tensor)));
        std::transform(tensor.begin(), tensor.end(), variables.back().begin(),
                       [&](double entry) { return D::variable(T(entry), input++); });
    }
    auto y = forward.forward_of(variables);

    Jacobian<T> jacobian{{input, {0}, {}}, {}};
    auto& [structure, entries] = jacobian;
    // Large layers have millions of entries: make room for them once
    std::size_t size = 0;
    for (auto& output : y)
        size += output.terms().size();
    structure.first.reserve(y.size() + 1);
    structure.input.reserve(size);
    entries.reserve(size);
    for (auto& output : y) {
        for (const auto& term : output.terms()) {
            structure.input.push_back(term.input);
            entries.push_back(term.derivative);
        }
        structure.first.push_back(entries.size());
    }
    return jacobian;
}

template Jacobian<double> forward_mode_jacobian(AnyForward<SparseDual<double>>&,
                                                const std::vector<Tensor<double>>&);
template Jacobian<long double> forward_mode_jacobian(AnyForward<SparseDual<long double>>&,
                                                     const std::vector<Tensor<double>>&);

} // namespace handgrad
