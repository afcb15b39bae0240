#pragma once

/// @file
/// The logistic sigmoid, entry by entry. Derivation: derivations/sigmoid.md.

#include "layer.hpp"

namespace handgrad {

/// y = 1 / (1 + exp(−z)), entry by entry, for a z of any shape.
template <class T>
class Sigmoid {
public:
    static constexpr std::string_view name = "sigmoid"; ///< as messages and the command line say it

    /// Computes y, and remembers what `backward` needs.
    /// @param z any shape with at least one axis, the batch
    /// @return y, the shape of z
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        expect_batch(name, z);
        y = elementwise(z, [](const T& z) {
            using std::exp;
            // Take exp of what is not positive: it cannot overflow
            if (value_of(z) >= 0)
                return T(T(1) / (T(1) + exp(-z)));
            const T e = exp(z);
            return T(e / (T(1) + e));
        });
        return y;
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, the shape of y
    /// @return dL/dz = dy y (1 − y)
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, y);
        expect_shape(name, "dy", dy, shape_of(y), "the shape of y");
        // y = 1 / (1 + exp(−z))
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * y * (T(1) - y); });
    }
    //! [backward]

private:
    Tensor<T> y; // remembered by forward
};

} // namespace handgrad
