#pragma once

/// @file
/// The hyperbolic tangent, entry by entry. Derivation: derivations/tanh.md.

#include "layer.hpp"

namespace handgrad {

/// y = (exp(z) − exp(−z)) / (exp(z) + exp(−z)), entry by entry, for a z of any shape.
template <class T>
class Tanh {
public:
    static constexpr std::string_view name = "tanh"; ///< as messages and the command line say it

    /// Computes y, and remembers what `backward` needs.
    /// @param z any shape with at least one axis, the batch
    /// @return y, the shape of z
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        expect_batch(name, z);
        y = elementwise(z, [](const T& z) {
            using std::tanh;
            return tanh(z);
        });
        return y;
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, the shape of y
    /// @return dL/dz = dy (1 − y²)
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, y);
        expect_shape(name, "dy", dy, shape_of(y), "the shape of y");
        // y = tanh(z)
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * (T(1) - y * y); });
    }
    //! [backward]

private:
    Tensor<T> y; // remembered by forward
};

} // namespace handgrad
