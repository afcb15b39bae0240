#pragma once

/// @file
/// The linear layer y = weight · z + bias. Derivation: derivations/linear.md.

#include "layer.hpp"

namespace handgrad {

/// y = weight · z + bias for every sample z of the batch.
///
/// Shapes: z (N, d_in), weight (d_out, d_in), bias (d_out), y (N, d_out).
template <class T>
class Linear {
public:
    static constexpr std::string_view name = "linear"; ///< as messages and the command line say it

    Tensor<T> weight;  ///< (d_out, d_in)
    Tensor<T> bias;    ///< (d_out)
    Tensor<T> dweight; ///< dL/dweight, set by `backward`
    Tensor<T> dbias;   ///< dL/dbias, set by `backward`

    /// @throws ShapeError if weight is not (d_out, d_in) or bias not (d_out)
    /// @throws ValueError if one of them is not finite everywhere
    Linear(Tensor<T> weight, Tensor<T> bias)
        : weight(std::move(weight)), bias(std::move(bias)),
          dweight(zeros<T>(shape_of(this->weight))), dbias(zeros<T>(shape_of(this->bias))) {
        expect_parameters();
        expect_finite(name, "weight", this->weight);
        expect_finite(name, "bias", this->bias);
    }

    /// weight and bias with their gradients.
    std::vector<Parameter<T>> parameters() {
        return {{"weight", weight, dweight}, {"bias", bias, dbias}};
    }

    /// Computes y, and remembers what `backward` needs.
    /// @param input z, (N, d_in)
    /// @return y, (N, d_out)
    /// @throws ShapeError if z is not (N, d_in)
    //! [forward]
    Tensor<T> forward(const Tensor<T>& input) {
        expect_fit(input);
        z_ = input;
        shape_of_weight_ = shape_of(this->weight);
        const auto N = z_.shape(0), d_out = this->weight.shape(0), d_in = this->weight.shape(1);
        const auto z = entries<2>(z_), weight = entries<2>(this->weight);
        auto y = zeros<T>({N, d_out});
        for (auto i : range(N))
            for (auto j : range(d_out)) {
                T sum = bias(j);
                for (auto k : range(d_in))
                    sum += weight(j, k) * z(i, k);
                y(i, j) = sum;
            }
        return y;
    }
    //! [forward]

    /// Computes dz, and sets the gradients of the parameters.
    /// @param dy dL/dy, (N, d_out)
    /// @return dL/dz, (N, d_in)
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, z_);
        expect_shape(name, "weight", this->weight, shape_of_weight_, "as it was in forward");
        const auto N = z_.shape(0), d_out = this->weight.shape(0), d_in = this->weight.shape(1);
        expect_shape(name, "dy", dy, {N, d_out}, "the shape of y");

        auto gradient = zeros<T>({N, d_in});
        this->dweight = zeros<T>({d_out, d_in});
        dbias = zeros<T>({d_out});
        const auto z = entries<2>(z_), dz = entries<2>(gradient);
        const auto weight = entries<2>(this->weight), dweight = entries<2>(this->dweight);
        for (auto i : range(N))
            for (auto j : range(d_out)) {
                // y(i, j) = bias(j) + … + weight(j, k) * z(i, k) + …
                const T upstream = dy(i, j);
                dbias(j) += upstream;
                for (auto k : range(d_in)) {
                    dweight(j, k) += upstream * z(i, k);
                    dz(i, k) += upstream * weight(j, k);
                }
            }
        return gradient;
    }
    //! [backward]

private:
    Tensor<T> z_;           // remembered by forward
    Shape shape_of_weight_; // as it was in forward

    void expect_parameters() const {
        expect_rank(name, "weight", weight, 2, "(d_out, d_in)");
        expect_shape(name, "bias", bias, {weight.shape(0)},
                     fmt::format("one number for each of the d_out = {} rows of weight {}",
                                 weight.shape(0), text(weight.shape())));
    }

    void expect_fit(const Tensor<T>& input) const {
        expect_parameters();
        expect_rank(name, "z", input, 2, "(N, d_in)");
        if (input.shape(1) != weight.shape(1))
            throw ShapeError(fmt::format("{}: z has d_in = {} {}, weight expects {} {}", name,
                                         input.shape(1), text(input.shape()), weight.shape(1),
                                         text(weight.shape())));
    }
};

} // namespace handgrad
