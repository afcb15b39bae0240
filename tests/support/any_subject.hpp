#pragma once

/// @file
/// A layer under test, whatever its type: what lets the checks of it be compiled once.

#include "oracles/any_layer.hpp"
#include "scalars/dual.hpp"
#include "subject.hpp"

#include <complex>
#include <functional>
#include <memory>
#include <tuple>

namespace handgrad::testing {

/// A `Subject` over every number type that the tests need.
class AnySubject {
public:
    /// The subject with the layers that its `make` makes.
    template <class Make>
    AnySubject(const Subject<Make>& subject)
        : z(subject.z), dy(subject.dy), makers_{maker<double>(subject.make),
                                                maker<float>(subject.make),
                                                maker<long double>(subject.make),
                                                maker<std::complex<double>>(subject.make),
                                                maker<Dual<double>>(subject.make),
                                                maker<Dual<double, 4>>(subject.make)} {}

    Tensor<double> z;  ///< what forward is called with; at least two samples
    Tensor<double> dy; ///< what backward is called with

    /// The layer over `T`, a new one each time.
    template <class T>
    std::unique_ptr<AnyLayer<T>> make() const {
        return std::get<Maker<T>>(makers_)();
    }

private:
    template <class T>
    using Maker = std::function<std::unique_ptr<AnyLayer<T>>()>;

    std::tuple<Maker<double>, Maker<float>, Maker<long double>, Maker<std::complex<double>>,
               Maker<Dual<double>>, Maker<Dual<double, 4>>>
        makers_;

    template <class T, class Make>
    static Maker<T> maker(const Make& make) {
        return [make] { return any_layer<T>([&make]<class Number>() { return make(Number()); }); };
    }
};

} // namespace handgrad::testing
