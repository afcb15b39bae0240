#pragma once

/// @file
/// Layers and recipes whatever their type: what lets the oracles and the checker be compiled once,
/// and a layer only be compiled over the number types.

#include "../layers/window.hpp"
#include "../scalars/bounded.hpp"
#include "../scalars/four.hpp"
#include "../scalars/sparse_dual.hpp"
#include "recipe.hpp"

#include <complex>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace handgrad {

/// The arithmetic that a layer computes in.
struct Arithmetic {
    double epsilon;  ///< twice the relative error of one rounding
    double smallest; ///< below the smallest normal number there are no digits to lose
    /// A bound of more than this, relative to the size of a gradient, verifies nothing: there are
    /// mistakes that are smaller.
    double tight;

    /// Of 16 digits, 10 may be lost.
    static constexpr Arithmetic float64() {
        return {std::numeric_limits<double>::epsilon(), std::numeric_limits<double>::min(), 1e-6};
    }
    /// Of 7 digits, 4 may be lost.
    static constexpr Arithmetic float32() {
        return {std::numeric_limits<float>::epsilon(), std::numeric_limits<float>::min(), 1e-3};
    }

    /// The numbers of `tensor`, as this arithmetic can hold them.
    Tensor<double> rounded(const Tensor<double>& tensor) const {
        if (epsilon == float64().epsilon)
            return tensor;
        return tensor_cast<double>(tensor_cast<float>(tensor));
    }
};

/// The forward pass of a layer over `T`, as a function of z and all its parameters.
template <class T>
class AnyForward {
public:
    virtual ~AnyForward() = default;

    /// As the layer's own.
    virtual Tensor<T> forward(const Tensor<T>& z) = 0;

    /// As the layer's own; none where it has none.
    virtual std::vector<Parameter<T>> parameters() = 0;

    /// Sets the parameters and runs forward on a copy of z, which is kept for a layer that
    /// remembers where z stands: a forward that changes its argument must not change the inputs.
    /// @param inputs z, then the parameters in the layer's order
    Tensor<T> forward_of(const std::vector<Tensor<T>>& inputs) {
        const auto own = parameters();
        for (auto place : range(own.size()))
            own[place].value = inputs[place + 1];
        z_ = inputs[0];
        return forward(z_);
    }

private:
    Tensor<T> z_; // of the last `forward_of`
};

/// A layer over `T`.
template <class T>
class AnyLayer : public AnyForward<T> {
public:
    /// As the layer's own.
    virtual Tensor<T> backward(const Tensor<T>& dy) = 0;

    /// The layer's name in reports: its `name`, if it has one.
    virtual std::string name() const = 0;

    /// How the layer's window moves, if it has one.
    virtual std::optional<Window> window() const = 0;

    /// What it computes in, behind `T`.
    virtual Arithmetic arithmetic() const { return Arithmetic::float64(); }
};

/// The layer `L` as one of `Interface`, which is `AnyForward<T>` or `AnyLayer<T>`.
/// @tparam L its type, or a reference to it: then the layer stays where it is
template <class Interface, class T, class L>
class Wrapped : public Interface {
public:
    explicit Wrapped(L layer) : layer_(std::forward<L>(layer)) {} ///< wraps it

    /// As the layer's own.
    Tensor<T> forward(const Tensor<T>& z) override { return layer_.forward(z); }
    /// As the layer's own.
    std::vector<Parameter<T>> parameters() override { return parameters_of<T>(layer_); }

protected:
    L layer_; ///< what is wrapped
};

/// @copydoc Wrapped
template <class T, class L>
class WrappedLayer final : public Wrapped<AnyLayer<T>, T, L> {
public:
    using Wrapped<AnyLayer<T>, T, L>::Wrapped;

    Tensor<T> backward(const Tensor<T>& dy) override { return this->layer_.backward(dy); }
    std::string name() const override {
        if constexpr (requires { std::string(std::remove_reference_t<L>::name); })
            return std::string(std::remove_reference_t<L>::name);
        else
            return "layer";
    }
    std::optional<Window> window() const override {
        if constexpr (requires { Window(this->layer_.window()); })
            return this->layer_.window();
        else
            return std::nullopt;
    }
};

/// Makes the forward pass of a recipe's layer over `T`.
template <class T, Recipe R>
std::unique_ptr<AnyForward<T>> any_forward(const R& recipe) {
    using L = decltype(recipe.template operator()<T>());
    return std::make_unique<Wrapped<AnyForward<T>, T, L>>(recipe.template operator()<T>());
}

/// Makes a recipe's layer over `T`.
template <class T, Recipe R>
std::unique_ptr<AnyLayer<T>> any_layer(const R& recipe) {
    using L = decltype(recipe.template operator()<T>());
    return std::make_unique<WrappedLayer<T, L>>(recipe.template operator()<T>());
}

/// A recipe, whatever its type, over the number types that the checker needs.
class AnyRecipe {
public:
    /// The layer that `recipe` makes over `double`.
    template <Recipe R>
    explicit AnyRecipe(const R& recipe)
        : AnyRecipe(
              recipe, [recipe] { return any_layer<double>(recipe); },
              [recipe] { return any_layer<Bounded<double>>(recipe); }) {}

    /// The same with another layer in the place of the one that is judged; see in_float32.hpp.
    /// @param layer makes the layer that is judged
    /// @param bounded makes it over numbers that know its rounding
    template <Recipe R>
    AnyRecipe(const R& recipe, std::function<std::unique_ptr<AnyLayer<double>>()> layer,
              std::function<std::unique_ptr<AnyLayer<Bounded<double>>>()> bounded)
        : forwards_{[recipe] { return any_layer<double>(recipe); },
                    [recipe] { return any_forward<SparseDual<long double>>(recipe); },
                    [recipe] { return any_forward<Four>(recipe); },
                    [recipe] { return any_forward<std::complex<double>>(recipe); }},
          layers_{std::move(layer), std::move(bounded)} {}

    /// The layer's forward pass over `double`, `SparseDual<long double>`, `Four` or
    /// `std::complex<double>`.
    template <class T>
    std::unique_ptr<AnyForward<T>> forward() const {
        return std::get<Maker<AnyForward<T>>>(forwards_)();
    }

    /// The layer over `double` or `Bounded<double>`.
    template <class T>
    std::unique_ptr<AnyLayer<T>> layer() const {
        return std::get<Maker<AnyLayer<T>>>(layers_)();
    }

private:
    template <class Made>
    using Maker = std::function<std::unique_ptr<Made>()>;

    std::tuple<Maker<AnyForward<double>>, Maker<AnyForward<SparseDual<long double>>>,
               Maker<AnyForward<Four>>, Maker<AnyForward<std::complex<double>>>>
        forwards_;
    std::tuple<Maker<AnyLayer<double>>, Maker<AnyLayer<Bounded<double>>>> layers_;
};

} // namespace handgrad
