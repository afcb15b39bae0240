#include "naming.hpp"

#include "../contract.hpp"
#include "../judge.hpp"
#include "gradients.hpp"

#include <cmath>
#include <set>

namespace handgrad::mistakes {

bool matches(const Gradient& candidate, const Gradient& wrong, double precision) {
    if (shape_of(candidate) != shape_of(wrong))
        return false;
    double scale = 0;
    for (auto position : range(wrong.size()))
        scale =
            std::max({scale, std::abs(wrong.flat(position)), std::abs(candidate.flat(position))});
    for (auto position : range(wrong.size()))
        if (!(std::abs(wrong.flat(position) - candidate.flat(position)) <= precision * scale))
            return false;
    return true;
}

std::optional<double> factor_between(const Gradient& wrong, const Gradient& right,
                                     double precision) {
    std::size_t largest = 0;
    for (auto position : range(right.size()))
        if (std::abs(right.flat(position)) > std::abs(right.flat(largest)))
            largest = position;
    if (right.size() < 2 || right.flat(largest) == 0 || wrong.flat(largest) == 0)
        return std::nullopt;
    const double factor = wrong.flat(largest) / right.flat(largest);
    const auto scaled = elementwise(right, [=](double entry) { return factor * entry; });
    return std::isfinite(factor) && matches(scaled, wrong, precision) ? std::optional(factor)
                                                                      : std::nullopt;
}

void name_factor(std::vector<Mistake>& found, const Evidence& e, double factor,
                 const std::string& section) {
    const auto is = [&](double other) { return std::abs(factor / other - 1) < 10 * e.precision; };
    const auto add = [&](const std::string& name, const std::string& sentence) {
        found.push_back({name, sentence, section});
    };
    if (is(1))
        return;
    const auto N = static_cast<double>(samples_in(e.dy));
    const double space =
        e.dy.dimension() == 4 ? static_cast<double>(e.dy.shape(2) * e.dy.shape(3)) : 1;
    if (is(-1))
        add("wrong sign", "every entry has the opposite sign.");
    if (N > 1 && is(1 / N))
        add("mean over the batch",
            "every entry is divided by N; gradients are sums over the batch.");
    if (N > 1 && is(N))
        add("multiplied by N", "every entry is N times too large.");
    if (e.dy.dimension() == 2 && e.dy.shape(1) > 1 && is(1 / static_cast<double>(e.dy.shape(1))))
        add("mean over the outputs", "every entry is divided by the number of outputs; gradients "
                                     "are sums.");
    if (e.window && e.inputs.size() > 1 && e.inputs[1].dimension() == 4 &&
        e.inputs[1].shape(1) > 1 && is(static_cast<double>(e.inputs[1].shape(1))))
        add("counted once for every input channel",
            "every entry is C_in times too large: it is added up inside the loop over the input "
            "channels.");
    if (space > 1 && is(1 / space))
        add("mean over space", "every entry is divided by H_out · W_out; gradients are sums.");
    if (space > 1 && N > 1 && is(1 / (N * space)))
        add("mean over batch and space",
            "every entry is divided by N · H_out · W_out; gradients are "
            "sums.");
    if (space > 1 && is(space))
        add("multiplied by the number of outputs", "every entry is H_out · W_out times too large.");
    if (e.window) {
        const auto steps = static_cast<double>(e.window->stride[0] * e.window->stride[1]);
        const auto taps = static_cast<double>(e.window->kernel[0] * e.window->kernel[1]);
        if (steps > 1 && (is(steps) || is(1 / steps)))
            add("scaled by the stride", "every entry is scaled by stride[0] · stride[1].");
        if (taps > 1 && (is(taps) || is(1 / taps)))
            add("scaled by the kernel's size", "every entry is scaled by k_H · k_W.");
    }
    if (found.empty()) {
        // As many digits as it takes to tell it from 1
        auto words = fmt::format("{:.6g}", factor);
        if (words == "1")
            words = fmt::format("{:.11g}", factor);
        add("a factor of " + words,
            fmt::format("every entry is {} times what it should be.", words));
    }
}

void name_difference(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                     const Gradient& wrong, const Gradient& right, const std::string& section) {
    const auto rest = elementwise(wrong, right, [](double a, double b) { return a - b; });
    // What rounding leaves of a difference must not be scaled up to something
    const double most = largest_of(rest);
    if (!(most > 1e-4 * largest_of(right)) || !std::isfinite(most))
        return;
    const double precision = 1e4 * e.precision;
    const auto times = [&](const Gradient& term) { return factor_between(rest, term, precision); };
    const auto is_one = [&](std::optional<double> factor) {
        return factor && std::abs(*factor - 1) < precision;
    };
    if (place > 0) {
        if (const auto factor = times(e.inputs[place]))
            found.push_back({"weight decay added",
                             fmt::format("{:.6g} times the parameter is added, which is no part of "
                                         "the layer's gradient.",
                                         *factor),
                             section});
        return;
    }
    if (shape_of(e.dy) == shape_of(rest))
        if (const auto factor = times(e.dy))
            found.push_back(
                {"upstream added",
                 fmt::format("{0:.6g} dy is added to dz, which is right for a y to which "
                             "{0:.6g} z is added.",
                             *factor),
                 section});
    if (e.inputs.size() < 2)
        return;
    const auto& last = e.inputs.back();
    if (last.dimension() == 1 && right.dimension() >= 2 && last.size() == right.shape(1)) {
        auto rows = right;
        const auto shape = shape_of(right);
        for (auto position : range(rows.size()))
            rows.flat(position) = last.flat(index_at(shape, position)[1]);
        if (is_one(times(rows)))
            found.push_back({"bias added", "bias is added to dz; it has no part in it.", section});
    }
    if (e.gradient_at) {
        auto inputs = e.inputs;
        inputs[1] = gradient_of(e, 1, e.inputs);
        const auto step = times(gradient_of(e, 0, inputs));
        if (step && *step < 0)
            found.push_back({"weight updated first",
                             fmt::format("dz is worked out with weight − {:.6g} dweight; work it "
                                         "out before the weight is updated.",
                                         -*step),
                             section});
    }
}

void name_gate(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
               const Gradient& wrong, const Gradient& right, const std::string& section) {
    if (place != 0 || shape_of(e.dy) != shape_of(wrong))
        return;
    const auto is_gate = [&](const Gradient& dz, auto below) {
        for (auto position : range(dz.size()))
            if (dz.flat(position) != e.dy.flat(position) && !below(position))
                return false;
        return true;
    };
    if (!is_gate(right, [&](std::size_t at) { return right.flat(at) == 0; }))
        return;
    if (is_gate(wrong, [&](std::size_t at) { return wrong.flat(at) == 0; })) {
        found.push_back({"gate in the wrong place",
                         "dz is dy or 0, as it should be, but not at the right entries.", section});
        return;
    }
    // One slope for all that should be 0
    std::optional<double> slope;
    for (auto position : range(right.size()))
        if (right.flat(position) == 0 && e.dy.flat(position) != 0 && !slope)
            slope = wrong.flat(position) / e.dy.flat(position);
    const auto leaks = [&](std::size_t at) {
        return right.flat(at) == 0 && std::abs(wrong.flat(at) - *slope * e.dy.flat(at)) <=
                                          10 * e.precision * std::abs(e.dy.flat(at));
    };
    if (slope && is_gate(wrong, [&](std::size_t at) {
            return leaks(at) || (right.flat(at) == 0 && e.inputs[0].flat(at) == 0);
        }))
        found.push_back({"negative side leaks",
                         fmt::format("where dz should be 0 it is {:.6g} dy.", *slope), section});
}

void name_order_of_samples(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                           const Gradient& wrong, const Gradient& right,
                           const std::string& section) {
    const auto N = samples_in(right), size = right.size() / std::max<std::size_t>(N, 1);
    if (place != 0 || N < 2)
        return;
    const double precision = 10 * e.precision * largest_of(right);
    const auto is_that_of = [&](std::size_t i, std::size_t other) {
        for (auto position : range(size))
            if (!(std::abs(wrong.flat(i * size + position) - right.flat(other * size + position)) <=
                  precision))
                return false;
        return true;
    };
    std::vector<std::size_t> from;
    for (auto i : range(N))
        for (auto other : range(N))
            if (from.size() == i && is_that_of(i, other))
                from.push_back(other);
    const std::set<std::size_t> met(from.begin(), from.end());
    std::size_t moved = 0;
    while (moved < from.size() && from[moved] == moved)
        ++moved;
    if (met.size() < N || moved == N)
        return;
    found.push_back({"samples in another order",
                     fmt::format("sample {} has the gradient of sample {}; each has its own.",
                                 moved, from[moved]),
                     section});
}

void name_output(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                 const Gradient& wrong, const Gradient& right, const std::string& section) {
    const auto rest = elementwise(wrong, right, [](double a, double b) { return a - b; });
    const double precision = 10 * e.precision * largest_of(right);
    std::size_t most = 0;
    for (auto position : range(rest.size()))
        if (std::abs(rest.flat(position)) > std::abs(rest.flat(most)))
            most = position;
    const auto reaches = [&e](std::size_t j, std::size_t input) {
        for (auto [at, end] = e.structure.row(j); at != end; ++at)
            if (e.structure.input[at] == input)
                return true;
        return false;
    };
    for (auto j : range(e.dy.size())) {
        if (!reaches(j, first_input(e, place) + most))
            continue;
        const auto share = contract(e, place, [&](double& sum, std::size_t output, double slope) {
            if (output == j)
                sum += e.dy.flat(j) * slope;
        });
        // What reaches one entry explains everything
        if (std::count_if(share.begin(), share.end(), [](double entry) { return entry != 0; }) < 2)
            continue;
        const double more = rest.flat(most) / share.flat(most);
        bool explained = std::isfinite(more);
        for (auto position : range(rest.size()))
            explained = explained &&
                        std::abs(rest.flat(position) - more * share.flat(position)) <= precision;
        if (!explained)
            continue;
        const auto output = text(index_at(shape_of(e.dy), j));
        const double times = 1 + more, as_good_as = precision / std::abs(share.flat(most));
        found.push_back(
            {"an output with another factor",
             fmt::format("y{} enters {}; every output enters once.", output,
                         std::abs(times) <= as_good_as       ? std::string("not at all")
                         : std::abs(times + 1) <= as_good_as ? "with the wrong sign"
                                                             : fmt::format("{:.6g} times", times)),
             section});
        return;
    }
}

void name_factor_of_some(std::vector<Mistake>& found, const Evidence& e, const Gradient& wrong,
                         const Gradient& right, const std::string& section) {
    const double precision = 10 * e.precision * largest_of(right);
    std::vector<std::size_t> apart;
    for (auto position : range(right.size()))
        if (!(std::abs(wrong.flat(position) - right.flat(position)) <= precision))
            apart.push_back(position);
    // One entry has always a factor
    if (apart.size() < 2 || right.flat(apart[0]) == 0)
        return;
    const double factor = wrong.flat(apart[0]) / right.flat(apart[0]);
    for (auto position : apart)
        if (!(std::abs(wrong.flat(position) - factor * right.flat(position)) <= precision))
            return;
    if (factor == 0)
        found.push_back(
            {"some entries left at 0",
             fmt::format("{} entries are 0 and should not be; the others are right.", apart.size()),
             section});
    else
        found.push_back(
            {fmt::format("a factor of {:.8g} in some entries", factor),
             fmt::format("{} entries are {:.8g} times what they should be; the others are right.",
                         apart.size(), factor),
             section});
}

} // namespace handgrad::mistakes
