#pragma once

/// @file
/// The contract that every layer keeps, written as mathematics.
///
/// Let f(z, parameters) = ⟨forward(z), dy⟩, the sum over all entries of y times dy. Then
///
///  - `forward(z)` returns y and remembers what `backward` needs; z itself may change or go before
///    `backward` is called;
///  - `backward(dy)` returns dz = ∂f/∂z and sets, for every parameter, its gradient ∂f/∂parameter;
///  - axis 0 of z, y, dy and dz counts the samples of a batch: each sample is computed as if it
///    were alone, and a parameter's gradient is the **sum** over the samples;
///  - gradients are **set**, not added to what was there: calling `backward(dy)` again, also with
///    another dy, gives what the first call would have given;
///  - neither function changes its argument or a parameter;
///  - a shape that does not fit throws `ShapeError`, and `backward` before any `forward` throws
///    `OrderError`.

#include "../scalars/scalar.hpp"
#include "../tensor.hpp"

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace handgrad {

/// Something with a forward and a backward pass over tensors of `T`.
template <class L, class T>
concept Layer = Scalar<T> && requires(L& layer, const Tensor<T>& tensor) {
    { layer.forward(tensor) } -> std::convertible_to<Tensor<T>>;
    { layer.backward(tensor) } -> std::convertible_to<Tensor<T>>;
};

/// A trainable tensor of a layer and its gradient, reached by name as `self.params["weight"]` and
/// `self.grads["weight"]` are in the homework.
template <class T>
struct Parameter {
    std::string name;    ///< "weight", "bias"; in a `Sequential` "0.weight", "2.bias"
    Tensor<T>& value;    ///< what `forward` computes with
    Tensor<T>& gradient; ///< what `backward` sets; the same shape as `value`
};

/// A layer that can be trained.
template <class L, class T>
concept LayerWithParameters = Layer<L, T> && requires(L& layer) {
    { layer.parameters() } -> std::convertible_to<std::vector<Parameter<T>>>;
};

/// The parameters of any layer; none where it has none.
template <class T, Layer<T> L>
std::vector<Parameter<T>> parameters_of(L& layer) {
    if constexpr (LayerWithParameters<L, T>)
        return layer.parameters();
    else
        return {};
}

/// The parameter of `layer` that is called `name`.
/// @throws NameError if there is none.
template <class T, LayerWithParameters<T> L>
Parameter<T> parameter(L& layer, std::string_view name) {
    std::string known;
    for (const auto& candidate : layer.parameters()) {
        if (candidate.name == name)
            return candidate;
        known += (known.empty() ? "" : ", ") + candidate.name;
    }
    throw NameError(fmt::format("there is no parameter \"{}\"; the layer has {}", name, known));
}

/// The name of the gradient of a parameter: "dweight" for "weight", "2.dweight" for "2.weight".
inline std::string gradient_name(std::string name) {
    const auto dot = name.rfind('.');
    return name.insert(dot == std::string::npos ? 0 : dot + 1, "d");
}

/// Refuses a tensor of another rank than `axes` names, or with nothing in it.
/// @param who the layer, as it is called in messages
/// @param what the argument
/// @param axes the names of the axes, such as "(N, C_in, H_in, W_in)"
template <class T>
void expect_rank(std::string_view who, std::string_view what, const Tensor<T>& tensor,
                 std::size_t rank, std::string_view axes) {
    const Shape shape = shape_of(tensor);
    if (shape.size() != rank)
        throw ShapeError(fmt::format("{}: {} has {} axes {}, it must have {}: {}", who, what,
                                     shape.size(), text(shape), rank, axes));
    if (tensor.size() == 0)
        throw ShapeError(fmt::format("{}: {} {} is empty, every extent of {} must be at least 1",
                                     who, what, text(shape), axes));
}

/// Refuses a z with too few axes or with nothing in it, where a layer takes any shape.
/// @param least how many axes it needs; the first counts the samples
template <class T>
void expect_batch(std::string_view who, const Tensor<T>& z, std::size_t least = 1) {
    const Shape shape = shape_of(z);
    if (shape.size() < least)
        throw ShapeError(fmt::format("{}: z has {} axes {}, it must have at least {}", who,
                                     shape.size(), text(shape), least));
    if (z.size() == 0)
        throw ShapeError(
            fmt::format("{}: z {} is empty, every extent must be at least 1", who, text(shape)));
}

/// Refuses an argument of `backward` or a target whose shape is not `expected`.
/// @param rule why it must be, such as "the shape of y"
template <class T>
void expect_shape(std::string_view who, std::string_view what, const Tensor<T>& tensor,
                  const Shape& expected, std::string_view rule) {
    if (shape_of(tensor) != expected)
        throw ShapeError(fmt::format("{}: {} is {}, it must be {}, {}", who, what,
                                     text(shape_of(tensor)), text(expected), rule));
}

/// Refuses a parameter that is not finite everywhere.
template <class T>
void expect_finite(std::string_view who, std::string_view what, const Tensor<T>& tensor) {
    for (auto position : range(tensor.size())) {
        using std::isfinite;
        const auto number = value_of(tensor.flat(position));
        if (!isfinite(number))
            throw ValueError(fmt::format("{}: {} is {} at {}, every entry must be finite", who,
                                         what, static_cast<double>(number),
                                         text(index_at(shape_of(tensor), position))));
    }
}

/// Refuses `backward(dy)` on a layer that remembers no forward pass.
/// @param remembered the shape of what forward remembers; it has no axes before the first forward
inline void expect_forward(std::string_view who, const Shape& remembered) {
    if (remembered.empty())
        throw OrderError(fmt::format(
            "{}: backward(dy) was called before forward(z), which computes what it needs", who));
}

/// Refuses `backward(dy)` on a layer that remembers no forward pass.
template <class T>
void expect_forward(std::string_view who, const Tensor<T>& remembered) {
    expect_forward(who, shape_of(remembered));
}

} // namespace handgrad
