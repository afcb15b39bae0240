#pragma once

/// @file
/// The tensor that every layer takes and returns, and the few things that are said of its shape.

#include "errors.hpp"

#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xarray.hpp>
#else
#include <xtensor/xarray.hpp>
#endif

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handgrad {

/// An array of any rank, stored row-major: the last index runs fastest. Images are
/// (N, C, H, W), convolution weights (C_out, C_in, k_H, k_W), linear weights (d_out, d_in).
template <class T>
using Tensor = xt::xarray<T, xt::layout_type::row_major>;

/// The extent of a tensor along each axis, first axis first.
using Shape = std::vector<std::size_t>;

/// The whole numbers 0, 1, …, size − 1, for `for (auto h : range(H_out))`.
class Range {
public:
    /// One position in the range.
    class Iterator {
    public:
        constexpr explicit Iterator(std::size_t position) : position_(position) {}
        constexpr std::size_t operator*() const { return position_; }
        constexpr Iterator& operator++() {
            ++position_;
            return *this;
        }
        constexpr bool operator!=(const Iterator& other) const {
            return position_ != other.position_;
        }

    private:
        std::size_t position_;
    };

    constexpr explicit Range(std::size_t size) : size_(size) {} ///< `size` numbers
    constexpr Iterator begin() const { return Iterator(0); }    ///< at 0
    constexpr Iterator end() const { return Iterator(size_); }  ///< after the last

private:
    std::size_t size_;
};

/// The whole numbers 0, 1, …, `size` − 1.
constexpr Range range(std::size_t size) {
    return Range(size);
}

/// The shape of `tensor`, as a vector that can be compared and kept.
template <class T>
Shape shape_of(const Tensor<T>& tensor) {
    return Shape(tensor.shape().begin(), tensor.shape().end());
}

/// A shape or an index as it stands in a sentence: `(2, 3, 8, 8)`, `(4)`, `()`.
template <class Numbers>
std::string text(const Numbers& numbers) {
    std::string words = "(";
    for (auto number : numbers)
        words += (words.size() > 1 ? ", " : "") + fmt::format("{}", number);
    return words + ")";
}

/// A tensor of the given shape, every entry 0.
template <class T>
Tensor<T> zeros(const Shape& shape) {
    return Tensor<T>(typename Tensor<T>::shape_type(shape.begin(), shape.end()), T(0));
}

/// A tensor of the given shape, every entry `value`.
template <class T>
Tensor<T> filled(const Shape& shape, const T& value) {
    return Tensor<T>(typename Tensor<T>::shape_type(shape.begin(), shape.end()), value);
}

/// The entries of `tensor`, in the same row-major order, under another shape of the same size.
template <class T>
Tensor<T> reshaped(Tensor<T> tensor, const Shape& shape) {
    tensor.reshape(typename Tensor<T>::shape_type(shape.begin(), shape.end()));
    return tensor;
}

/// The entries of a tensor whose rank is known beforehand, for loops that visit many of them: an
/// index costs a product and a sum an axis, where the tensor itself looks at its rank each time.
///
/// It refers to the tensor, which must outlive it and keep its shape. Indices are not checked.
template <std::size_t rank, class T>
class Entries {
public:
    /// @param first the entry at index 0, …, 0
    /// @param shape of the tensor: `rank` extents
    template <class Extents>
    Entries(T* first, const Extents& shape) : first_(first) {
        std::copy_n(shape.begin(), rank, shape_.begin());
    }

    /// The entry at an index, one number an axis.
    template <class... Index>
    requires(sizeof...(Index) == rank) T& operator()(Index... index) const {
        std::size_t position = 0, axis = 0;
        ((position = position * shape_[axis++] + index), ...);
        return first_[position];
    }

private:
    T* first_;
    std::array<std::size_t, rank> shape_;
};

/// The entries of `tensor`, which has `rank` axes.
template <std::size_t rank, class T>
Entries<rank, T> entries(Tensor<T>& tensor) {
    return {tensor.data(), tensor.shape()};
}

/// The same tensor in another number type.
template <class To, class From>
Tensor<To> tensor_cast(const Tensor<From>& tensor) {
    auto result = zeros<To>(shape_of(tensor));
    std::transform(tensor.begin(), tensor.end(), result.begin(),
                   [](const From& entry) { return To(entry); });
    return result;
}

/// Applies `function` to every entry of `a`.
template <class T, class Function>
Tensor<T> elementwise(const Tensor<T>& a, Function function) {
    auto result = zeros<T>(shape_of(a));
    std::transform(a.begin(), a.end(), result.begin(), function);
    return result;
}

/// Applies `function` to every pair of entries of `a` and `b`, which have one shape.
template <class T, class Function>
Tensor<T> elementwise(const Tensor<T>& a, const Tensor<T>& b, Function function) {
    auto result = zeros<T>(shape_of(a));
    std::transform(a.begin(), a.end(), b.begin(), result.begin(), function);
    return result;
}

/// Where the entry at row-major position `position` stands, one number an axis.
inline std::vector<std::size_t> index_at(const Shape& shape, std::size_t position) {
    std::vector<std::size_t> index(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
        index[axis] = position % shape[axis];
    return index;
}

} // namespace handgrad
