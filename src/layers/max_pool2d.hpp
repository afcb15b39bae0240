#pragma once

/// @file
/// Two-dimensional max-pooling. Derivation: derivations/max_pool2d.md.

#include "window.hpp"

#include <limits>

namespace handgrad {

/// What surrounds the input of a `MaxPool2d`.
enum class PaddingValue {
    NegativeInfinity, ///< never the maximum: a window takes the largest of its real entries
    Zero,             ///< competes with the entries, as in the homework's module
};

/// How the window of a `MaxPool2d` moves over its input.
struct MaxPool2dOptions {
    Pair kernel{2, 2}; ///< rows and columns of a window, at least 1
    Pair stride{2, 2}; ///< rows and columns from one window to the next; less than kernel overlaps
    Padding padding{}; ///< `Valid{}`, `Same{}` or `Sides{…}`, each side less than the kernel
    PaddingValue padding_value = PaddingValue::NegativeInfinity; ///< what the padding holds
};

/// y(j, h, w) = max over m, n of z(j, stride[0]·h + m, stride[1]·w + n) for every sample.
///
/// Among equal maxima the first in row-major order wins and receives the whole gradient, as
/// NumPy's argmax and PyTorch have it. NaN counts as larger than every number.
///
/// Shapes: z (N, C, H_in, W_in), y (N, C, H_out, W_out).
template <class T>
class MaxPool2d {
public:
    static constexpr std::string_view name = "max_pool2d"; ///< as messages and the command line say

    /// @throws ValueError if a kernel or stride is 0, or padding is not less than the kernel
    explicit MaxPool2d(MaxPool2dOptions options = {}) : options_(options) {
        expect_window(name, window());
        if (const auto* sides = std::get_if<Sides>(&options.padding))
            expect_padding(*sides);
    }

    /// How the window moves over the input.
    Window window() const { return {options_.kernel, options_.stride, options_.padding}; }

    /// Computes y, and remembers what `backward` needs.
    /// @param z (N, C, H_in, W_in)
    /// @return y, (N, C, H_out, W_out)
    /// @throws ShapeError if z has not four axes or the kernel does not fit into it
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        expect_rank(name, "z", z, 4, "(N, C, H_in, W_in)");
        const auto [k_H, k_W] = options_.kernel;
        const auto stride = options_.stride;

        // Surround z with −∞ or zeros
        sides_ = padding_sides(window(), z.shape(2), z.shape(3));
        const Tensor<T> padded = pad(z, sides_, padding_value());
        const auto N = z.shape(0), C = z.shape(1);
        const auto [H_out, W_out] = output_size(name, window(), {padded.shape(2), padded.shape(3)});
        shape_of_padded_ = shape_of(padded);
        const auto [first_row, first_column] = first_candidate();

        // Find the first maximum of every window and remember where it stood
        auto y = zeros<T>({N, C, H_out, W_out});
        winner_row_ = zeros<std::size_t>(shape_of(y));
        winner_column_ = zeros<std::size_t>(shape_of(y));
        for (auto i : range(N))
            for (auto j : range(C))
                for (auto h : range(H_out))
                    for (auto w : range(W_out)) {
                        auto row = std::max(stride[0] * h, first_row);
                        auto column = std::max(stride[1] * w, first_column);
                        for (auto m : range(k_H))
                            for (auto n : range(k_W)) {
                                const auto p = stride[0] * h + m, q = stride[1] * w + n;
                                if (exceeds(padded(i, j, p, q), padded(i, j, row, column))) {
                                    row = p;
                                    column = q;
                                }
                            }
                        y(i, j, h, w) = padded(i, j, row, column);
                        winner_row_(i, j, h, w) = row;
                        winner_column_(i, j, h, w) = column;
                    }
        return y;
    }
    //! [forward]

    /// Computes dz.
    /// @param dy dL/dy, (N, C, H_out, W_out)
    /// @return dL/dz, (N, C, H_in, W_in)
    /// @throws ShapeError if dy has not the shape of y
    /// @throws OrderError before any `forward`
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        expect_forward(name, winner_row_);
        expect_shape(name, "dy", dy, shape_of(winner_row_), "the shape of y");
        const auto N = dy.shape(0), C = dy.shape(1), H_out = dy.shape(2), W_out = dy.shape(3);

        auto dz = zeros<T>(shape_of_padded_);
        for (auto i : range(N))
            for (auto j : range(C))
                for (auto h : range(H_out))
                    for (auto w : range(W_out)) {
                        // y(i, j, h, w) = z(i, j, row, column)
                        const auto row = winner_row_(i, j, h, w);
                        const auto column = winner_column_(i, j, h, w);
                        dz(i, j, row, column) += dy(i, j, h, w);
                    }

        // Drop the gradient of what surrounds z
        return crop(dz, sides_);
    }
    //! [backward]

private:
    MaxPool2dOptions options_;
    Sides sides_;                       // the padding in numbers
    Shape shape_of_padded_;             // of z with its padding
    Tensor<std::size_t> winner_row_;    // where the maximum of each window stands in the padded z
    Tensor<std::size_t> winner_column_; // (both have the shape of y)

    T padding_value() const {
        return options_.padding_value == PaddingValue::Zero
                   ? T(0)
                   : T(-std::numeric_limits<double>::infinity());
    }

    // Where in the padded z the first entry stands that can be a maximum: −∞ around z cannot, also
    // where z itself is −∞
    Pair first_candidate() const {
        return options_.padding_value == PaddingValue::Zero ? Pair{0, 0}
                                                            : Pair{sides_.top, sides_.left};
    }

    // Is a larger than b, where NaN is larger than every number?
    static bool exceeds(const T& a, const T& b) {
        const auto left = value_of(a), right = value_of(b);
        return left > right || (left != left && right == right);
    }

    // With less padding than kernel, no window lies wholly in the padding
    void expect_padding(const Sides& sides) const {
        if (std::max(sides.top, sides.bottom) >= options_.kernel[0] ||
            std::max(sides.left, sides.right) >= options_.kernel[1])
            throw ValueError(fmt::format(
                "{}: padding is {} (top, bottom, left, right), each must be less than kernel {} so "
                "that every window holds at least one entry of z",
                name, text(std::array{sides.top, sides.bottom, sides.left, sides.right}),
                text(options_.kernel)));
    }
};

} // namespace handgrad
