#pragma once

/// @file
/// Cross-entropy of scores against a target distribution. Derivation: derivations/softmax.md.

#include "../layers/softmax.hpp"

namespace handgrad {

/// L = −Σ target(a) log y(a) with y = softmax(z), summed over all samples. It takes the scores z,
/// not the probabilities y: together the two derivatives become one subtraction.
///
/// Shapes: z (N, K), target (N, K); a row of target is a distribution, such as 1 at the right
/// class and 0 elsewhere.
template <class T>
class CrossEntropy {
public:
    static constexpr std::string_view name = "cross_entropy"; ///< as messages say it

    /// @param z scores, (N, K)
    /// @param target probabilities, (N, K)
    /// @return L
    /// @throws ShapeError if z is not (N, K) or target has another shape
    //! [forward]
    T forward(const Tensor<T>& z, const Tensor<T>& target) {
        expect_rank(name, "z", z, 2, "(N, K)");
        expect_shape(name, "target", target, shape_of(z), "the shape of z");
        using std::exp;
        using std::log;
        y_ = softmax_.forward(z);
        target_ = target;
        T L = T(0);
        for (auto i : range(z.shape(0))) {
            // log y(a) = z(a) − log Σ_b exp(z(b)), with the largest score taken out of the sum
            T largest = z(i, 0);
            for (auto b : range(z.shape(1)))
                largest = value_of(z(i, b)) > value_of(largest) ? z(i, b) : largest;
            T sum = T(0);
            for (auto b : range(z.shape(1)))
                sum += exp(z(i, b) - largest);
            for (auto a : range(z.shape(1)))
                L += target(i, a) * (largest + log(sum) - z(i, a));
        }
        return L;
    }
    //! [forward]

    /// @return dL/dz(a) = y(a) Σ_b target(b) − target(a), which is y − target where a row of
    /// target sums to 1
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward() {
        expect_forward(name, y_);
        auto dz = zeros<T>(shape_of(y_));
        for (auto i : range(y_.shape(0))) {
            T total = T(0);
            for (auto b : range(y_.shape(1)))
                total += target_(i, b);
            for (auto a : range(y_.shape(1)))
                dz(i, a) = y_(i, a) * total - target_(i, a);
        }
        return dz;
    }
    //! [backward]

private:
    Softmax<T> softmax_;
    Tensor<T> y_;      // softmax(z), remembered by forward
    Tensor<T> target_; // remembered by forward
};

} // namespace handgrad
