#include "pages.hpp"

#include "layers/conv2d.hpp"

namespace handgrad::pictures {

namespace {

// What the layer makes of the example
struct Results {
    Tensor<double> y, dz, dweight;
};

Results evaluate(const Conv2dExample& example) {
    Conv2d<double> layer(example.weight, example.bias);
    auto y = layer.forward(example.z);
    auto dz = layer.backward(example.dy);
    return {image(y), image(dz), image(layer.dweight)};
}

// a · b
Line product(double a, Role role_a, double b, Role role_b) {
    return {{factor(a), role_a}, {" · "}, {factor(b), role_b}};
}

// The sum over a window of `kernel` times what it lies on, from (row, column) on
Line products(const Tensor<double>& kernel, Role kernel_role, const Tensor<double>& plane,
              Role plane_role, std::size_t row, std::size_t column) {
    Line sum;
    for (auto m : range(kernel.shape(0)))
        for (auto n : range(kernel.shape(1)))
            sum = sum + (sum.empty() ? Line{} : Line{{"  +  "}}) +
                  product(kernel(m, n), kernel_role, plane(row + m, column + n), plane_role);
    return sum;
}

// Lays `kernel` on the window of `grid` that starts at (row, column)
void lay(Picture& picture, const Tensor<double>& kernel, Role role, const Grid& grid,
         std::size_t row, std::size_t column) {
    for (auto m : range(kernel.shape(0)))
        for (auto n : range(kernel.shape(1)))
            picture.chip(grid.at(row + m, column + n), kernel(m, n), role);
    picture.outline(grid.at(row, column, kernel.shape(0), kernel.shape(1)), role);
}

// The matrix turned by half a turn
Tensor<double> turned(Tensor<double> matrix) {
    std::reverse(matrix.begin(), matrix.end());
    return matrix;
}

} // namespace

Conv2dExample conv2d_example() {
    return {{{{{1., 2., 3.}, {4., 5., 6.}, {7., 8., 9.}}}},
            {{{{1., -1.}, {2., 3.}}}},
            {1.},
            {{{{1., 2.}, {-1., 3.}}}}};
}

Picture conv2d_forward(const Conv2dExample& example) {
    Picture picture("conv2d-forward", "Convolution: the kernel on the window of y(0,1)",
                    "The 2 by 2 kernel lies on the upper right window of the 3 by 3 input. Its "
                    "entries times what they lie on, added up, plus bias, give y(0,1).",
                    350);
    const auto y = evaluate(example).y, weight = image(example.weight);

    // z ⋆ weight + bias = y
    const double cell = 54, middle = 168;
    const auto x = side_by_side({3 * cell, 2 * cell, cell, 2 * cell}, 62);
    const auto z =
        picture.grid({x[0], middle - 1.5 * cell}, image(example.z), {Role::Z, "z", cell});
    picture.grid({x[1], middle - cell}, weight, {Role::Weight, "weight", cell});
    picture.grid(
        {x[2], middle - cell / 2}, matrix(example.bias, 1),
        {.role = Role::Weight, .name = "bias", .cell = cell, .indices = false, .vector = true});
    const auto result = picture.grid({x[3], middle - cell}, y, {Role::Y, "y", cell});
    picture.text({x[1] - 38, middle}, {{"⋆"}}, {26});
    picture.text({x[2] - 31, middle}, {{"+"}}, {26});
    picture.text({x[3] - 38, middle}, {{"="}}, {26});

    // The window of y(0,1)
    lay(picture, weight, Role::Weight, z, 0, 1);
    picture.outline(result.at(0, 1), Role::Y);
    picture.text({page_width / 2, 304},
                 Line{{"y(0,1)", Role::Y}, {"  =  "}} +
                     products(weight, Role::Weight, image(example.z), Role::Z, 0, 1) +
                     Line{{"  +  "},
                          {factor(example.bias(0)), Role::Weight},
                          {"  =  "},
                          {number(y(0, 1)), Role::Y}},
                 {20});
    return picture;
}

Picture conv2d_dz(const Conv2dExample& example) {
    Picture picture("conv2d-dz", "Convolution: how L reaches z(1,1)",
                    "All four windows read z(1,1), each with another weight. dz(1,1) is the sum "
                    "of the four products of dy and that weight.",
                    548);
    const auto dz = evaluate(example).dz;
    const auto z = image(example.z), weight = image(example.weight), dy = image(example.dy);

    // The four windows, and with which weight each reads the centre
    const double small = 38;
    const auto x = side_by_side({3 * small, 3 * small, 3 * small, 3 * small}, 46);
    const double sums = 276;
    for (auto h : range(2))
        for (auto w : range(2)) {
            const double left = x[2 * h + w], centre = left + 1.5 * small;
            const auto m = 1 - h, n = 1 - w;
            picture.text({centre, 34}, {{fmt::format("y({},{})", h, w), Role::Y}, {" reads"}},
                         {17});
            const auto grid = picture.grid({left, 58}, z,
                                           {.role = Role::Z,
                                            .name = "",
                                            .cell = small,
                                            .indices = false,
                                            .number = 16,
                                            .strong = {{1, 1}}});
            picture.outline(grid.at(h, w, 2, 2), Role::Weight);
            picture.text({centre, 194},
                         {{"with "}, {fmt::format("weight({},{})", m, n), Role::Weight}}, {15});
            picture.arrow({centre, 210}, {centre, 240});
            picture.text(
                {centre, sums - 14},
                Line{{factor(dy(h, w)), Role::Y}, {" · "}, {factor(weight(m, n)), Role::Weight}},
                {20});
            if (h + w > 0)
                picture.text({left - 23, sums - 14}, {{"+"}}, {20});
        }
    picture.text({page_width / 2, 302},
                 {{"=  "}, {number(dz(1, 1)), Role::Z}, {"  =  "}, {"dz(1,1)", Role::Z}}, {20});

    // dy and weight, and all of dz
    const double cell = 48, middle = 448;
    const auto left = side_by_side({2 * cell, 2 * cell, 3 * cell}, 92);
    picture.grid({left[0], middle - cell}, dy,
                 {.role = Role::Y, .name = "dy", .cell = cell, .gradient = true});
    picture.grid({left[1], middle - cell}, weight, {Role::Weight, "weight", cell});
    picture.grid(
        {left[2], middle - 1.5 * cell}, dz,
        {.role = Role::Z, .name = "dz", .cell = cell, .gradient = true, .strong = {{1, 1}}});
    picture.arrow({left[2] - 76, middle}, {left[2] - 30, middle});
    return picture;
}

Picture conv2d_full(const Conv2dExample& example) {
    Picture picture("conv2d-full", "Convolution: dz is the full convolution with the turned kernel",
                    "dy is surrounded with one ring of zeros, the kernel is turned by half a "
                    "turn, and slides over it. Its first window gives dz(0,0).",
                    420);
    const auto dz = evaluate(example).dz;
    const auto weight = image(example.weight), dy = image(example.dy), flipped = turned(weight);
    const auto padded = image(pad(example.dy, {1, 1, 1, 1}, 0.));

    // padded dy ⋆ turned weight = dz
    const double cell = 50, middle = 232;
    const auto x = side_by_side({4 * cell, 2 * cell, 3 * cell}, 74);
    const Grid field{{x[0], middle - 2 * cell, 4 * cell, 4 * cell}, cell};
    for (auto h : range(4))
        for (auto w : range(4))
            if (h % 3 == 0 || w % 3 == 0)
                picture.cell(field.at(h, w), padded(h, w), {.role = Role::Muted, .name = ""});
    picture.grid({field.at(1, 1).x, field.at(1, 1).y}, dy,
                 {.role = Role::Y,
                  .name = "dy",
                  .cell = cell,
                  .gradient = true,
                  .indices = false,
                  .heading = false});
    picture.text({field.box.centre().x, middle - 2 * cell - 24},
                 {{"dy", Role::Y}, {" in a ring of zeros"}}, {17});
    const auto kernel =
        picture.grid({x[1], middle - cell}, flipped,
                     {.role = Role::Weight, .name = "", .cell = cell, .indices = false});
    const auto result =
        picture.grid({x[2], middle - 1.5 * cell}, dz,
                     {.role = Role::Z, .name = "dz", .cell = cell, .gradient = true});
    picture.text({x[1] - 37, middle}, {{"⋆"}}, {26});
    picture.text({x[2] - 43, middle}, {{"="}}, {26});

    // The kernel before it is turned
    const double small = 34;
    const auto original = picture.grid(
        {kernel.box.centre().x - small, 44}, weight,
        {.role = Role::Weight, .name = "weight", .cell = small, .indices = false, .number = 16});
    picture.arrow({original.box.bottom().x, original.box.bottom().y + 8},
                  {kernel.box.top().x, kernel.box.top().y - 8}, Role::Weight);
    picture.text({kernel.box.centre().x + 12, kernel.box.y - 36}, {{"half a turn", Role::Weight}},
                 {15, false, "start"});

    // The first window
    lay(picture, flipped, Role::Weight, field, 0, 0);
    picture.outline(result.at(0, 0), Role::Z);
    picture.text({page_width / 2, 380},
                 Line{{"dz(0,0)", Role::Z}, {"  =  "}} +
                     products(flipped, Role::Weight, padded, Role::Y, 0, 0) +
                     Line{{"  =  "}, {number(dz(0, 0)), Role::Z}},
                 {20});
    return picture;
}

Picture conv2d_dweight(const Conv2dExample& example) {
    Picture picture("conv2d-dweight", "Convolution: dweight(0,1) is dy laid on z",
                    "weight(0,1) met the upper right 2 by 2 window of z, once for each entry of "
                    "y. dweight(0,1) is dy times that window, added up.",
                    350);
    const auto dweight = evaluate(example).dweight, dy = image(example.dy);

    // z ⋆ dy = dweight
    const double cell = 54, middle = 168;
    const auto x = side_by_side({3 * cell, 2 * cell, 2 * cell}, 86);
    const auto z =
        picture.grid({x[0], middle - 1.5 * cell}, image(example.z), {Role::Z, "z", cell});
    picture.grid({x[1], middle - cell}, dy,
                 {.role = Role::Y, .name = "dy", .cell = cell, .gradient = true});
    const auto result =
        picture.grid({x[2], middle - cell}, dweight,
                     {.role = Role::Weight, .name = "dweight", .cell = cell, .gradient = true});
    picture.text({x[1] - 51, middle}, {{"⋆"}}, {26});
    picture.text({x[2] - 49, middle}, {{"="}}, {26});

    // What weight(0,1) met
    lay(picture, dy, Role::Y, z, 0, 1);
    picture.outline(result.at(0, 1), Role::Weight);
    picture.text({page_width / 2, 304},
                 Line{{"dweight(0,1)", Role::Weight}, {"  =  "}} +
                     products(dy, Role::Y, image(example.z), Role::Z, 0, 1) +
                     Line{{"  =  "}, {number(dweight(0, 1)), Role::Weight}},
                 {20});
    return picture;
}

} // namespace handgrad::pictures
