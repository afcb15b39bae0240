#pragma once

/// @file
/// The sigmoid in the site's order of operations.

#include "../layers/layer.hpp"

namespace handgrad::playground {

/// y = 1 / (1 + exp(−z)), entry by entry: the function of `handgrad::Sigmoid`, which rounds
/// differently in the last bit.
template <class T>
class SiteSigmoid {
public:
    static constexpr std::string_view name = "sigmoid"; ///< as messages say it

    /// @param z any shape with at least one axis, the batch
    /// @return y, the shape of z
    Tensor<T> forward(const Tensor<T>& z) {
        expect_batch(name, z);
        y = elementwise(z, [](const T& z) {
            using std::exp;
            return T(1) / (T(1) + exp(-z));
        });
        return y;
    }

    /// @param dy dL/dy, the shape of y
    /// @return dL/dz = dy (y (1 − y))
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, y);
        expect_shape(name, "dy", dy, shape_of(y), "the shape of y");
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * (y * (T(1) - y)); });
    }

private:
    Tensor<T> y; // remembered by forward
};

} // namespace handgrad::playground
