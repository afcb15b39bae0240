#pragma once

/// @file
/// What every test program includes: doctest, and tensors that print themselves when a check fails.

#include "tensor.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace doctest {

template <class T>
struct StringMaker<xt::xarray<T, xt::layout_type::row_major>> {
    static String convert(const handgrad::Tensor<T>& tensor) {
        std::ostringstream words;
        words << "tensor " << handgrad::text(tensor.shape()) << " {";
        for (auto position : handgrad::range(tensor.size()))
            words << (position ? ", " : "") << tensor.flat(position);
        words << "}";
        return words.str().c_str();
    }
};

} // namespace doctest

namespace handgrad::testing {

/// A tensor of the given shape with the given entries, in row-major order. It says what braces
/// cannot: `Tensor<double>{{1}}` is ambiguous to the compiler.
template <class T = double>
Tensor<T> tensor(const Shape& shape, const std::vector<T>& entries) {
    auto result = zeros<T>({entries.size()});
    std::copy(entries.begin(), entries.end(), result.begin());
    return reshaped(result, shape);
}

/// Do the tensors have one shape and agree in every entry to within `tolerance`?
template <class T>
bool close(const Tensor<T>& a, const Tensor<T>& b, double tolerance) {
    if (shape_of(a) != shape_of(b))
        return false;
    for (auto position : range(a.size()))
        if (!(std::abs(a.flat(position) - b.flat(position)) <= tolerance))
            return false;
    return true;
}

/// The first line of what `call` throws as an `E`, or a sentence saying that it threw nothing or
/// something else.
template <class E, class Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const E& error) {
        return error.what();
    } catch (const std::exception& error) {
        return std::string("threw something else: ") + error.what();
    }
    return "threw nothing";
}

} // namespace handgrad::testing
