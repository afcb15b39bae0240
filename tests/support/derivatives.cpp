#include "derivatives.hpp"

#include <array>
#include <complex>

namespace handgrad::testing {

namespace {

// ⟨forward(z), dy⟩ over T, after `move(entry, place, position)` has changed the entries of z
// (place 0) and of each parameter (places 1, 2, …).
template <class T, class Move>
T objective(const AnySubject& subject, Move move) {
    auto layer = subject.make<T>();
    auto z = tensor_cast<T>(subject.z);
    const auto move_all = [&](Tensor<T>& tensor, std::size_t place) {
        for (auto position : range(tensor.size()))
            move(tensor.flat(position), place, position);
    };
    move_all(z, 0);
    std::size_t place = 0;
    for (auto& parameter : layer->parameters())
        move_all(parameter.value, ++place);
    return inner(layer->forward(z), tensor_cast<T>(subject.dy));
}

// The backward pass along a random direction d of z and all parameters together, ⟨gradients, d⟩,
// is the imaginary part of f(z + i h d) / h and the derivative that a dual number carries.
void check_along_a_direction(const AnySubject& subject, std::size_t roundings) {
    auto layer = subject.make<double>();
    layer->forward(subject.z);
    const auto gradients = gradients_of<double>(*layer, subject.dy);
    std::vector<Tensor<double>> d;
    double along = 0, size_of_d = 0;
    std::size_t entries = 0;
    for (const auto& gradient : gradients) {
        d.push_back(whole_numbers(shape_of(gradient), 7 + static_cast<unsigned>(d.size())));
        along += inner(gradient, d.back());
        size_of_d += magnitude(d.back());
        entries += gradient.size();
    }
    // No derivative of the layers with roundings exceeds 1, so Σ |dy| Σ |d| is more than all terms
    const double tolerance =
        roundings == exact
            ? 0
            : rounding_gap<double>(roundings + entries, magnitude(subject.dy) * size_of_d);

    // A power of two moves only the exponent; its square is lost beside any entry
    const double h = std::ldexp(1.0, -100);
    using Complex = std::complex<double>;
    const Complex stepped =
        objective<Complex>(subject, [&](Complex& entry, std::size_t place, std::size_t position) {
            entry += Complex(0, h * d[place].flat(position));
        });
    CHECK(std::abs(stepped.imag() / h - along) <= tolerance);

    const auto moved = objective<Dual<double>>(
        subject, [&](Dual<double>& entry, std::size_t place, std::size_t position) {
            entry.derivative[0] = d[place].flat(position);
        });
    CHECK(std::abs(moved.derivative[0] - along) <= tolerance);
}

// The layer over T computes what the layer over double computes, forward and backward. Coarser is
// the one of T and double that rounds more; back takes a T to a double.
template <class T, class Coarser, class Back>
void check_number(const AnySubject& subject, std::size_t roundings, Back back) {
    auto layer = subject.make<double>();
    auto other = subject.make<T>();
    const auto compare = [&](const Tensor<double>& expected, const Tensor<T>& actual, double size) {
        auto result = zeros<double>(shape_of(actual));
        std::transform(actual.begin(), actual.end(), result.begin(), back);
        CAPTURE(expected);
        CAPTURE(result);
        CHECK(close(expected, result, rounding_gap<Coarser>(roundings, size)));
    };
    // No y of the layers with roundings exceeds 1
    compare(layer->forward(subject.z), other->forward(tensor_cast<T>(subject.z)), 1);
    const auto expected = gradients_of<double>(*layer, subject.dy);
    const auto actual = gradients_of<T>(*other, tensor_cast<T>(subject.dy));
    REQUIRE(actual.size() == expected.size());
    for (auto place : range(expected.size()))
        compare(expected[place], actual[place], magnitude(subject.dy));
}

// The layer over every number type: float, long double and complex numbers agree with double to
// within their roundings, the value of a dual number to the bit.
void check_every_number(const AnySubject& subject, std::size_t roundings) {
    const auto real = [](auto number) { return static_cast<double>(value_of(number)); };
    {
        INFO("float");
        check_number<float, float>(subject, roundings, real);
    }
    {
        INFO("long double");
        check_number<long double, double>(subject, roundings, real);
    }
    {
        INFO("complex");
        check_number<std::complex<double>, double>(subject, roundings, real);
    }
    {
        INFO("dual");
        check_number<Dual<double>, double>(subject, exact, real);
        check_number<Dual<double, 4>, double>(subject, exact, real);
    }
}

} // namespace

void check_every_entry(const AnySubject& subject, std::size_t roundings) {
    auto layer = subject.make<double>();
    layer->forward(subject.z);
    const auto gradients = gradients_of<double>(*layer, subject.dy);
    // No derivative of the layers with roundings exceeds 1, so Σ |dy| is more than all terms
    const double tolerance = rounding_gap<double>(roundings, magnitude(subject.dy));

    constexpr std::size_t directions = 4;
    using Moving = Dual<double, directions>;
    for (auto place : range(gradients.size()))
        for (std::size_t first = 0; first < gradients[place].size(); first += directions) {
            const auto y = objective<Moving>(
                subject, [&](Moving& entry, std::size_t at, std::size_t position) {
                    if (at == place && position >= first && position < first + directions)
                        entry.derivative[position - first] = 1;
                });
            for (auto direction : range(std::min(directions, gradients[place].size() - first))) {
                CAPTURE(place);
                CAPTURE(index_at(shape_of(gradients[place]), first + direction));
                CHECK(std::abs(y.derivative[direction] -
                               gradients[place].flat(first + direction)) <= tolerance);
            }
        }
}

void check_derivatives(const AnySubject& subject, std::size_t roundings) {
    check_along_a_direction(subject, roundings);
    check_every_entry(subject, roundings);
    check_every_number(subject, roundings);
}

} // namespace handgrad::testing
