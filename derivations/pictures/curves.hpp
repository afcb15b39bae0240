#pragma once

/// @file
/// A layer that works entry by entry, drawn as a function and its derivative.

#include "picture.hpp"

namespace handgrad::pictures {

/// y = f(z) and dy/dz at the same places, computed by a layer's own passes.
struct Samples {
    Tensor<double> z;  ///< (K), from the left to the right end
    Tensor<double> y;  ///< (K), what `forward` says
    Tensor<double> dz; ///< (K), what `backward` says for dy = 1: the derivative
};

/// Evaluates `layer` at `z`, a tensor with one axis.
template <class L>
Samples sample(L layer, Tensor<double> z) {
    auto y = layer.forward(z);
    auto dz = layer.backward(filled(shape_of(y), 1.));
    return {std::move(z), std::move(y), std::move(dz)};
}

/// `intervals` + 1 places from `first` to `last`, both ends included.
inline Tensor<double> places(double first, double last, std::size_t intervals) {
    auto z = zeros<double>({intervals + 1});
    for (auto i : range(intervals + 1))
        z(i) = first + (last - first) * static_cast<double>(i) / static_cast<double>(intervals);
    return z;
}

/// Points of (z, values) in px.
inline std::vector<Point> points(const Axes& axes, const Tensor<double>& z,
                                 const Tensor<double>& values) {
    std::vector<Point> result;
    for (auto i : range(z.size()))
        result.push_back(axes.at({z(i), values(i)}));
    return result;
}

/// Shades both ends where the derivative is below a twentieth of its largest: what flows back
/// there is hardly anything.
inline void shade_saturation(Picture& picture, const Axes& axes, const Samples& samples) {
    const double largest = *std::max_element(samples.dz.begin(), samples.dz.end());
    const auto alive = [&](double slope) { return slope >= largest / 20; };
    const auto begin = std::find_if(samples.dz.begin(), samples.dz.end(), alive);
    const auto end = std::find_if_not(begin, samples.dz.end(), alive);
    const double first = samples.z(static_cast<std::size_t>(begin - samples.dz.begin()));
    const double last = samples.z(static_cast<std::size_t>(end - samples.dz.begin()) - 1);
    for (const auto& [left, right] :
         {std::pair{axes.smallest.x, first}, std::pair{last, axes.largest.x}}) {
        const Point corner = axes.at({left, axes.largest.y}), other = axes.at({right, 0});
        picture.shade({corner.x, axes.box.y, other.x - corner.x, axes.box.height}, Role::Muted);
        picture.text({(corner.x + other.x) / 2, axes.box.y - 16}, {{"saturated", Role::Muted}},
                     {15});
    }
}

} // namespace handgrad::pictures
