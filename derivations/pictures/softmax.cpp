#include "pages.hpp"

#include "losses/cross_entropy.hpp"

namespace handgrad::pictures {

namespace {

// One bar an entry of `values`, their numbers at the bars' ends; `unit` px are 1
void bars(Picture& picture, Point zero, double unit, const Tensor<double>& values, Role role) {
    const double pitch = 60, width = 38;
    for (auto a : range(values.size())) {
        const double x = zero.x + pitch * (static_cast<double>(a) - 1);
        const double value = values.flat(a);
        picture.bar({x, zero.y}, width, unit * value, role);
        picture.text({x, zero.y - unit * value + (value < 0 ? 15 : -15)}, {{number(value), role}},
                     {16, true});
        picture.text({x, 322}, {{fmt::format("{}", a), Role::Muted}}, {13});
    }
    picture.line({zero.x - 1.5 * pitch, zero.y}, {zero.x + 1.5 * pitch, zero.y}, Role::Plain, 1.4);
}

} // namespace

SoftmaxExample softmax_example() {
    return {{{2., 1., -1.}}, {{1., 0., 0.}}};
}

Picture softmax_bars(const SoftmaxExample& example) {
    Picture picture("softmax-bars", "Softmax and cross-entropy: scores, probabilities, gradient",
                    "Three scores become three probabilities that add up to 1. The gradient of the "
                    "cross-entropy is the probabilities minus the target: negative for the right "
                    "class, positive for the others.",
                    370);
    const auto y = Softmax<double>().forward(example.z);
    CrossEntropy<double> loss;
    loss.forward(example.z, example.target);
    const auto dz = loss.backward();

    const double columns[] = {120, 350, 580};
    const Line names[] = {{{"scores z", Role::Z}},
                          {{"probabilities y", Role::Y}},
                          {{"dz = y − target", Role::Gradient}}};
    for (auto i : range(3)) {
        picture.text({columns[i], 40}, names[i], {17, true});
        picture.text({columns[i], 344}, {{"class", Role::Muted}}, {14});
    }
    picture.arrow({186, 40}, {262, 40}, Role::Plain);
    picture.arrow({436, 40}, {494, 40}, Role::Plain);
    const double zero = 220, score = 58, probability = 150; // px that 1 is high
    bars(picture, {columns[0], zero}, score, example.z, Role::Z);
    bars(picture, {columns[1], zero}, probability, y, Role::Y);
    bars(picture, {columns[2], zero}, probability, dz, Role::Gradient);
    return picture;
}

} // namespace handgrad::pictures
