#pragma once

/// @file
/// The sliding window that convolution and pooling share: which rows and columns of the padded
/// input an output entry reads. Derivation: derivations/conv2d.md, "Stride, padding, dilation".

#include "layer.hpp"

#include <array>
#include <variant>

namespace handgrad {

/// Two extents or steps of the image plane: [0] along the rows (downwards), [1] along the columns,
/// as `stride[0]` and `stride[1]` are in the homework.
using Pair = std::array<std::size_t, 2>;

/// No padding: windows lie wholly inside the input.
struct Valid {};

/// As much padding as makes the output ceil(input / stride) large. The padding is split in two
/// halves; the odd row goes to the bottom, the odd column to the right.
struct Same {};

/// So many rows above and below the input, and columns left and right of it.
struct Sides {
    std::size_t top = 0;    ///< rows above the first
    std::size_t bottom = 0; ///< rows below the last
    std::size_t left = 0;   ///< columns before the first
    std::size_t right = 0;  ///< columns after the last
};

/// What surrounds the input.
using Padding = std::variant<Valid, Same, Sides>;

/// A window of `kernel` taps that moves over the padded input.
struct Window {
    Pair kernel;         ///< k_H, k_W: taps along the rows and the columns
    Pair stride{1, 1};   ///< how far the window moves from one output entry to the next
    Padding padding{};   ///< what surrounds the input
    Pair dilation{1, 1}; ///< how far one tap is from the next
};

/// How many padded rows (or columns) the taps of one axis span: dilation · (kernel − 1) + 1.
constexpr std::size_t window_extent(std::size_t kernel, std::size_t dilation) {
    return dilation * (kernel - 1) + 1;
}

/// The padding of an input of `H_in` × `W_in` as numbers.
inline Sides padding_sides(const Window& window, std::size_t H_in, std::size_t W_in) {
    if (std::holds_alternative<Valid>(window.padding))
        return {};
    if (const auto* sides = std::get_if<Sides>(&window.padding))
        return *sides;
    const auto same = [&](std::size_t axis, std::size_t size_in) {
        const auto size_out = (size_in + window.stride[axis] - 1) / window.stride[axis];
        const auto needed = (size_out - 1) * window.stride[axis] +
                            window_extent(window.kernel[axis], window.dilation[axis]);
        return needed > size_in ? needed - size_in : 0;
    };
    const auto rows = same(0, H_in), columns = same(1, W_in);
    return {rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
}

/// Refuses a kernel, stride or dilation that is 0, and any of them or a padding that is so large
/// that sums overflow.
/// @throws ValueError naming the one that is
inline void expect_window(std::string_view who, const Window& window) {
    constexpr std::size_t most = 0x7fffffff; // far beyond any image, and its square fits 64 bits
    const auto refuse = [&](std::string_view what, const Pair& pair) {
        for (auto number : pair)
            if (number < 1 || number > most)
                throw ValueError(fmt::format("{}: {} is {}, both must be from 1 to {}", who, what,
                                             text(pair), most));
    };
    refuse("kernel", window.kernel);
    refuse("stride", window.stride);
    refuse("dilation", window.dilation);

    // So much that the padded image has fewer entries than 64 bits can count
    constexpr std::size_t most_padding = 0xffff;
    const auto* sides = std::get_if<Sides>(&window.padding);
    if (sides && std::max({sides->top, sides->bottom, sides->left, sides->right}) > most_padding)
        throw ValueError(fmt::format(
            "{}: padding is {} (top, bottom, left, right), each must be at most {}", who,
            text(std::array{sides->top, sides->bottom, sides->left, sides->right}), most_padding));
}

/// Rows and columns of an image of `H` × `W` with its padding.
constexpr Pair padded_size(const Sides& sides, std::size_t H, std::size_t W) {
    return {sides.top + H + sides.bottom, sides.left + W + sides.right};
}

/// How many windows fit along each axis of an already padded input:
/// floor((padded − extent) / stride) + 1.
/// @throws ShapeError if not even one does
inline Pair output_size(std::string_view who, const Window& window, const Pair& padded) {
    Pair size{};
    for (auto axis : range(2)) {
        const auto extent = window_extent(window.kernel[axis], window.dilation[axis]);
        if (extent > padded[axis])
            throw ShapeError(fmt::format(
                "{}: kernel {} with dilation {} spans {} {}, the padded z has only {}; the kernel "
                "must fit into the padded z",
                who, text(window.kernel), text(window.dilation), extent,
                axis == 0 ? "rows" : "columns", padded[axis]));
        size[axis] = (padded[axis] - extent) / window.stride[axis] + 1;
    }
    return size;
}

/// Surrounds every image of z (N, C, H, W) with `value`.
/// @throws ShapeError if the result would have more than 2³² entries, 32 GiB of double
template <class T>
Tensor<T> pad(const Tensor<T>& z, const Sides& sides, const T& value) {
    const auto N = z.shape(0), C = z.shape(1), H = z.shape(2), W = z.shape(3);
    const auto [rows, columns] = padded_size(sides, H, W);
    constexpr std::size_t most = std::size_t(1) << 32;
    if (rows > most / columns || N * C > most / (rows * columns))
        throw ShapeError(fmt::format("padding makes z {}, it must have at most {} entries",
                                     text(std::array{N, C, rows, columns}), most));
    auto padded = filled<T>({N, C, rows, columns}, value);
    for (auto i : range(N))
        for (auto k : range(C))
            for (auto h : range(H))
                for (auto w : range(W))
                    padded(i, k, h + sides.top, w + sides.left) = z(i, k, h, w);
    return padded;
}

/// Takes away what `pad` put around every image. It is the backward pass of `pad`: the padding is
/// a constant, so its gradient is dropped.
template <class T>
Tensor<T> crop(const Tensor<T>& padded, const Sides& sides) {
    const auto N = padded.shape(0), C = padded.shape(1);
    const auto H = padded.shape(2) - sides.top - sides.bottom;
    const auto W = padded.shape(3) - sides.left - sides.right;
    auto z = zeros<T>({N, C, H, W});
    for (auto i : range(N))
        for (auto k : range(C))
            for (auto h : range(H))
                for (auto w : range(W))
                    z(i, k, h, w) = padded(i, k, h + sides.top, w + sides.left);
    return z;
}

} // namespace handgrad
