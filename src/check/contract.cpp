#include "contract.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <new>

namespace handgrad {

bool same_bits(const Tensor<double>& a, const Tensor<double>& b) {
    return shape_of(a) == shape_of(b) &&
           (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

std::vector<Tensor<double>> parameter_values(AnyLayer<double>& layer) {
    std::vector<Tensor<double>> values;
    for (const auto& parameter : layer.parameters())
        values.push_back(parameter.value);
    return values;
}

void put_back(AnyLayer<double>& layer, const std::vector<Tensor<double>>& values) {
    const auto parameters = layer.parameters();
    for (auto place : range(std::min(parameters.size(), values.size()))) {
        auto& value = parameters[place].value;
        if (shape_of(value) == shape_of(values[place]))
            std::copy(values[place].begin(), values[place].end(), value.begin());
        else
            value = values[place];
    }
}

Tensor<double> forward_of_copy(AnyLayer<double>& layer, Tensor<double> z) {
    // A layer that remembers where z stands, and not what it was, must not read what is gone
    thread_local Tensor<double> given;
    given = std::move(z);
    const auto values = parameter_values(layer);
    const Tensor<double> y = layer.forward(given);
    put_back(layer, values);
    return y;
}

Passes backward_from_nan(AnyLayer<double>& layer, Tensor<double> dy) {
    Passes passes;
    const auto values = parameter_values(layer);
    for (const auto& parameter : layer.parameters())
        parameter.gradient =
            filled(shape_of(parameter.value), std::numeric_limits<double>::quiet_NaN());
    passes.dz = layer.backward(dy);
    for (const auto& parameter : layer.parameters())
        passes.gradients.push_back(parameter.gradient);
    put_back(layer, values);
    return passes;
}

Tensor<double> another(const Tensor<double>& z) {
    auto other = z;
    std::reverse_copy(z.begin(), z.end(), other.begin());
    return elementwise(other, [](double entry) { return 0.75 * entry + 0.125; });
}

void run_on_another(AnyLayer<double>& layer, const Tensor<double>& z) {
    try {
        forward_of_copy(layer, another(z));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
    }
}

Passes rounding_of_largest(const Tensor<double>& dy, const Passes& passes, double epsilon) {
    const double unit = (static_cast<double>(dy.size()) + 64) * epsilon;
    const auto allow = [unit](const Tensor<double>& tensor) {
        double largest = 0;
        for (double entry : tensor)
            largest = std::max(largest, std::abs(entry));
        return filled(shape_of(tensor), unit * largest);
    };
    Passes allowed{allow(passes.y), allow(passes.dz), {}};
    for (const auto& gradient : passes.gradients)
        allowed.gradients.push_back(allow(gradient));
    return allowed;
}

Passes added(Passes a, const Passes& b) {
    const auto add = [](Tensor<double>& sum, const Tensor<double>& term) {
        if (shape_of(sum) == shape_of(term))
            sum = elementwise(sum, term, [](double a, double b) { return a + b; });
    };
    add(a.dz, b.dz);
    for (auto place : range(std::min(a.gradients.size(), b.gradients.size())))
        add(a.gradients[place], b.gradients[place]);
    return a;
}

std::string difference(const std::string& name, const Tensor<double>& a, const Tensor<double>& b,
                       const Tensor<double>* allowed, double smallest) {
    if (shape_of(a) != shape_of(b))
        return fmt::format("{} is {} and then {}", name, text(a.shape()), text(b.shape()));
    const bool bounded = allowed && shape_of(*allowed) == shape_of(a);
    for (auto position : range(a.size())) {
        const double x = a.flat(position), y = b.flat(position);
        const double most = bounded ? allowed->flat(position) : 0;
        const bool alike =
            x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= most + smallest;
        if (!alike) {
            // As many digits as it takes to see that they differ
            const auto few = [](double number) { return fmt::format("{:.6g}", number); };
            const auto all = [](double number) { return fmt::format("{:.17g}", number); };
            const bool look_alike = few(x) == few(y);
            return fmt::format("{}{} is {} and then {}", name,
                               text(index_at(shape_of(a), position)), look_alike ? all(x) : few(x),
                               look_alike ? all(y) : few(y));
        }
    }
    return "";
}

std::string difference(const Passes& a, const Passes& b, const std::vector<std::string>& names,
                       const Passes* allowed, double smallest) {
    auto words = difference("dz", a.dz, b.dz, allowed ? &allowed->dz : nullptr, smallest);
    for (auto place : range(std::min(a.gradients.size(), b.gradients.size())))
        if (words.empty())
            words = difference(names[place], a.gradients[place], b.gradients[place],
                               allowed ? &allowed->gradients[place] : nullptr, smallest);
    return words;
}

std::vector<Finding> contract_findings(AnyLayer<double>& layer, const Tensor<double>& z,
                                       const Tensor<double>& dy,
                                       const std::vector<std::string>& names, const Passes& first,
                                       const RoundingOf& rounding_of) {
    const auto arithmetic = layer.arithmetic();
    std::vector<Finding> findings;
    const auto find = [&](const std::string& rule, const std::string& sentence) {
        findings.push_back({rule, sentence});
    };
    const auto find_difference = [&](const std::string& rule, const std::string& when,
                                     const Passes& a, const Passes& b,
                                     const Passes* allowed = nullptr) {
        if (const auto words = difference(a, b, names, allowed, arithmetic.smallest);
            !words.empty())
            find(rule, when + ": " + words);
    };

    // What is added up in another order is rounded differently: first a cheap allowance, and what
    // exceeds it is judged by the rounding that was really committed
    const auto find_rounded = [&](const std::string& rule, const std::string& when, const Passes& a,
                                  const Passes& b, auto rounding) {
        const auto cheap = rounding(
            RoundingOf([&](const Tensor<double>&, const Tensor<double>& dy, const Passes& passes) {
                return rounding_of_largest(dy, passes, arithmetic.epsilon);
            }));
        if (difference(a, b, names, &cheap, arithmetic.smallest).empty())
            return;
        const auto exact = rounding(rounding_of);
        find_difference(rule, when, a, b, &exact);
    };

    // Nothing that was given is changed
    {
        const auto before = parameter_values(layer);
        Tensor<double> given_z = z, given_dy = dy;
        layer.forward(given_z);
        if (!same_bits(given_z, z))
            find("argument unchanged", "forward changed its argument z");
        layer.backward(given_dy);
        if (!same_bits(given_dy, dy))
            find("argument unchanged", "backward changed its argument dy");
        const auto parameters = layer.parameters();
        for (auto place : range(parameters.size()))
            if (!same_bits(parameters[place].value, before[place]))
                find("parameter unchanged",
                     parameters[place].name + " is changed by forward or backward");
        put_back(layer, before);
    }

    // What was given may change afterwards
    {
        Tensor<double> given_z = z;
        const auto values = parameter_values(layer);
        layer.forward(given_z);
        put_back(layer, values);
        given_z = another(z);
        find_difference("z remembered", "z was changed between forward and backward", first,
                        backward_from_nan(layer, dy));
    }

    // The same question has the same answer
    if (!same_bits(forward_of_copy(layer, z), first.y))
        find("same answer twice", "forward(z) called again gives another y");
    const auto second = backward_from_nan(layer, dy);
    find_difference("same answer twice", "forward and backward called again", first, second);
    const auto third = backward_from_nan(layer, dy);
    find_difference("same answer twice", "backward(dy) called twice after one forward", second,
                    third);

    // What a gradient held before does not matter
    {
        for (const auto& parameter : layer.parameters())
            parameter.gradient = filled(shape_of(parameter.value), 1.0);
        Passes from_one;
        const auto values = parameter_values(layer);
        Tensor<double> given_dy = dy;
        from_one.dz = layer.backward(given_dy);
        for (const auto& parameter : layer.parameters())
            from_one.gradients.push_back(parameter.gradient);
        put_back(layer, values);
        find_difference("set, not accumulated",
                        "gradients that were NaN and then 1 before backward", third, from_one);
    }

    // Another forward in between leaves nothing behind
    {
        run_on_another(layer, z);
        forward_of_copy(layer, z);
        find_difference("no stale memory", "after a forward with another z in between", third,
                        backward_from_nan(layer, dy));
    }

    // backward is linear in dy: −2 dy gives −2 times the gradients, to the bit
    const auto scaled = [](const Tensor<double>& tensor, double factor) {
        return elementwise(tensor, [=](double entry) { return factor * entry; });
    };
    const auto add = [](const Tensor<double>& a, const Tensor<double>& b) {
        return elementwise(a, b, [](double a, double b) { return a + b; });
    };
    {
        Passes expected = third;
        expected.dz = scaled(third.dz, -2);
        for (auto& gradient : expected.gradients)
            gradient = scaled(gradient, -2);
        find_difference("linear in dy", "−2 times the gradients of dy, and the gradients of −2 dy",
                        expected, backward_from_nan(layer, scaled(dy, -2)));
        // A large dy shows where gradients are clipped, a small one where they are dropped: 2⁵⁰ is
        // about 10¹⁵
        for (const int power : {50, -50}) {
            const double factor = std::ldexp(1.0, power);
            expected.dz = scaled(third.dz, factor);
            for (auto place : range(expected.gradients.size()))
                expected.gradients[place] = scaled(third.gradients[place], factor);
            // What dy made of numbers too small to have all digits, a factor makes larger
            const auto words =
                difference(expected, backward_from_nan(layer, scaled(dy, factor)), names, nullptr,
                           arithmetic.smallest * std::max(1.0, factor));
            if (!words.empty())
                find("linear in dy",
                     fmt::format("{0} times the gradients of dy, and the gradients of {0} dy: {1}",
                                 power > 0 ? "2⁵⁰" : "2⁻⁵⁰", words));
        }
        // Zeros in dy, and one sign only
        const auto positive_dy = elementwise(dy, [](double entry) { return std::max(entry, 0.0); });
        const auto negative_dy = elementwise(dy, [](double entry) { return std::min(entry, 0.0); });
        if (positive_dy != dy && negative_dy != dy) {
            const auto positive = backward_from_nan(layer, positive_dy);
            const auto negative = backward_from_nan(layer, negative_dy);
            find_rounded("linear in dy",
                         "the gradients of the positive and of the negative part of dy added, and "
                         "those of dy",
                         added(positive, negative), third, [&](const RoundingOf& rounding_of) {
                             return added(added(rounding_of(z, positive_dy, positive),
                                                rounding_of(z, negative_dy, negative)),
                                          rounding_of(z, dy, third));
                         });
        }
        // Another dy, above 0 everywhere
        Draw draw(dy.size());
        const auto other_dy = elementwise(readable_probe(shape_of(dy), draw),
                                          [](double entry) { return std::abs(entry); });
        const auto both_dy = add(dy, other_dy);
        const auto other = backward_from_nan(layer, other_dy);
        const auto both = backward_from_nan(layer, both_dy);
        find_rounded("linear in dy", "the gradients of two dy added, and those of their sum",
                     added(third, other), both, [&](const RoundingOf& rounding_of) {
                         return added(
                             added(rounding_of(z, dy, third), rounding_of(z, other_dy, other)),
                             rounding_of(z, both_dy, both));
                     });
    }

    // A batch is its samples, one by one
    const std::size_t N = z.dimension() ? z.shape(0) : 0;
    if (N > 1 && first.y.dimension() && first.y.shape(0) == N) {
        const auto sample = [&](const Tensor<double>& batch, std::size_t i) {
            Shape shape = shape_of(batch);
            shape[0] = 1;
            auto alone = zeros<double>(shape);
            std::copy_n(batch.data() + i * alone.size(), alone.size(), alone.data());
            return alone;
        };
        Passes stacked = third;
        stacked.y = zeros<double>(shape_of(first.y));
        stacked.dz = zeros<double>(shape_of(third.dz));
        for (auto& gradient : stacked.gradients)
            gradient = zeros<double>(shape_of(gradient));
        bool fits = true;
        std::vector<Passes> samples;
        std::string refused;
        for (auto i : range(N)) {
            Tensor<double> y;
            Passes alone;
            try {
                y = forward_of_copy(layer, sample(z, i));
                alone = backward_from_nan(layer, sample(dy, i));
            } catch (const std::bad_alloc&) {
                throw;
            } catch (const std::exception& error) {
                refused = error.what();
                break;
            }
            fits = fits && y.size() * N == first.y.size() && alone.dz.size() * N == third.dz.size();
            if (!fits)
                break;
            std::copy_n(y.data(), y.size(), stacked.y.data() + i * y.size());
            std::copy_n(alone.dz.data(), alone.dz.size(), stacked.dz.data() + i * alone.dz.size());
            stacked = added(stacked, {{}, {}, alone.gradients});
            samples.push_back(alone);
        }
        if (!refused.empty())
            find("a batch is its samples",
                 fmt::format("axis 0 counts the samples, and a sample alone is refused: {}",
                             refused));
        else if (!fits)
            find("a batch is its samples", "a sample alone gives a y or dz of another size");
        else {
            const auto rounding_y = rounding_of_largest(dy, first, arithmetic.epsilon).y;
            if (!difference("y", first.y, stacked.y, &rounding_y, arithmetic.smallest).empty())
                find("a batch is its samples", "y of the batch is not the y of each sample alone");
            const auto rounding = [&](const RoundingOf& rounding_of) {
                auto allowed = added(rounding_of(z, dy, third),
                                     rounding_of_largest(dy, stacked, arithmetic.epsilon));
                for (auto i : range(N)) {
                    const auto& alone = samples[i];
                    const auto more = rounding_of(sample(z, i), sample(dy, i), alone);
                    for (auto entry : range(alone.dz.size()))
                        allowed.dz.flat(i * alone.dz.size() + entry) += more.dz.flat(entry);
                    allowed = added(allowed, {{}, {}, more.gradients});
                }
                return allowed;
            };
            find_rounded("a batch is its samples", "in the batch, and from each sample alone",
                         third, stacked, rounding);
        }
        // A large batch after small ones
        forward_of_copy(layer, z);
        find_difference("no stale memory", "after a forward with one sample in between", third,
                        backward_from_nan(layer, dy));
    }
    return findings;
}

} // namespace handgrad
