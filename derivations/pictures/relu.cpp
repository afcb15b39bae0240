#include "curves.hpp"
#include "pages.hpp"

#include "layers/relu.hpp"

namespace handgrad::pictures {

Picture relu_curve() {
    Picture picture("relu-curve", "The rectified linear unit and its derivative",
                    "y = max(0, z) is 0 up to z = 0 and z from there on. Its derivative steps from "
                    "0 to 1; at the kink z = 0 it is taken as 0.",
                    400);
    const Axes axes{{70, 40, 560, 290}, {-2, -0.15}, {2, 2}};
    const auto samples = sample(ReLU<double>(), places(-2, 2, 4));
    const auto kink = sample(ReLU<double>(), {0.});
    const auto after = sample(ReLU<double>(), places(0.001, 2, 2));

    picture.axes(axes, {-2, -1, 0, 1, 2}, {0, 1, 2}, {{"z", Role::Z}});
    picture.curve(points(axes, samples.z, samples.y), Role::Y);

    // The derivative, in two pieces: up to the kink and after it
    const auto before = sample(ReLU<double>(), places(-2, 0, 2));
    picture.curve(points(axes, before.z, before.dz), Role::Gradient, true);
    picture.curve({axes.at({0, after.dz(0)}), axes.at({2, after.dz(2)})}, Role::Gradient, true);
    picture.dot(axes.at({0, after.dz(0)}), Role::Gradient, true);
    picture.dot(axes.at({0, kink.dz(0)}), Role::Gradient);

    picture.text(axes.at({1.32, 1.62}), {{"y = max(0, z)", Role::Y}}, {18, true, "end"});
    picture.text(axes.at({1.3, 0.86}), {{"derivative", Role::Gradient}}, {18, true, "start"});
    return picture;
}

} // namespace handgrad::pictures
