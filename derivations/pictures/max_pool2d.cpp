#include "pages.hpp"

#include "layers/max_pool2d.hpp"

namespace handgrad::pictures {

namespace {

MaxPool2d<double> layer() {
    return MaxPool2d<double>({.kernel = {2, 2}, .stride = {1, 1}});
}

// Row and column of the entry of z that y(h, w) is: where a gradient of y(h, w) alone arrives
std::array<std::size_t, 2> winner(const Tensor<double>& z, std::size_t h, std::size_t w) {
    auto pool = layer();
    auto dy = zeros<double>(shape_of(pool.forward(z)));
    dy(0, 0, h, w) = 1;
    const auto dz = image(pool.backward(dy));
    const auto largest = std::max_element(dz.begin(), dz.end());
    const auto index = index_at(shape_of(dz), static_cast<std::size_t>(largest - dz.begin()));
    return {index[0], index[1]};
}

} // namespace

MaxPool2dExample max_pool2d_example() {
    return {{{{{1., 5., 2.}, {4., 3., 0.}, {7., 6., 8.}}}}, {{{{1., 2.}, {-1., 3.}}}}};
}

Picture max_pool2d_forward(const MaxPool2dExample& example) {
    Picture picture("max_pool2d-forward", "Max-pooling: each window passes its largest entry on",
                    "Four overlapping 2 by 2 windows on a 3 by 3 input. The largest entry of each "
                    "window is marked; it is the entry of y in the same place.",
                    410);
    const auto z = image(example.z), y = image(layer().forward(example.z));

    // One copy of z for each window, arranged as y is
    const double small = 42, pitch_x = 176, pitch_y = 188;
    const Point corner{48, 54};
    for (auto h : range(2))
        for (auto w : range(2)) {
            const Point at{corner.x + pitch_x * static_cast<double>(w),
                           corner.y + pitch_y * static_cast<double>(h)};
            const auto grid = picture.grid(at, z,
                                           {.role = Role::Z,
                                            .name = "",
                                            .cell = small,
                                            .indices = false,
                                            .number = 18,
                                            .strong = {winner(example.z, h, w)}});
            picture.outline(grid.at(h, w, 2, 2), Role::Y);
            picture.text({grid.box.centre().x, at.y - 24},
                         {{"window of "}, {fmt::format("y({},{})", h, w), Role::Y}}, {16});
        }

    const double cell = 66;
    const auto left = 500.0, middle = corner.y + (pitch_y + 3 * small) / 2;
    picture.arrow({398, middle}, {456, middle}, Role::Plain);
    picture.text({427, middle - 20}, {{"max"}}, {16});
    picture.grid({left, middle - cell}, y,
                 {.role = Role::Y, .name = "y", .cell = cell, .number = 24});
    return picture;
}

Picture max_pool2d_dz(const MaxPool2dExample& example) {
    Picture picture("max_pool2d-dz", "Max-pooling: dy flows back to the winners",
                    "Each entry of dy goes to the entry of z that won its window. An entry that "
                    "won two windows receives the sum; one that won none receives 0.",
                    430);
    auto pool = layer();
    pool.forward(example.z);
    const auto z = image(example.z), dy = image(example.dy);
    const auto dz = image(pool.backward(example.dy));

    // dz as a grid, with z small in its corners
    const double cell = 60, middle = 180;
    const auto x = side_by_side({2 * cell, 3 * cell}, 150);
    const auto from = picture.grid({x[0], middle - cell}, dy,
                                   {.role = Role::Y,
                                    .name = "dy",
                                    .cell = cell,
                                    .gradient = true,
                                    .indices = false,
                                    .heading = false});
    const auto to = picture.grid({x[1], middle - 1.5 * cell}, dz,
                                 {.role = Role::Z,
                                  .name = "dz",
                                  .cell = cell,
                                  .gradient = true,
                                  .indices = false,
                                  .heading = false});
    picture.text({from.box.x - 34, middle}, {{"dy", Role::Y}}, {20, true});
    picture.text({to.box.x + to.box.width + 34, middle}, {{"dz", Role::Z}}, {20, true});
    for (auto h : range(z.shape(0)))
        for (auto w : range(z.shape(1)))
            picture.text({to.at(h, w).x + 11, to.at(h, w).y + 12}, {{number(z(h, w)), Role::Z}},
                         {13});

    // From each dy to its winner: the upper row over the top, the lower row under the bottom
    Line sum;
    double received = 0;
    const auto first = winner(example.z, 0, 0);
    for (auto h : range(2))
        for (auto w : range(2)) {
            const auto best = winner(example.z, h, w);
            const double way = h == 0 ? -1 : 1; // upwards or downwards
            const Box source = from.at(h, w), target = to.at(best[0], best[1]);
            const Point start{source.centre().x, source.centre().y + way * (cell / 2 + 8)};
            // The outer of two nested arcs arrives further out
            const Point end{target.centre().x + (w == 0 ? 9 : -9),
                            target.centre().y + way * (cell / 2 + 8)};
            const double height = way * (w == 0 ? 92 : 62);
            picture.arrow(start, {start.x, start.y + height}, {end.x, end.y + height}, end);
            picture.outline(target, Role::Z);
            if (best == first) {
                sum = sum + Line{{sum.empty() ? "" : " + "}, {factor(dy(h, w)), Role::Y}};
                received += 1;
            }
        }
    picture.text({page_width / 2, 356},
                 Line{{"The "},
                      {number(z(first[0], first[1])), Role::Z},
                      {" won " + number(received) + " windows:   "},
                      {fmt::format("dz({},{})", first[0], first[1]), Role::Z},
                      {"  =  "}} +
                     sum + Line{{"  =  "}, {number(dz(first[0], first[1])), Role::Z}},
                 {20});
    picture.text({page_width / 2, 390},
                 {{"Small numbers: z. An entry that won no window receives 0.", Role::Muted}},
                 {15});
    return picture;
}

} // namespace handgrad::pictures
