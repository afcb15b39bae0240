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
    const double cell = 50, large = 58, middle = 168;
    const auto x = side_by_side({3 * large, 2 * cell, cell, 2 * cell}, 70);
    const auto z =
        picture.grid({x[0], middle - 1.5 * large}, image(example.z), {Role::Z, "z", large});
    picture.grid({x[1], middle - cell}, weight, {Role::Weight, "weight", cell});
    picture.grid(
        {x[2], middle - cell / 2}, matrix(example.bias, 1),
        {.role = Role::Weight, .name = "bias", .cell = cell, .indices = false, .vector = true});
    const auto result = picture.grid({x[3], middle - cell}, y, {Role::Y, "y", cell});
    picture.text({x[1] - 43, middle}, {{"⋆"}}, {34});
    picture.text({x[2] - 35, middle}, {{"+"}}, {26});
    picture.text({x[3] - 43, middle}, {{"="}}, {26});

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

namespace {

// What L sends to z(1,1) through y(h,w) alone
double sent_to_centre(const Conv2dExample& example, std::size_t h, std::size_t w) {
    Conv2d<double> layer(example.weight, example.bias);
    auto dy = zeros<double>(shape_of(layer.forward(example.z)));
    dy(0, 0, h, w) = example.dy(0, 0, h, w);
    return layer.backward(dy)(0, 0, 1, 1);
}

// The window of y(h,w) on z, around `centre`, and the product that it sends back
void reader_of_centre(Picture& picture, const Conv2dExample& example, std::size_t h, std::size_t w,
                      double centre) {
    const double cell = 38;
    const auto m = 1 - h, n = 1 - w;
    picture.text({centre, 34}, {{fmt::format("y({},{})", h, w), Role::Y}, {" reads"}}, {17});
    const auto z = picture.grid({centre - 1.5 * cell, 58}, image(example.z),
                                {.role = Role::Z,
                                 .name = "",
                                 .cell = cell,
                                 .indices = false,
                                 .number = 16,
                                 .strong = {{1, 1}}});
    picture.outline(z.at(h, w, 2, 2), Role::Weight);
    picture.text({centre, 194}, {{"with "}, {fmt::format("weight({},{})", m, n), Role::Weight}},
                 {15});
    picture.arrow({centre, 210}, {centre, 242});
    picture.text({centre, 264},
                 product(example.dy(0, 0, h, w), Role::Y, example.weight(0, 0, m, n), Role::Weight),
                 {20});
}

// dy and weight, and all of dz
void dz_in_full(Picture& picture, const Conv2dExample& example, double middle) {
    const double cell = 48;
    const auto x = side_by_side({2 * cell, 2 * cell, 3 * cell}, 84);
    picture.grid({x[0], middle - cell}, image(example.dy),
                 {.role = Role::Y, .name = "dy", .cell = cell, .gradient = true});
    picture.grid({x[1], middle - cell}, image(example.weight), {Role::Weight, "weight", cell});
    picture.grid(
        {x[2], middle - 1.5 * cell}, evaluate(example).dz,
        {.role = Role::Z, .name = "dz", .cell = cell, .gradient = true, .strong = {{1, 1}}});
    picture.arrow({x[2] - 70, middle}, {x[2] - 30, middle});
}

} // namespace

Picture conv2d_dz(const Conv2dExample& example) {
    Picture picture("conv2d-dz", "Convolution: how L reaches z(1,1)",
                    "All four windows read z(1,1), each with another weight. dz(1,1) is the sum "
                    "of the four products of dy and that weight.",
                    560);
    const double width = 114, gap = 46;
    const auto x = side_by_side({width, width, width, width}, gap);
    Line sum;
    for (auto h : range(2))
        for (auto w : range(2)) {
            const double left = x[2 * h + w];
            reader_of_centre(picture, example, h, w, left + width / 2);
            if (!sum.empty()) {
                picture.text({left - gap / 2, 264}, {{"+"}}, {20});
                sum = sum + Line{{"  +  "}};
            }
            sum = sum + Line{{factor(sent_to_centre(example, h, w))}};
        }
    picture.text({page_width / 2, 308},
                 Line{{"dz(1,1)", Role::Z}, {"  =  "}} + sum +
                     Line{{"  =  "}, {number(evaluate(example).dz(1, 1)), Role::Z}},
                 {20});
    dz_in_full(picture, example, 456);
    return picture;
}

namespace {

// dy with one ring of zeros around it
Grid dy_in_a_ring(Picture& picture, Point corner, double cell, const Tensor<double>& dy,
                  const Tensor<double>& padded) {
    const Grid field{{corner.x, corner.y, 4 * cell, 4 * cell}, cell};
    for (auto h : range(4))
        for (auto w : range(4))
            if (h % 3 == 0 || w % 3 == 0)
                picture.cell(field.at(h, w), padded(h, w), {.role = Role::Muted, .name = ""});
    picture.grid({corner.x + cell, corner.y + cell}, dy,
                 {.role = Role::Y,
                  .name = "dy",
                  .cell = cell,
                  .gradient = true,
                  .indices = false,
                  .heading = false});
    picture.text({field.box.centre().x, corner.y - 24}, {{"dy", Role::Y}, {" in a ring of zeros"}},
                 {17});
    return field;
}

// The kernel as it is, above itself turned by half a turn
void turned_kernel(Picture& picture, Point corner, double cell, const Tensor<double>& weight) {
    const auto kernel = picture.grid(
        corner, turned(weight), {.role = Role::Weight, .name = "", .cell = cell, .indices = false});
    const double small = 34;
    const auto original = picture.grid(
        {kernel.box.centre().x - small, 58}, weight,
        {.role = Role::Weight, .name = "weight", .cell = small, .indices = false, .number = 16});
    picture.arrow({original.box.bottom().x, original.box.bottom().y + 8},
                  {kernel.box.top().x, kernel.box.top().y - 8}, Role::Weight);
    picture.text({kernel.box.centre().x + 12, kernel.box.y - 42}, {{"half a turn", Role::Weight}},
                 {15, false, "start"});
}

} // namespace

Picture conv2d_full(const Conv2dExample& example) {
    Picture picture("conv2d-full", "Convolution: dz is the full convolution with the turned kernel",
                    "dy is surrounded with one ring of zeros, the kernel is turned by half a "
                    "turn, and slides over it. Its first window gives dz(0,0).",
                    444);
    const auto dz = evaluate(example).dz, dy = image(example.dy), weight = image(example.weight);
    const auto padded = image(pad(example.dy, {1, 1, 1, 1}, 0.));

    // padded dy ⋆ turned weight = dz
    const double cell = 46, large = 58, middle = 240;
    const auto x = side_by_side({4 * large, 2 * cell, 3 * cell}, 74);
    const auto field = dy_in_a_ring(picture, {x[0], middle - 2 * large}, large, dy, padded);
    turned_kernel(picture, {x[1], middle - cell}, cell, weight);
    const auto result =
        picture.grid({x[2], middle - 1.5 * cell}, dz,
                     {.role = Role::Z, .name = "dz", .cell = cell, .gradient = true});
    picture.text({x[1] - 37, middle}, {{"⋆"}}, {34});
    picture.text({x[2] - 48, middle}, {{"="}}, {26});

    // The first window
    lay(picture, turned(weight), Role::Weight, field, 0, 0);
    picture.outline(result.at(0, 0), Role::Z);
    picture.text({page_width / 2, 402},
                 Line{{"dz(0,0)", Role::Z}, {"  =  "}} +
                     products(turned(weight), Role::Weight, padded, Role::Y, 0, 0) +
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
    const double cell = 50, large = 58, middle = 168;
    const auto x = side_by_side({3 * large, 2 * cell, 2 * cell}, 86);
    const auto z =
        picture.grid({x[0], middle - 1.5 * large}, image(example.z), {Role::Z, "z", large});
    picture.grid({x[1], middle - cell}, dy,
                 {.role = Role::Y, .name = "dy", .cell = cell, .gradient = true});
    const auto result =
        picture.grid({x[2], middle - cell}, dweight,
                     {.role = Role::Weight, .name = "dweight", .cell = cell, .gradient = true});
    picture.text({x[1] - 51, middle}, {{"⋆"}}, {34});
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
