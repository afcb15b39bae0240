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
#include <limits>
#include <memory>
#include <optional>
#include <string>
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

/// The forward pass of a layer of type `L`, whatever that is.
template <class T, class L>
class WrappedForward final : public AnyForward<T> {
public:
    /// @param make returns the layer
    template <class Make>
    explicit WrappedForward(const Make& make) : layer_(make()) {}

    /// As the layer's own.
    Tensor<T> forward(const Tensor<T>& z) override { return layer_.forward(z); }
    /// As the layer's own.
    std::vector<Parameter<T>> parameters() override { return parameters_of<T>(layer_); }

private:
    L layer_;
};

/// A layer of type `L`, whatever that is.
/// @tparam L its type, or a reference to it: then the layer stays where it is
template <class T, class L>
class WrappedLayer final : public AnyLayer<T> {
public:
    /// @param make returns the layer, or the reference
    template <class Make>
    explicit WrappedLayer(const Make& make) : layer_(make()) {}

    Tensor<T> forward(const Tensor<T>& z) override { return layer_.forward(z); }
    Tensor<T> backward(const Tensor<T>& dy) override { return layer_.backward(dy); }
    std::vector<Parameter<T>> parameters() override { return parameters_of<T>(layer_); }
    std::string name() const override {
        if constexpr (requires { std::string(std::remove_reference_t<L>::name); })
            return std::string(std::remove_reference_t<L>::name);
        else
            return "layer";
    }
    std::optional<Window> window() const override {
        if constexpr (requires { Window(layer_.window()); })
            return layer_.window();
        else
            return std::nullopt;
    }

private:
    L layer_;
};

/// Makes the forward pass of a recipe's layer over `T`.
template <class T, Recipe R>
std::unique_ptr<AnyForward<T>> any_forward(const R& recipe) {
    const auto make = [&] { return recipe.template operator()<T>(); };
    // Not make_unique, which is compiled anew for every layer
    return std::unique_ptr<AnyForward<T>>(new WrappedForward<T, decltype(make())>(make));
}

/// Makes a recipe's layer over `T`.
template <class T, Recipe R>
std::unique_ptr<AnyLayer<T>> any_layer(const R& recipe) {
    const auto make = [&] { return recipe.template operator()<T>(); };
    return std::unique_ptr<AnyLayer<T>>(new WrappedLayer<T, decltype(make())>(make));
}

/// Makes a layer over each of the number types that the checker needs.
class Maker {
public:
    virtual ~Maker() = default;

    /// @{ The forward pass over the number type `T` of `Over<T>`.
    template <class T>
    using Over = std::type_identity<T>;
    virtual std::unique_ptr<AnyForward<double>> forward(Over<double>) const = 0;
    virtual std::unique_ptr<AnyForward<SparseDual<long double>>>
        forward(Over<SparseDual<long double>>) const = 0;
    virtual std::unique_ptr<AnyForward<Four>> forward(Over<Four>) const = 0;
    virtual std::unique_ptr<AnyForward<std::complex<double>>>
        forward(Over<std::complex<double>>) const = 0;
    /// @}

    /// @{ The layer that is judged, and the same over numbers that know its rounding.
    virtual std::unique_ptr<AnyLayer<double>> layer(Over<double>) const = 0;
    virtual std::unique_ptr<AnyLayer<Bounded<double>>> layer(Over<Bounded<double>>) const = 0;
    /// @}
};

/// Makes the layers of a recipe. Its functions are not inline, so that those of a layer that many
/// check are compiled once: see known_layers.hpp.
template <Recipe R>
class MakerOf : public Maker {
public:
    explicit MakerOf(const R& recipe) : recipe_(recipe) {} ///< keeps a copy

    std::unique_ptr<AnyForward<double>> forward(Over<double>) const override;
    std::unique_ptr<AnyForward<SparseDual<long double>>>
        forward(Over<SparseDual<long double>>) const override;
    std::unique_ptr<AnyForward<Four>> forward(Over<Four>) const override;
    std::unique_ptr<AnyForward<std::complex<double>>>
        forward(Over<std::complex<double>>) const override;
    std::unique_ptr<AnyLayer<double>> layer(Over<double>) const override;
    std::unique_ptr<AnyLayer<Bounded<double>>> layer(Over<Bounded<double>>) const override;

protected:
    R recipe_; ///< what it was given
};

template <Recipe R>
std::unique_ptr<AnyForward<double>> MakerOf<R>::forward(Over<double>) const {
    return any_layer<double>(recipe_);
}

template <Recipe R>
std::unique_ptr<AnyForward<SparseDual<long double>>>
MakerOf<R>::forward(Over<SparseDual<long double>>) const {
    return any_forward<SparseDual<long double>>(recipe_);
}

template <Recipe R>
std::unique_ptr<AnyForward<Four>> MakerOf<R>::forward(Over<Four>) const {
    return any_forward<Four>(recipe_);
}

template <Recipe R>
std::unique_ptr<AnyForward<std::complex<double>>>
MakerOf<R>::forward(Over<std::complex<double>>) const {
    return any_forward<std::complex<double>>(recipe_);
}

template <Recipe R>
std::unique_ptr<AnyLayer<double>> MakerOf<R>::layer(Over<double>) const {
    return any_layer<double>(recipe_);
}

template <Recipe R>
std::unique_ptr<AnyLayer<Bounded<double>>> MakerOf<R>::layer(Over<Bounded<double>>) const {
    return any_layer<Bounded<double>>(recipe_);
}

/// A recipe, whatever its type, over the number types that the checker needs.
class AnyRecipe {
public:
    /// The layer that `recipe` makes: every recipe is one of these.
    template <Recipe R>
    AnyRecipe(const R& recipe) : AnyRecipe(std::unique_ptr<const Maker>(new MakerOf<R>(recipe))) {}

    /// What `maker` makes; see in_float32.hpp.
    explicit AnyRecipe(std::unique_ptr<const Maker> maker) : maker_(std::move(maker)) {}

    /// The layer's forward pass over `double`, `SparseDual<long double>`, `Four` or
    /// `std::complex<double>`.
    template <class T>
    std::unique_ptr<AnyForward<T>> forward() const {
        return maker_->forward(std::type_identity<T>());
    }

    /// The layer over `double` or `Bounded<double>`.
    template <class T>
    std::unique_ptr<AnyLayer<T>> layer() const {
        return maker_->layer(std::type_identity<T>());
    }

private:
    std::shared_ptr<const Maker> maker_;
};

} // namespace handgrad
