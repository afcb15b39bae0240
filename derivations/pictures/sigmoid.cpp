#include "curves.hpp"
#include "pages.hpp"

#include "layers/sigmoid.hpp"

namespace handgrad::pictures {

Picture sigmoid_curve() {
    Picture picture("sigmoid-curve", "The sigmoid and its derivative",
                    "The sigmoid rises from 0 to 1. Its derivative y (1 − y) is at most a quarter, "
                    "at z = 0, and almost 0 where the sigmoid is almost flat.",
                    380);
    const Axes axes{{70, 60, 560, 270}, {-8, -0.05}, {8, 1.05}};
    const auto samples = sample(Sigmoid<double>(), places(-8, 8, 160));
    const auto middle = sample(Sigmoid<double>(), {0.});

    shade_saturation(picture, axes, samples);
    picture.axes(axes, {-8, -6, -4, -2, 0, 2, 4, 6, 8}, {0, middle.dz(0), middle.y(0), 1},
                 {{"z", Role::Z}});
    picture.curve(points(axes, samples.z, samples.dz), Role::Gradient, true);
    picture.curve(points(axes, samples.z, samples.y), Role::Y);
    picture.dot(axes.at({0, middle.y(0)}), Role::Y);
    picture.dot(axes.at({0, middle.dz(0)}), Role::Gradient);

    picture.text(axes.at({0.75, 0.58}), {{"y = 1 / (1 + exp(−z))", Role::Y}}, {18, true, "start"});
    picture.text(axes.at({1.75, 0.19}), {{"y (1 − y)", Role::Gradient}}, {18, true, "start"});
    return picture;
}

} // namespace handgrad::pictures
