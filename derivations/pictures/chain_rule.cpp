#include "pages.hpp"

#include "layers/linear.hpp"

namespace handgrad::pictures {

ChainRuleExample chain_rule_example() {
    return {{2., -1., 3.}, {1., 4., 2.}};
}

Picture chain_rule_paths(const ChainRuleExample& example) {
    Picture picture("chain_rule-paths", "One z, three ways to L",
                    "z feeds y1, y2 and y3, and each of them feeds L. On every path the two "
                    "derivatives are multiplied; dL/dz is the sum of the products.",
                    400);
    const auto K = example.dy.size();

    // A linear layer with one input has these derivatives: y(j) = dy_dz(j) · z
    Linear<double> layer(reshaped(example.dy_dz, {K, 1}), zeros<double>({K}));
    layer.forward(filled({1, 1}, 1.));
    const double dz = layer.backward(reshaped(example.dy, {1, K}))(0, 0);

    const Point z{70, 170}, L{630, 170};
    const double radius = 27, spacing = 115;
    Line sum{{"dL/dz", Role::Z}, {"  =  "}};
    for (auto j : range(K)) {
        const Point y{350, L.y + spacing * (static_cast<double>(j) - 1)};
        const Line y_j{{"y", Role::Y}, {fmt::format("{}", j + 1), Role::Y, Script::Sub}};
        const double tilt = (y.y - z.y) / spacing;

        // Backwards, from L over y to z
        const auto beside = [](Point from, Point to, double way) {
            return Point{from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way};
        };
        const double reach = std::hypot(y.x - z.x, y.y - z.y), start = (radius + 5) / reach;
        picture.arrow(beside(L, y, start), beside(L, y, 1 - start));
        picture.arrow(beside(y, z, start), beside(y, z, 1 - start));
        picture.node(y, radius, Role::Y, y_j);

        // The derivatives, above the lines
        const double rise = tilt == 0 ? 18 : 8;
        const double aside = tilt == 0 ? 0 : 14;
        picture.text(
            {(z.x + y.x) / 2 - aside, (z.y + y.y) / 2 - rise - 12 * std::abs(tilt)},
            Line{{"d"}} + y_j +
                Line{{"/d"}, {"z", Role::Z}, {" = "}, {number(example.dy_dz(j)), Role::Weight}});
        picture.text({(L.x + y.x) / 2 + aside, (L.y + y.y) / 2 - rise - 12 * std::abs(tilt)},
                     Line{{"dL/d"}} + y_j + Line{{" = "}, {number(example.dy(j)), Role::Y}});
        sum = sum + Line{{j ? "  +  " : ""},
                         {factor(example.dy(j)), Role::Y},
                         {" · "},
                         {factor(example.dy_dz(j)), Role::Weight}};
    }
    picture.node(z, radius, Role::Z, {{"z", Role::Z}});
    picture.node(L, radius, Role::Gradient, {{"L", Role::Gradient}});
    picture.text({page_width / 2, 354}, sum + Line{{"  =  "}, {number(dz), Role::Z}}, {20});
    return picture;
}

} // namespace handgrad::pictures
