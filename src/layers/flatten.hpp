#pragma once

/// @file
/// From images to vectors. Derivation: derivations/flatten.md.

#include "layer.hpp"

namespace handgrad {

/// Every sample's entries in row-major order, as one vector.
///
/// Shapes: z (N, A, B, …), y (N, A·B·…).
template <class T>
class Flatten {
public:
    static constexpr std::string_view name = "flatten"; ///< as messages and the command line say it

    /// Computes y, and remembers what `backward` needs.
    /// @param z any shape with at least one axis, the batch
    /// @return y, (N, entries of one sample)
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        expect_batch(name, z);
        shape_of_z_ = shape_of(z);
        return reshaped(z, {z.shape(0), z.size() / z.shape(0)});
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, (N, entries of one sample)
    /// @return dL/dz, the shape of z
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, shape_of_z_);
        std::size_t entries = 1;
        for (auto axis : range(shape_of_z_.size() - 1))
            entries *= shape_of_z_[axis + 1];
        expect_shape(name, "dy", dy, {shape_of_z_[0], entries}, "the shape of y");
        // y holds the entries of z in the same order
        return reshaped(dy, shape_of_z_);
    }
    //! [backward]

private:
    Shape shape_of_z_; // remembered by forward
};

} // namespace handgrad
