#include "naive_probes.hpp"

namespace handgrad::mutants {

namespace {

// Half the distance of a central difference with one fixed step
constexpr double step = 1e-6;

// (y(x + step · direction) − y(x − step · direction)) / 2 step
Tensor<double> numeric_slope(PlainLayer& layer, const std::vector<double>& direction) {
    const auto entries = entries_of(layer);
    std::vector<double> before;
    for (auto i : range(entries.size()))
        before.push_back(*entries[i]);
    const auto forward_at = [&](double distance) {
        for (auto i : range(entries.size()))
            *entries[i] = before[i] + distance * direction[i];
        return layer.forward(layer.z);
    };
    const auto above = forward_at(step);
    const auto below = forward_at(-step);
    forward_at(0);
    return elementwise(above, below, [](double a, double b) { return (a - b) / (2 * step); });
}

bool close_enough(double a, double b) {
    return std::abs(a - b) <= 1e-5 + 1e-3 * std::abs(b);
}

struct Projection {
    double analytic = 0, numeric = 0;
    std::size_t outputs = 0;
};

// uᵀ J v by backward and by one difference
template <class Positive>
Projection project(PlainLayer& layer, Positive change) {
    Draw draw(99);
    auto y = layer.forward(layer.z);
    const auto dy = elementwise(readable_probe(shape_of(y), draw), change);
    const auto entries = entries_of(layer);
    const auto random = elementwise(readable_probe({entries.size()}, draw), change);
    const std::vector<double> direction(random.begin(), random.end());
    const auto slope = numeric_slope(layer, direction);
    const auto gradient = analytic_gradient(layer, dy);
    Projection result;
    result.outputs = y.size();
    for (auto i : range(direction.size()))
        result.analytic += gradient[i] * direction[i];
    for (auto j : range(dy.size()))
        result.numeric += dy.flat(j) * slope.flat(j);
    return result;
}

} // namespace

std::vector<double*> entries_of(PlainLayer& layer) {
    std::vector<double*> entries;
    for (auto& entry : layer.z)
        entries.push_back(&entry);
    for (const auto& parameter : layer.parameters())
        for (auto& entry : parameter.value)
            entries.push_back(&entry);
    return entries;
}

std::vector<double> analytic_gradient(PlainLayer& layer, const Tensor<double>& dy) {
    // Gradients that are added to start from 0, as in a training loop
    for (const auto& parameter : layer.parameters())
        parameter.gradient = zeros<double>(shape_of(parameter.value));
    const auto dz = layer.backward(dy);
    std::vector<double> gradient(dz.begin(), dz.end());
    for (const auto& parameter : layer.parameters())
        gradient.insert(gradient.end(), parameter.gradient.begin(), parameter.gradient.end());
    return gradient;
}

bool passes_one_hot_of_one(PlainLayer layer) {
    const auto y = layer.forward(layer.z);
    const auto count = entries_of(layer).size();
    std::vector<Tensor<double>> columns;
    for (auto i : range(count)) {
        std::vector<double> direction(count, 0.0);
        direction[i] = 1;
        columns.push_back(numeric_slope(layer, direction));
    }
    for (auto j : range(y.size())) {
        auto dy = zeros<double>(shape_of(y));
        dy.flat(j) = 1;
        const auto row = analytic_gradient(layer, dy);
        for (auto i : range(count))
            if (!close_enough(row[i], columns[i].flat(j)))
                return false;
    }
    return true;
}

bool passes_non_negative_projection(PlainLayer layer) {
    const auto found = project(layer, [](double entry) { return std::abs(entry) / 2; });
    return close_enough(found.analytic, found.numeric);
}

bool passes_one_projection(PlainLayer layer) {
    const auto found = project(layer, [](double entry) { return entry; });
    return std::abs(found.analytic - found.numeric) <=
           1e-5 * static_cast<double>(found.outputs) * (1 + std::abs(found.numeric));
}

} // namespace handgrad::mutants
