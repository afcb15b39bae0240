#include "pages.hpp"

#include "layers/flatten.hpp"

namespace handgrad::pictures {

Tensor<double> flatten_example() {
    return {{{{1., 2.}, {3., 4.}}, {{5., 6.}, {7., 8.}}}};
}

Picture flatten_order(const Tensor<double>& z) {
    Picture picture("flatten-order", "Flatten: row-major order",
                    "Two channels of 2 by 2 entries become one row of 8: first channel 0, row by "
                    "row, then channel 1.",
                    420);
    const auto y = Flatten<double>().forward(z);
    const auto C = z.shape(1), H = z.shape(2), W = z.shape(3);

    // y as a row of cells, in the lower half
    const double cell = 60, small = 52;
    const auto left = side_by_side({cell * static_cast<double>(y.size())}, 0)[0];
    const auto row = picture.grid(
        {left, 286}, y,
        {.role = Role::Y, .name = "y", .cell = cell, .vector = true, .heading = false});
    picture.text({left - 28, row.box.centre().y}, {{"y", Role::Y}}, {20, true});

    // Each channel above its part of y, each of its rows sent to its place
    for (auto k : range(C)) {
        const double centre = row.at(0, k * H * W, 1, H * W).centre().x;
        auto plane = zeros<double>({H, W});
        for (auto h : range(H))
            for (auto w : range(W))
                plane(h, w) = z(0, k, h, w);
        const auto grid = picture.grid({centre - small * static_cast<double>(W) / 2, 86}, plane,
                                       {Role::Z, fmt::format("z({})", k), small});
        for (auto h : range(H)) {
            const Box part = row.at(0, (k * H + h) * W, 1, W);
            const Box from = grid.at(h, 0, 1, W);
            const double side = h == 0 ? -1 : 1;
            const Point start{from.centre().x + side * (from.width / 2 + (h == 0 ? 28 : 8)),
                              from.centre().y};
            const Point end{part.centre().x, part.y - 28};
            picture.arrow(start, {start.x + side * 26, start.y}, {end.x, end.y - 60}, end,
                          Role::Plain);
            picture.outline(part, Role::Y);
        }
    }
    picture.text({page_width / 2, 384},
                 {{"z(k,h,w)", Role::Z},
                  {"  is entry  "},
                  {fmt::format("{} · k + {} · h + w", H * W, W)},
                  {"  of  "},
                  {"y", Role::Y}},
                 {19});
    return picture;
}

} // namespace handgrad::pictures
