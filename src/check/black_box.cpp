#include "../oracles/central_difference.hpp"
#include "check.hpp"
#include "diagnosis.hpp"
#include "examination.hpp"
#include "judge.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace handgrad {

namespace {

// What `diagnose` needs to know of a black box: its Jacobian by one central difference an entry.
// Mistakes are large, so its few digits tell one from another.
Evidence gather_by_differences(AnyLayer<double>& layer, const Passes& passes,
                               const Tensor<double>& z, const Tensor<double>& dy) {
    // The cube root of the rounding unit balances the error of the difference and its rounding
    constexpr double step = 0x1p-17;
    Evidence evidence;
    evidence.layer = layer.name();
    evidence.inputs = {z};
    for (const auto& parameter : layer.parameters())
        evidence.inputs.push_back(parameter.value);
    evidence.y = passes.y;
    evidence.dy = dy;
    evidence.precision = 1e-7;
    evidence.window = layer.window();
    const auto forward = [&layer](const std::vector<Tensor<double>>& inputs) {
        const auto parameters = layer.parameters();
        for (auto place : range(parameters.size()))
            parameters[place].value = inputs[place + 1];
        return Tensor<double>(layer.forward(inputs[0]));
    };
    const auto column = [forward](std::vector<Tensor<double>> inputs, std::size_t place,
                                  std::size_t position) {
        double& entry = inputs[place].flat(position);
        const double above = entry + step, below = entry - step;
        entry = above;
        const auto y_above = forward(inputs);
        entry = below;
        return elementwise(y_above, forward(inputs),
                           [=](double a, double b) { return (a - b) / (above - below); });
    };
    std::vector<std::vector<std::pair<std::uint32_t, double>>> rows(dy.size());
    std::uint32_t input = 0;
    for (auto place : range(evidence.inputs.size()))
        for (auto position : range(evidence.inputs[place].size())) {
            const auto slopes = column(evidence.inputs, place, position);
            for (auto j : range(dy.size()))
                if (slopes.flat(j) != 0)
                    rows[j].emplace_back(input, slopes.flat(j));
            ++input;
        }
    evidence.structure.first.push_back(0);
    for (const auto& row : rows) {
        for (const auto& [i, slope] : row) {
            evidence.structure.input.push_back(i);
            evidence.jacobian.push_back(slope);
        }
        evidence.structure.first.push_back(evidence.structure.input.size());
    }
    evidence.gradient_at = [column, dy](const std::vector<Tensor<double>>& other) {
        std::vector<double> gradient;
        for (auto place : range(other.size()))
            for (auto position : range(other[place].size())) {
                const auto slopes = column(other, place, position);
                double sum = 0;
                for (auto j : range(dy.size()))
                    sum += dy.flat(j) * slopes.flat(j);
                gradient.push_back(sum);
            }
        return gradient;
    };
    forward(evidence.inputs);
    return evidence;
}

} // namespace

CheckReport check(AnyLayer<double>& layer, const Tensor<double>& z, const Tensor<double>& dy) {
    auto work = examine(layer, z, dy,
                        [](const Tensor<double>&, const Tensor<double>& dy, const Passes& passes) {
                            return rounding_of_largest(dy, passes, Arithmetic::float64().epsilon);
                        });
    auto& report = work.report;
    report.oracles = {"central differences"};
    if (!work.ready)
        return report;

    const auto values = parameter_values(layer);
    std::vector<std::vector<Estimate>> truths;
    const auto compare = [&](const std::string& name, const Tensor<double>& gradient,
                             Tensor<double>& variable, const Tensor<double>& input) {
        if (shape_of(gradient) != shape_of(variable)) {
            truths.emplace_back();
            return wrong_shape(name, shape_of(gradient), shape_of(variable));
        }
        std::vector<Bounded<double>> analytic;
        std::vector<Estimate> truth;
        for (auto position : range(gradient.size())) {
            // Move one entry, evaluate, put it back
            double& entry = variable.flat(position);
            truth.push_back(central_difference(
                [&](double value) {
                    const double before = std::exchange(entry, value);
                    Tensor<double> y = forward_of_copy(layer, input);
                    entry = before;
                    return y;
                },
                entry, dy));
            analytic.emplace_back(
                gradient.flat(position),
                rounding_allowance(dy.size(), truth.back().magnitude, layer.arithmetic().epsilon));
        }
        report.coverage.entries += gradient.size();
        report.coverage.not_zero += static_cast<std::size_t>(std::count_if(
            truth.begin(), truth.end(), [](const Estimate& e) { return e.magnitude != 0; }));
        truths.push_back(truth);
        return judge_all(name, shape_of(gradient), analytic, truth, largest_of(dy),
                         layer.arithmetic());
    };
    try {
        Tensor<double> input = z;
        report.tensors.push_back(compare("dz", work.passes.dz, input, input));
        const auto parameters = layer.parameters();
        for (auto place : range(parameters.size()))
            report.tensors.push_back(compare(work.names[place], work.passes.gradients[place],
                                             parameters[place].value, z));

        // Name the mistake
        std::optional<Evidence> evidence;
        for (auto place : range(report.tensors.size())) {
            auto& tensor = report.tensors[place];
            if (tensor.wrong == 0 || !tensor.problem.empty())
                continue;
            if (!evidence)
                evidence = gather_by_differences(layer, work.passes, z, dy);
            const auto& wrong = place == 0 ? work.passes.dz : work.passes.gradients[place - 1];
            Tensor<double> right = wrong;
            for (auto position : range(right.size()))
                right.flat(position) = truths[place][position].value;
            tensor.mistakes = diagnose(*evidence, place, wrong, right);
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        report.problem = error.what();
    }
    put_back(layer, values);
    return report;
}

CheckReport check(AnyLayer<double>& layer, const Tensor<double>& z, std::uint64_t seed) {
    CheckReport failed;
    failed.layer = layer.name();
    failed.configuration = "z " + text(z.shape());
    Tensor<double> dy;
    try {
        Draw draw(seed);
        run_on_another(layer, z);
        dy = readable_probe(shape_of(forward_of_copy(layer, z)), draw);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        failed.problem = error.what();
        return failed;
    }
    return check(layer, z, dy);
}

} // namespace handgrad
