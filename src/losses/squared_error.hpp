#pragma once

/// @file
/// Half the squared error. Derivation: derivations/chain_rule.md.

#include "../layers/layer.hpp"

namespace handgrad {

/// L = ½ Σ (z − target)², summed over all entries and all samples.
template <class T>
class SquaredError {
public:
    static constexpr std::string_view name = "squared_error"; ///< as messages say it

    /// @param z the network's output, any shape
    /// @param target what it should have been, the shape of z
    /// @return L
    /// @throws ShapeError if target has not the shape of z
    //! [forward]
    T forward(const Tensor<T>& z, const Tensor<T>& target) {
        expect_batch(name, z);
        expect_shape(name, "target", target, shape_of(z), "the shape of z");
        difference_ =
            elementwise(z, target, [](const T& z, const T& target) { return z - target; });
        T L = T(0);
        for (const T& difference : difference_)
            L += T(0.5) * difference * difference;
        return L;
    }
    //! [forward]

    /// @return dL/dz = z − target
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward() {
        expect_forward(name, difference_);
        return difference_;
    }
    //! [backward]

private:
    Tensor<T> difference_; // z − target, remembered by forward
};

} // namespace handgrad
