#include "curves.hpp"
#include "pages.hpp"

#include "layers/tanh.hpp"

namespace handgrad::pictures {

Picture tanh_curve() {
    Picture picture("tanh-curve", "tanh and its derivative",
                    "tanh rises from −1 to 1. Its derivative 1 − y² is 1 at z = 0 and almost 0 "
                    "where tanh is almost flat: there the gradient hardly flows.",
                    380);
    const Axes axes{{70, 60, 560, 270}, {-4, -1.1}, {4, 1.1}};
    const auto samples = sample(Tanh<double>(), places(-4, 4, 160));

    shade_saturation(picture, axes, samples);
    picture.axes(axes, {-4, -3, -2, -1, 0, 1, 2, 3, 4}, {-1, 0, 1}, {{"z", Role::Z}});
    picture.curve(points(axes, samples.z, samples.dz), Role::Gradient, true);
    picture.curve(points(axes, samples.z, samples.y), Role::Y);

    picture.text(axes.at({1.22, 0.62}), {{"y = tanh(z)", Role::Y}}, {18, true, "start"});
    picture.text(axes.at({-0.85, 0.72}), {{"1 − y²", Role::Gradient}}, {18, true, "end"});
    return picture;
}

} // namespace handgrad::pictures
