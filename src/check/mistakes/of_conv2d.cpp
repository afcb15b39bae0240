// Mistakes with the windows of a convolution

#include "gradients.hpp"

#include <cstdint>

namespace handgrad::mistakes {

namespace {

// What convolution's backward would give with another geometry
struct ConvolutionGradients {
    Gradient dz, dweight;
};
// Where an entry outside of z goes, of so many rows or columns: what is beyond them is dropped
using Outside = std::size_t (*)(std::size_t position, std::size_t size);
std::size_t dropped(std::size_t position, std::size_t) {
    return position;
}
// Above SIZE_MAX / 2 stands what went below 0
std::size_t wrapped_around(std::size_t position, std::size_t size) {
    return (position > SIZE_MAX / 2 ? position + size : position) % size;
}
std::size_t at_the_border(std::size_t position, std::size_t size) {
    return position > SIZE_MAX / 2 ? 0 : std::min(position, size - 1);
}
ConvolutionGradients convolution(const Evidence& e, const Pair& stride, const Pair& dilation,
                                 std::size_t top, std::size_t left, Outside outside = dropped) {
    const auto& z = e.inputs[0];
    const auto& weight = e.inputs[1];
    ConvolutionGradients g{zeros<double>(shape_of(z)), zeros<double>(shape_of(weight))};
    for (auto i : range(e.dy.shape(0)))
        for (auto j : range(e.dy.shape(1)))
            for (auto h : range(e.dy.shape(2)))
                for (auto w : range(e.dy.shape(3)))
                    for (auto k : range(z.shape(1)))
                        for (auto m : range(weight.shape(2)))
                            for (auto n : range(weight.shape(3))) {
                                const auto p =
                                    outside(stride[0] * h + dilation[0] * m - top, z.shape(2));
                                const auto q =
                                    outside(stride[1] * w + dilation[1] * n - left, z.shape(3));
                                if (p >= z.shape(2) || q >= z.shape(3))
                                    continue;
                                g.dz(i, k, p, q) += e.dy(i, j, h, w) * weight(j, k, m, n);
                                g.dweight(j, k, m, n) += e.dy(i, j, h, w) * z(i, k, p, q);
                            }
    return g;
}

} // namespace

void suspect_convolution(Catalogue& all, const Evidence& e, std::size_t place) {
    if (!e.window || e.inputs.size() < 2 || e.inputs[1].dimension() != 4 ||
        e.inputs[0].dimension() != 4 || place > 1)
        return;
    const Window window = *e.window;
    const auto sides = padding_sides(window, e.inputs[0].shape(2), e.inputs[0].shape(3));
    const auto add = [&](const char* name, const char* sentence, Pair stride, Pair dilation,
                         std::size_t top, std::size_t left) {
        all.push_back({name, sentence, [&e, place, stride, dilation, top, left] {
                           auto g = convolution(e, stride, dilation, top, left);
                           return place == 0 ? g.dz : g.dweight;
                       }});
    };
    const Pair stride = window.stride, dilation = window.dilation;
    const Pair one{1, 1};
    if (stride != one)
        add("stride ignored", "backward moves the window by 1 where forward moves it by stride.",
            one, dilation, sides.top, sides.left);
    if (stride[0] != stride[1]) {
        add("stride exchanged", "stride[0] belongs to the rows and stride[1] to the columns.",
            {stride[1], stride[0]}, dilation, sides.top, sides.left);
        add("stride[0] for both", "stride[1] belongs to the columns.", {stride[0], stride[0]},
            dilation, sides.top, sides.left);
    }
    if (dilation != one)
        add("dilation ignored", "backward puts the taps side by side where forward spreads them.",
            stride, one, sides.top, sides.left);
    if (dilation[0] != dilation[1])
        add("dilation exchanged", "dilation[0] belongs to the rows and dilation[1] to the columns.",
            stride, {dilation[1], dilation[0]}, sides.top, sides.left);
    if (stride != one && dilation != one)
        add("stride and dilation ignored",
            "backward moves window and taps by 1 where forward moves them by stride and dilation.",
            one, one, sides.top, sides.left);
    const auto add_outside = [&](const char* name, const char* sentence, Outside outside) {
        all.push_back({name, sentence, [&e, place, stride, dilation, sides, outside] {
                           auto g =
                               convolution(e, stride, dilation, sides.top, sides.left, outside);
                           return place == 0 ? g.dz : g.dweight;
                       }});
    };
    if (sides.top + sides.left > 0) {
        add("padding ignored", "backward counts rows and columns without the padding before them.",
            stride, dilation, 0, 0);
        add_outside("padding wrapped around",
                    "what belongs to the padding is added at the other end of z, as a negative "
                    "index does in Python; drop it.",
                    wrapped_around);
    }
    if (sides.top + sides.left + sides.bottom + sides.right > 0)
        add_outside("padding added to the border",
                    "what belongs to the padding is added to the nearest row and column of z; drop "
                    "it.",
                    at_the_border);
    if (sides.top != sides.bottom || sides.left != sides.right)
        add("padding on the wrong side", "top and bottom, or left and right, are exchanged.",
            stride, dilation, sides.bottom, sides.right);
    if (sides.top != sides.left)
        add("padding exchanged", "top and left padding are exchanged.", stride, dilation,
            sides.left, sides.top);
}

} // namespace handgrad::mistakes
