#include "curves.hpp"
#include "pages.hpp"

#include "layers/relu.hpp"

namespace handgrad::pictures {

Picture relu_curve() {
    Picture picture("relu-curve", "The rectified linear unit and its derivative",
                    "y = max(0, z) is 0 up to z = 0 and z from there on. Its derivative steps from "
                    "0 to 1; at the kink z = 0 it is taken as 0.",
                    350);
    const Axes left{{50, 76, 250, 220}, {-2, -0.2}, {2, 2.2}};
    const Axes right{{410, 76, 250, 220}, {-2, -0.2}, {2, 2.2}};
    const auto before = sample(ReLU<double>(), places(-2, 0, 4));
    const auto after = sample(ReLU<double>(), places(0.5, 2, 3));

    // The function
    picture.text({left.box.top().x, 40}, {{"y = max(0, z)", Role::Y}}, {19, true});
    picture.axes(left, {-2, -1, 0, 1, 2}, {0, 1, 2}, {{"z", Role::Z}});
    auto path = points(left, before.z, before.y);
    for (const Point& point : points(left, after.z, after.y))
        path.push_back(point);
    picture.curve(path, Role::Y);

    // Its derivative, in two pieces: up to the kink and after it
    picture.text({right.box.top().x, 40}, {{"derivative of y", Role::Gradient}}, {19, true});
    picture.axes(right, {-2, -1, 0, 1, 2}, {0, 1, 2}, {{"z", Role::Z}});
    const Point step = right.at({0, after.dz(0)});
    path = points(right, after.z, after.dz);
    path.insert(path.begin(), step);
    picture.curve(points(right, before.z, before.dz), Role::Gradient);
    picture.curve(path, Role::Gradient);
    picture.dot(step, Role::Gradient, true);
    picture.dot(right.at({0, before.dz(before.dz.size() - 1)}), Role::Gradient);
    return picture;
}

} // namespace handgrad::pictures
