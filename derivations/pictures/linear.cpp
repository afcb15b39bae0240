#include "pages.hpp"

#include "layers/linear.hpp"

namespace handgrad::pictures {

LinearExample linear_example() {
    return {{{2., 3., 1.}}, {{1., -1., 2.}, {3., 0., -2.}}, {1., -1.}};
}

Picture linear_forward(const LinearExample& example) {
    Picture picture("linear-forward", "A linear layer: weight times z plus bias",
                    "The first row of weight, multiplied entry by entry with z and added up, plus "
                    "the first bias, is the first entry of y.",
                    330);
    const auto d_out = example.weight.shape(0), d_in = example.weight.shape(1);
    const auto y = Linear<double>(example.weight, example.bias).forward(example.z);

    // weight · z + bias = y, side by side, with one middle line
    const double cell = 52, middle = 158;
    const auto width = [&](std::size_t columns) { return cell * static_cast<double>(columns); };
    const auto top = [&](std::size_t rows) { return middle - width(rows) / 2; };
    const auto x = side_by_side({width(d_in), cell, cell, cell}, 74);
    const auto weight = picture.grid({x[0], top(d_out)}, example.weight, {Role::Weight, "weight"});
    const auto column = [&](double left, const Tensor<double>& vector, Role role,
                            const char* name) {
        return picture.grid({left, top(vector.size())}, matrix(vector, vector.size()),
                            {.role = role, .name = name, .vector = true});
    };
    const auto z = column(x[1], example.z, Role::Z, "z");
    const auto bias = column(x[2], example.bias, Role::Weight, "bias");
    const auto result = column(x[3], y, Role::Y, "y");
    picture.text({x[1] - 44, middle}, {{"·"}}, {26});
    picture.text({x[2] - 44, middle}, {{"+"}}, {26});
    picture.text({x[3] - 44, middle}, {{"="}}, {26});

    // One row of weight meets z
    picture.outline(weight.at(0, 0, 1, d_in), Role::Weight);
    picture.outline(z.box, Role::Z);
    picture.outline(bias.at(0, 0), Role::Weight);
    picture.outline(result.at(0, 0), Role::Y);
    Line sum{{"y(0)", Role::Y}, {"  =  "}};
    for (auto k : range(d_in))
        sum = sum + Line{{k ? "  +  " : ""},
                         {factor(example.weight(0, k)), Role::Weight},
                         {" · "},
                         {factor(example.z(0, k)), Role::Z}};
    picture.text({page_width / 2, 285},
                 sum + Line{{"  +  "},
                            {factor(example.bias(0)), Role::Weight},
                            {"  =  "},
                            {number(y(0, 0)), Role::Y}},
                 {20});
    return picture;
}

} // namespace handgrad::pictures
