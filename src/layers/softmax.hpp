#pragma once

/// @file
/// Softmax over the last axis. Derivation: derivations/softmax.md.

#include "layer.hpp"

namespace handgrad {

/// y(a) = exp(z(a)) / Σ_b exp(z(b)) over the last axis: scores become probabilities.
///
/// Shapes: z (N, …, K), y the same.
template <class T>
class Softmax {
public:
    static constexpr std::string_view name = "softmax"; ///< as messages and the command line say it

    /// Computes y, and remembers what `backward` needs.
    /// @param z (N, …, K)
    /// @return y, the shape of z
    /// @throws ShapeError if z has fewer than two axes or is empty
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        expect_batch(name, z, 2);
        const auto K = z.shape(z.dimension() - 1);
        y = z;
        for (auto row : range(z.size() / K)) {
            const auto first = y.begin() + static_cast<std::ptrdiff_t>(row * K);
            const auto last = first + static_cast<std::ptrdiff_t>(K);

            // Subtract the largest score: it cancels in the fraction, and exp cannot overflow
            const T largest = *std::max_element(
                first, last, [](const T& a, const T& b) { return value_of(a) < value_of(b); });
            T sum = T(0);
            std::for_each(first, last, [&](T& entry) {
                using std::exp;
                entry = exp(entry - largest);
                sum += entry;
            });
            std::for_each(first, last, [&](T& entry) { entry = entry / sum; });
        }
        return y;
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, the shape of y
    /// @return dL/dz(a) = y(a) (dy(a) − Σ_b dy(b) y(b))
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, y);
        expect_shape(name, "dy", dy, shape_of(y), "the shape of y");
        const auto K = y.shape(y.dimension() - 1);
        auto dz = zeros<T>(shape_of(y));
        for (auto row : range(y.size() / K)) {
            // y(a) = exp(z(a)) / Σ_b exp(z(b))
            T mean = T(0);
            for (auto b : range(K))
                mean += dy.flat(row * K + b) * y.flat(row * K + b);
            for (auto a : range(K))
                dz.flat(row * K + a) = y.flat(row * K + a) * (dy.flat(row * K + a) - mean);
        }
        return dz;
    }
    //! [backward]

private:
    Tensor<T> y; // remembered by forward
};

} // namespace handgrad
