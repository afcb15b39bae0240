#include "guarded.hpp"

#include "../oracles/roundings.hpp"

#include <exception>

namespace handgrad {

namespace {

// What `call` gives; what it throws is a std::exception.
template <class Call>
auto call_guarded(std::string_view what, Call call) {
    const RoundingKept rounding;
    try {
        auto result = call();
        if (rounding.changed())
            throw Error(fmt::format("{} leaves the processor rounding in another direction than "
                                    "before; it must put that back",
                                    what));
        return result;
    } catch (const std::exception&) {
        throw;
    } catch (...) {
        throw Error(fmt::format(
            "{} threw something that is no std::exception, so that nobody can read why", what));
    }
}

} // namespace

Tensor<double> GuardedLayer::forward(const Tensor<double>& z) {
    shape_of_z_ = shape_of(z);
    auto y = call_guarded("forward", [&] { return layer_.forward(z); });
    if (y.size() == 0)
        throw ShapeError(fmt::format("forward gave an empty y, {}, for z {}", text(y.shape()),
                                     text(shape_of_z_)));
    const auto shape = shape_of(y);
    const auto& before = shape_of_y_.try_emplace(shape_of_z_, shape).first->second;
    if (shape != before)
        throw ShapeError(fmt::format("forward gave y {} for z {}, and before it gave y {}",
                                     text(shape), text(shape_of_z_), text(before)));
    parameters();
    return y;
}

Tensor<double> GuardedLayer::backward(const Tensor<double>& dy) {
    auto dz = call_guarded("backward", [&] { return layer_.backward(dy); });
    expect_same_gradient("dz", dz);
    for (const auto& parameter : parameters())
        expect_same_gradient(gradient_name(parameter.name), parameter.gradient);
    return dz;
}

void GuardedLayer::expect_same_gradient(const std::string& name, const Tensor<double>& gradient) {
    const auto shape = shape_of(gradient);
    const auto& before = shape_of_gradient_.try_emplace({shape_of_z_, name}, shape).first->second;
    if (shape != before)
        throw ShapeError(fmt::format("backward gave {} {} for z {}, and before it gave {}", name,
                                     text(shape), text(shape_of_z_), text(before)));
}

std::vector<Parameter<double>> GuardedLayer::parameters() {
    auto now = call_guarded("parameters()", [&] { return layer_.parameters(); });
    if (!known_) {
        known_.emplace();
        for (const auto& parameter : now)
            known_->emplace_back(parameter.name, shape_of(parameter.value));
    }
    if (now.size() != known_->size())
        throw ShapeError(fmt::format("the layer has {} parameters, and before it had {}",
                                     now.size(), known_->size()));
    for (auto place : range(now.size())) {
        const auto& [name, shape] = (*known_)[place];
        if (now[place].name != name)
            throw NameError(fmt::format("a parameter is called \"{}\", and before it was \"{}\"",
                                        now[place].name, name));
        if (shape_of(now[place].value) != shape)
            throw ShapeError(fmt::format("{} is {}, and before it was {}", name,
                                         text(now[place].value.shape()), text(shape)));
    }
    return now;
}

} // namespace handgrad
