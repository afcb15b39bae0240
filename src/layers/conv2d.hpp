#pragma once

/// @file
/// Two-dimensional convolution. Derivation: derivations/conv2d.md.

#include "window.hpp"

namespace handgrad {

/// How the kernel of a `Conv2d` moves over its input.
struct Conv2dOptions {
    Pair stride{1, 1};   ///< rows and columns from one window to the next, at least 1
    Padding padding{};   ///< `Valid{}`, `Same{}` or `Sides{top, bottom, left, right}`, with zeros
    Pair dilation{1, 1}; ///< rows and columns from one tap to the next, at least 1
};

/// y(j) = bias(j) + Σ_k weight(j, k) ⋆ z(k) for every sample of the batch, where ⋆ slides the
/// kernel over the image without flipping it (a cross-correlation).
///
/// Shapes: z (N, C_in, H_in, W_in), weight (C_out, C_in, k_H, k_W), bias (C_out),
/// y (N, C_out, H_out, W_out) with H_out = floor((padded H − extent) / stride[0]) + 1.
template <class T>
class Conv2d {
public:
    static constexpr std::string_view name = "conv2d"; ///< as messages and the command line say it

    Tensor<T> weight;  ///< (C_out, C_in, k_H, k_W)
    Tensor<T> bias;    ///< (C_out)
    Tensor<T> dweight; ///< dL/dweight, set by `backward`
    Tensor<T> dbias;   ///< dL/dbias, set by `backward`

    /// @throws ShapeError if weight is not (C_out, C_in, k_H, k_W) or bias not (C_out)
    /// @throws ValueError if one of them is not finite everywhere, or a stride or dilation is 0
    Conv2d(Tensor<T> weight, Tensor<T> bias, Conv2dOptions options = {})
        : weight(std::move(weight)), bias(std::move(bias)),
          dweight(zeros<T>(shape_of(this->weight))), dbias(zeros<T>(shape_of(this->bias))),
          options_(options) {
        expect_parameters();
        expect_window(name, window());
        expect_finite(name, "weight", this->weight);
        expect_finite(name, "bias", this->bias);
    }

    /// weight and bias with their gradients.
    std::vector<Parameter<T>> parameters() {
        return {{"weight", weight, dweight}, {"bias", bias, dbias}};
    }

    /// How the kernel moves over the input.
    Window window() const {
        return {{weight.shape(2), weight.shape(3)},
                options_.stride,
                options_.padding,
                options_.dilation};
    }

    /// Computes y, and remembers what `backward` needs.
    /// @param input z, (N, C_in, H_in, W_in)
    /// @return y, (N, C_out, H_out, W_out)
    /// @throws ShapeError if z has another number of channels or the kernel does not fit into it
    //! [forward]
    Tensor<T> forward(const Tensor<T>& input) {
        expect_fit(input);
        const auto [stride, padding, dilation] = options_;
        const auto C_out = this->weight.shape(0), C_in = this->weight.shape(1);
        const auto k_H = this->weight.shape(2), k_W = this->weight.shape(3);

        // Surround z with zeros
        sides_ = padding_sides(window(), input.shape(2), input.shape(3));
        z_ = pad(input, sides_, T(0));
        const auto N = z_.shape(0);
        const auto [H_out, W_out] = output_size(name, window(), {z_.shape(2), z_.shape(3)});

        // Lay the kernel on every window and add up
        const auto z = entries<4>(z_), weight = entries<4>(this->weight);
        auto y = zeros<T>({N, C_out, H_out, W_out});
        for (auto i : range(N))
            for (auto j : range(C_out))
                for (auto h : range(H_out))
                    for (auto w : range(W_out)) {
                        T sum = bias(j);
                        for (auto k : range(C_in))
                            for (auto m : range(k_H))
                                for (auto n : range(k_W))
                                    sum += weight(j, k, m, n) * z(i, k,
                                                                  stride[0] * h + dilation[0] * m,
                                                                  stride[1] * w + dilation[1] * n);
                        y(i, j, h, w) = sum;
                    }
        shape_of_y_ = shape_of(y);
        shape_of_weight_ = shape_of(this->weight);
        return y;
    }
    //! [forward]

    /// Computes dz, and sets the gradients of the parameters.
    /// @param dy dL/dy, (N, C_out, H_out, W_out)
    /// @return dL/dz, (N, C_in, H_in, W_in)
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, z_);
        expect_shape(name, "weight", this->weight, shape_of_weight_, "as it was in forward");
        expect_shape(name, "dy", dy, shape_of_y_, "the shape of y");
        const auto [stride, padding, dilation] = options_;
        const auto N = dy.shape(0), C_out = dy.shape(1), H_out = dy.shape(2), W_out = dy.shape(3);
        const auto C_in = this->weight.shape(1);
        const auto k_H = this->weight.shape(2), k_W = this->weight.shape(3);

        auto gradient = zeros<T>(shape_of(z_));
        this->dweight = zeros<T>(shape_of_weight_);
        dbias = zeros<T>({C_out});
        const auto z = entries<4>(z_), dz = entries<4>(gradient);
        const auto weight = entries<4>(this->weight), dweight = entries<4>(this->dweight);
        for (auto i : range(N))
            for (auto j : range(C_out))
                for (auto h : range(H_out))
                    for (auto w : range(W_out)) {
                        // y(i, j, h, w) = bias(j) + … + weight(j, k, m, n) * z(i, k, p, q) + …
                        const T upstream = dy(i, j, h, w);
                        dbias(j) += upstream;
                        for (auto k : range(C_in))
                            for (auto m : range(k_H))
                                for (auto n : range(k_W)) {
                                    const auto p = stride[0] * h + dilation[0] * m;
                                    const auto q = stride[1] * w + dilation[1] * n;
                                    dweight(j, k, m, n) += upstream * z(i, k, p, q);
                                    dz(i, k, p, q) += upstream * weight(j, k, m, n);
                                }
                    }

        // Drop the gradient of the zeros around z
        return crop(gradient, sides_);
    }
    //! [backward]

private:
    Conv2dOptions options_;
    Tensor<T> z_;           // remembered by forward, with its padding
    Sides sides_;           // the padding in numbers
    Shape shape_of_y_;      // what dy must look like
    Shape shape_of_weight_; // as it was in forward

    void expect_parameters() const {
        expect_rank(name, "weight", weight, 4, "(C_out, C_in, k_H, k_W)");
        expect_shape(name, "bias", bias, {weight.shape(0)},
                     fmt::format("one number for each of the C_out = {} kernels of weight {}",
                                 weight.shape(0), text(weight.shape())));
    }

    void expect_fit(const Tensor<T>& input) const {
        expect_parameters();
        expect_rank(name, "z", input, 4, "(N, C_in, H_in, W_in)");
        if (input.shape(1) != weight.shape(1))
            throw ShapeError(fmt::format("{}: z has {} channels {}, weight expects {} {}", name,
                                         input.shape(1), text(input.shape()), weight.shape(1),
                                         text(weight.shape())));
        // A kernel that does not fit is refused here, before forward remembers anything
        const auto sides = padding_sides(window(), input.shape(2), input.shape(3));
        output_size(name, window(), padded_size(sides, input.shape(2), input.shape(3)));
    }
};

} // namespace handgrad
