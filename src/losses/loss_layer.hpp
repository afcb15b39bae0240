#pragma once

/// @file
/// A loss as a layer, for whoever checks or proves layers.

#include "../layers/layer.hpp"

namespace handgrad {

/// A loss with its target fixed, as a layer whose y is the one number L:
/// `LossLayer<CrossEntropy>::Over<double>(target)`.
template <template <class> class Loss>
struct LossLayer {
    /// The layer over the number type `T`.
    template <class T>
    class Over {
    public:
        static constexpr std::string_view name = Loss<T>::name; ///< the loss's

        explicit Over(Tensor<T> target) : target_(std::move(target)) {} ///< the shape of z

        /// @param z what the loss is computed of
        /// @return L, (1)
        Tensor<T> forward(const Tensor<T>& z) { return filled<T>({1}, loss_.forward(z, target_)); }

        /// @param dy what L is multiplied by further on, (1)
        /// @return dz, the shape of z
        Tensor<T> backward(const Tensor<T>& dy) {
            return elementwise(loss_.backward(), [&](const T& dz) { return dy(0) * dz; });
        }

    private:
        Loss<T> loss_;
        Tensor<T> target_;
    };
};

} // namespace handgrad
