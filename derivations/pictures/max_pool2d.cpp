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

namespace {

// Draws dy(h,w) flowing to its winner: the upper row of dy in an arc over the top, the lower row
// in one under the bottom
void flow(Picture& picture, const Grid& dy, const Grid& dz, const Tensor<double>& z, std::size_t h,
          std::size_t w) {
    const auto best = winner(z, h, w);
    const double away = h == 0 ? -1 : 1, gap = 9;
    const Box source = dy.at(h, w), target = dz.at(best[0], best[1]);

    // Two arcs that arrive at one cell arrive side by side, the outer one further out
    const bool shared = winner(z, h, 1 - w) == best;
    const double aside = !shared ? 0 : w == 0 ? 10 : -10;
    const double height = away * (w == 0 ? 92 : 62);
    const Point start{source.centre().x, source.centre().y + away * (source.height / 2 + gap)};
    const Point end{target.centre().x + aside,
                    target.centre().y + away * (target.height / 2 + gap)};
    picture.arrow(start, {start.x, start.y + height}, {end.x, end.y + height}, end);
    picture.outline(target, Role::Z);
}

// What the winner of y(0,0) receives, as a sum over the windows that it won
Line received(const MaxPool2dExample& example, double dz) {
    const auto best = winner(example.z, 0, 0);
    Line sum;
    std::size_t windows = 0;
    for (auto h : range(2))
        for (auto w : range(2))
            if (winner(example.z, h, w) == best) {
                sum = sum + Line{{windows ? " + " : ""}, {factor(example.dy(0, 0, h, w)), Role::Y}};
                ++windows;
            }
    return Line{{"The "},
                {number(example.z(0, 0, best[0], best[1])), Role::Z},
                {fmt::format(" won {} window{}:   ", windows, windows == 1 ? "" : "s")},
                {fmt::format("dz({},{})", best[0], best[1]), Role::Z},
                {"  =  "}} +
           sum + Line{{"  =  "}, {number(dz), Role::Z}};
}

} // namespace

Picture max_pool2d_dz(const MaxPool2dExample& example) {
    Picture picture("max_pool2d-dz", "Max-pooling: dy flows back to the winners",
                    "Each entry of dy goes to the entry of z that won its window. An entry that "
                    "won two windows receives the sum; one that won none receives 0.",
                    430);
    auto pool = layer();
    pool.forward(example.z);
    const auto z = image(example.z), dz = image(pool.backward(example.dy));

    // dy on the left; on the right dz, with z small in its corners
    const double cell = 60, middle = 180;
    const auto x = side_by_side({2 * cell, 3 * cell}, 150);
    GridStyle style{.role = Role::Y,
                    .name = "dy",
                    .cell = cell,
                    .gradient = true,
                    .indices = false,
                    .heading = false};
    const auto from = picture.grid({x[0], middle - cell}, image(example.dy), style);
    style.role = Role::Z;
    style.name = "dz";
    const auto to = picture.grid({x[1], middle - 1.5 * cell}, dz, style);
    picture.text({from.box.x - 34, middle}, {{"dy", Role::Y}}, {20, true});
    picture.text({to.box.x + to.box.width + 34, middle}, {{"dz", Role::Z}}, {20, true});
    for (auto h : range(z.shape(0)))
        for (auto w : range(z.shape(1)))
            picture.text({to.at(h, w).x + 11, to.at(h, w).y + 12}, {{number(z(h, w)), Role::Z}},
                         {13});

    for (auto h : range(2))
        for (auto w : range(2))
            flow(picture, from, to, example.z, h, w);
    const auto best = winner(example.z, 0, 0);
    picture.text({page_width / 2, 356}, received(example, dz(best[0], best[1])), {20});
    picture.text({page_width / 2, 390},
                 {{"Small numbers: z. An entry that won no window receives 0.", Role::Muted}},
                 {15});
    return picture;
}

} // namespace handgrad::pictures
