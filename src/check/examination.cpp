#include "examination.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace handgrad {

namespace {

// Do all entries, or those of a channel, add up to 0? Then the gradient of a bias is 0 whatever
// backward does.
bool cancels(const Tensor<double>& dy) {
    const auto shape = shape_of(dy);
    const bool has_channels = shape.size() >= 2;
    // One for each channel, and the last for all entries
    std::vector<double> sums(1 + (has_channels ? shape[1] : 0), 0.0);
    for (auto position : range(dy.size())) {
        sums.back() += dy.flat(position);
        if (has_channels)
            sums[index_at(shape, position)[1]] += dy.flat(position);
    }
    // Numbers with a few decimals miss 0 by more than rounding
    return std::any_of(sums.begin(), sums.end(), [](double sum) { return std::abs(sum) < 1e-9; });
}

} // namespace

CheckReport with_random_dy(AnyLayer<double>& layer, const Tensor<double>& z, std::uint64_t seed,
                           const std::function<CheckReport(const Tensor<double>& dy)>& check) {
    Tensor<double> dy;
    try {
        auto draw = draw_of_dy(seed);
        run_on_another(layer, z);
        const auto shape = shape_of(forward_of_copy(layer, z));
        // Of many channels some may cancel in every draw
        constexpr int most_draws = 20;
        for (int drawn = 0; drawn == 0 || (drawn < most_draws && cancels(dy)); ++drawn)
            dy = readable_probe(shape, draw);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        CheckReport failed;
        failed.layer = layer.name();
        failed.configuration = "z " + text(z.shape());
        failed.problem = error.what();
        return failed;
    }
    return check(dy);
}

Examination examine(AnyLayer<double>& layer, const Tensor<double>& z, const Tensor<double>& dy,
                    const RoundingOf& rounding_of) {
    Examination work{layer, z, dy, {}, {}, {}};
    auto& report = work.report;
    report.layer = layer.name();
    report.configuration = "z " + text(z.shape());
    expect_finite("check", "z", z);
    expect_finite("check", "dy", dy);
    std::vector<Parameter<double>> parameters;
    try {
        parameters = layer.parameters();
    } catch (const std::exception& error) {
        report.problem = error.what();
        return work;
    }
    for (const auto& parameter : parameters) {
        expect_finite("check", parameter.name, parameter.value);
        work.names.push_back(gradient_name(parameter.name));
    }
    report.coverage.dy_positive = static_cast<std::size_t>(
        std::count_if(dy.begin(), dy.end(), [](double entry) { return entry > 0; }));
    report.coverage.dy_negative = static_cast<std::size_t>(
        std::count_if(dy.begin(), dy.end(), [](double entry) { return entry < 0; }));
    try {
        run_on_another(layer, z);
        const Tensor<double> y = forward_of_copy(layer, z);
        if (shape_of(y) != shape_of(dy)) {
            report.problem = fmt::format("dy is {}, it must have the shape of y, {}",
                                         text(dy.shape()), text(y.shape()));
            return work;
        }
        for (auto position : range(y.size()))
            if (!std::isfinite(y.flat(position))) {
                report.problem = fmt::format(
                    "y is {} at {}, though z and every parameter are finite: there is no gradient",
                    y.flat(position), text(index_at(shape_of(y), position)));
                return work;
            }
        work.passes = backward_from_nan(layer, dy);
        work.passes.y = y;
        report.findings = contract_findings(layer, z, dy, work.names, work.passes, rounding_of);
        forward_of_copy(layer, z);
        work.ready = true;
    } catch (const std::bad_alloc&) {
        throw; // a machine too small is no finding about the layer
    } catch (const std::exception& error) {
        report.problem = error.what();
    }
    return work;
}

} // namespace handgrad
