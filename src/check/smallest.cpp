#include "smallest.hpp"

#include <cmath>

namespace handgrad {

namespace {

// The first `extent` entries of `tensor` along `axis`.
Tensor<double> shortened(const Tensor<double>& tensor, std::size_t axis, std::size_t extent) {
    Shape shape = shape_of(tensor);
    shape[axis] = extent;
    auto result = zeros<double>(shape);
    for (auto position : range(result.size())) {
        const auto index = index_at(shape, position);
        result.flat(position) = tensor.element(index.begin(), index.end());
    }
    return result;
}

// 1, 2, 3, … in every second place −1, −2, …: numbers to calculate with by hand.
Tensor<double> by_hand(const Shape& shape, bool signs) {
    auto tensor = zeros<double>(shape);
    for (auto position : range(tensor.size()))
        tensor.flat(position) =
            static_cast<double>(position % 9 + 1) * (signs && position % 2 ? -1 : 1);
    return tensor;
}

} // namespace

SmallCase shrink(
    const std::function<std::optional<Entry>(const Tensor<double>&, const Tensor<double>&)>& fails,
    const std::function<std::optional<Shape>(const Tensor<double>&)>& y_shape, SmallCase found) {
    const auto attempt = [&](const Tensor<double>& z) {
        const std::optional<Shape> shape = y_shape(z);
        if (!shape)
            return false;
        for (const auto& dy : {by_hand(*shape, false), by_hand(*shape, true)})
            if (std::optional<Entry> entry = fails(z, dy)) {
                found = {z, dy, *entry};
                return true;
            }
        return false;
    };
    for (bool again = true; again;) {
        again = false;
        for (auto axis : range(found.z.dimension()))
            for (std::size_t extent = 1; extent < found.z.shape(axis); ++extent)
                if (attempt(shortened(found.z, axis, extent))) {
                    again = true;
                    break;
                }
    }
    // Whole numbers, all different first, as they are easiest to follow
    const auto shape = shape_of(found.z);
    if (!attempt(by_hand(shape, false)) && !attempt(by_hand(shape, true)))
        attempt(elementwise(found.z, [](double z) { return std::round(4 * z); }));
    return found;
}

std::string to_text(const SmallCase& found, const std::string& gradient,
                    const std::string& variable, std::size_t input, const Structure& structure,
                    const std::vector<long double>& jacobian) {
    const auto numbers = [](const Tensor<double>& tensor) {
        std::string words;
        for (double entry : tensor)
            words += fmt::format("{}{:.6g}", words.empty() ? "" : ", ", entry);
        return words;
    };
    std::string words =
        fmt::format("Smallest case: z {} = {} and dy {} = {}\n{}{} is {:.6g}. By hand it is\n",
                    text(found.z.shape()), numbers(found.z), text(found.dy.shape()),
                    numbers(found.dy), gradient, text(found.entry.index), found.entry.analytic);
    constexpr std::size_t most_terms = 12; // beyond these nobody follows
    std::size_t terms = 0;
    double sum = 0;
    for (auto j : range(found.dy.size()))
        for (auto [at, end] = structure.row(j); at != end; ++at) {
            if (structure.input[at] != input)
                continue;
            const double slope = static_cast<double>(jacobian[at]), dy = found.dy.flat(j);
            sum += dy * slope;
            const auto place = text(index_at(shape_of(found.dy), j));
            if (terms++ < most_terms)
                words +=
                    fmt::format("  dy{} · ∂y{}/∂{}{} = {:.6g} · {:.6g} = {:.6g}\n", place, place,
                                variable, text(found.entry.index), dy, slope, dy * slope);
        }
    if (terms > most_terms)
        words += fmt::format("  and {} more products\n", terms - most_terms);
    return words + (terms == 0 ? "  0, as no entry of y depends on it\n"
                               : fmt::format("which adds up to {:.6g}.\n", sum));
}

} // namespace handgrad
