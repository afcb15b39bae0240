#include "pages.hpp"

#include "layers/linear.hpp"

#include <cmath>

namespace handgrad::pictures {

ChainRuleExample chain_rule_example() {
    return {{2., -1., 3.}, {1., 4., 2.}};
}

namespace {

// The line from one node to another, moved aside and clear of both circles
struct Edge {
    Point from, to;
};

Edge edge(Point a, Point b, double radius, double aside) {
    const double length = std::hypot(b.x - a.x, b.y - a.y), gap = radius + 5;
    const Point along{(b.x - a.x) / length, (b.y - a.y) / length};
    const Point offset{-aside * along.y, aside * along.x};
    return {{a.x + gap * along.x + offset.x, a.y + gap * along.y + offset.y},
            {b.x - gap * along.x + offset.x, b.y - gap * along.y + offset.y}};
}

// Forwards from a to b, and beside it backwards from b to a
void both_ways(Picture& picture, Point a, Point b, double radius) {
    constexpr double apart = 5; // px from the middle line
    const Edge forward = edge(a, b, radius, -apart), backward = edge(b, a, radius, -apart);
    picture.arrow(forward.from, forward.to, Role::Muted);
    picture.arrow(backward.from, backward.to, Role::Gradient);
}

} // namespace

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

    const Point z{70, 165}, L{630, 165};
    const double radius = 27, spacing = 118;
    Line sum{{"dL/dz", Role::Z}, {"  =  "}};
    for (auto j : range(K)) {
        const double place = static_cast<double>(j) - static_cast<double>(K - 1) / 2;
        const Point y{page_width / 2, L.y + spacing * place};
        const Line y_j{{"y", Role::Y}, {fmt::format("{}", j + 1), Role::Y, Script::Sub}};
        both_ways(picture, z, y, radius);
        both_ways(picture, y, L, radius);
        picture.node(y, radius, Role::Y, y_j);

        // The derivatives, outside the lines
        const double rise = place == 0 ? -24 : place < 0 ? -36 : 36;
        const double outwards = place == 0 ? 0 : 24;
        picture.text(
            {(z.x + y.x) / 2 - outwards, (z.y + y.y) / 2 + rise},
            Line{{"d"}} + y_j +
                Line{{"/d"}, {"z", Role::Z}, {" = "}, {number(example.dy_dz(j)), Role::Weight}});
        picture.text({(L.x + y.x) / 2 + outwards, (L.y + y.y) / 2 + rise},
                     Line{{"dL/d"}} + y_j + Line{{" = "}, {number(example.dy(j)), Role::Y}});
        sum = sum + Line{{j ? "  +  " : ""},
                         {factor(example.dy(j)), Role::Y},
                         {" · "},
                         {factor(example.dy_dz(j)), Role::Weight}};
    }
    picture.node(z, radius, Role::Z, {{"z", Role::Z}});
    picture.node(L, radius, Role::Plain, {{"L"}});
    picture.text({page_width / 2, 358}, sum + Line{{"  =  "}, {number(dz), Role::Z}}, {20});

    // Which way is which
    picture.arrow({30, 300}, {70, 300}, Role::Muted);
    picture.text({82, 300}, {{"forward", Role::Muted}}, {15, false, "start"});
    picture.arrow({70, 324}, {30, 324});
    picture.text({82, 324}, {{"backward", Role::Gradient}}, {15, false, "start"});
    return picture;
}

} // namespace handgrad::pictures
