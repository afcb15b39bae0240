#pragma once

/// @file
/// What the tests of the losses share: a loss is a layer with one more argument and one number as
/// its output.

#include "derivatives.hpp"

namespace handgrad::testing {

/// A loss under test: how to make it for a number type, and a z and target that fit it.
template <class Make>
struct LossSubject {
    Make make;             ///< make(double()) is the loss over double
    Tensor<double> z;      ///< at least two samples
    Tensor<double> target; ///< the shape of z
};

template <class Make>
LossSubject(Make, Tensor<double>, Tensor<double>) -> LossSubject<Make>;

/// The contract: the same answer again, arguments unchanged, a sum over the samples with the stack
/// of their gradients, and no backward before forward.
template <class Make>
void check_loss(const LossSubject<Make>& subject, std::string_view who) {
    auto loss = subject.make(double());
    CHECK(message_of<OrderError>([&] { loss.backward(); }) ==
          fmt::format("{}: backward(dy) was called before forward(z), which computes what it needs",
                      who));

    const auto z = subject.z, target = subject.target;
    const auto L = loss.forward(z, target);
    const auto dz = loss.backward();
    CHECK(same_bits(z, subject.z));
    CHECK(same_bits(target, subject.target));
    CHECK(same_bits(loss.backward(), dz));
    loss.forward(combined(z, 1, z), target);
    CHECK(loss.forward(z, target) == L);
    CHECK(same_bits(loss.backward(), dz));

    double sum = 0, size = 0;
    for (auto i : range(z.shape(0))) {
        auto alone = subject.make(double());
        const double L_alone = alone.forward(sample(z, i), sample(target, i));
        sum += L_alone;
        size += L_alone;
        CHECK(same_bits(alone.backward(), sample(dz, i)));
    }
    // The entries are added in another grouping; none of these losses is negative
    CHECK(std::abs(sum - L) <= rounding_gap<double>(z.size(), size));
}

/// Every entry of dz against dual numbers and the complex step, and the loss over every number
/// type.
/// @param roundings on the way to an entry of dz; `exact` where there are none
template <class Make>
void check_loss_derivatives(const LossSubject<Make>& subject, std::size_t roundings) {
    auto loss = subject.make(double());
    const auto L = loss.forward(subject.z, subject.target);
    const auto dz = loss.backward();
    const double size = magnitude(subject.target) + 1;
    const double tolerance = rounding_gap<double>(roundings, size);

    using Complex = std::complex<double>;
    // A power of two moves only the exponent; its square is lost beside any entry
    const double h = std::ldexp(1.0, -100);
    for (auto position : range(dz.size())) {
        CAPTURE(index_at(shape_of(dz), position));
        auto moved = tensor_cast<Dual<double>>(subject.z);
        moved.flat(position).derivative[0] = 1;
        auto dual = subject.make(Dual<double>());
        const auto y = dual.forward(moved, tensor_cast<Dual<double>>(subject.target));
        CHECK(y.value == L);
        // The loss sums the whole batch, one rounding an entry
        const double summed =
            roundings == exact ? 0 : rounding_gap<double>(roundings + 4 * dz.size(), size);
        CHECK(std::abs(y.derivative[0] - dz.flat(position)) <= summed);

        auto stepped = tensor_cast<Complex>(subject.z);
        stepped.flat(position) += Complex(0, h);
        auto complex = subject.make(Complex());
        const auto L_stepped = complex.forward(stepped, tensor_cast<Complex>(subject.target));
        CHECK(std::abs(L_stepped.imag() / h - dz.flat(position)) <= summed);
    }

    auto single = subject.make(float());
    single.forward(tensor_cast<float>(subject.z), tensor_cast<float>(subject.target));
    CHECK(close(handgrad::tensor_cast<double>(single.backward()), dz,
                rounding_gap<float>(roundings, size)));
    using Wide = long double;
    auto wide = subject.make(Wide());
    wide.forward(tensor_cast<Wide>(subject.z), tensor_cast<Wide>(subject.target));
    CHECK(close(handgrad::tensor_cast<double>(wide.backward()), dz, tolerance));
}

} // namespace handgrad::testing
