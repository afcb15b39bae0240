#pragma once

/// @file
/// The rectified linear unit, entry by entry. Derivation: derivations/relu.md.

#include "layer.hpp"

namespace handgrad {

/// y = max(0, z), entry by entry, for a z of any shape. At z = 0 the derivative is taken as 0.
/// NaN stays NaN.
template <class T>
class ReLU {
public:
    static constexpr std::string_view name = "relu"; ///< as messages and the command line say it

    /// Computes y, and remembers what `backward` needs.
    /// @param input z, any shape with at least one axis, the batch
    /// @return y, the shape of z
    //! [forward]
    Tensor<T> forward(const Tensor<T>& input) {
        expect_batch(name, input);
        z = input;
        return elementwise(z, [](const T& z) { return value_of(z) <= 0 ? T(0) : z; });
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, the shape of y
    /// @return dL/dz: dy where z > 0, else 0
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, z);
        expect_shape(name, "dy", dy, shape_of(z), "the shape of y");
        // y = z where z > 0, else 0
        return elementwise(dy, z,
                           [](const T& dy, const T& z) { return value_of(z) <= 0 ? T(0) : dy; });
    }
    //! [backward]

private:
    Tensor<T> z; // remembered by forward
};

} // namespace handgrad
