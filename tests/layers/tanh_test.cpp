// The hyperbolic tangent: derivations/tanh.md

#include "layers/tanh.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_tanh {
namespace {

using Row = Tensor<double>;

const Subject subject{[](auto number) { return Tanh<decltype(number)>(); }, quarters({2, 3, 2}, 1),
                      quarters({2, 3, 2}, 2)};

// dz = dy (1 − y²): tanh, whose error the square doubles, then square, subtraction and product
constexpr std::size_t roundings = 2 * elementary + 3;

} // namespace

TEST_SUITE("tanh") {
    TEST_CASE("values by hand") {
        Tanh<double> layer;
        // tanh(ln 2) = (2 − 1/2) / (2 + 1/2) = 3/5, and 1 − (3/5)² = 16/25
        const auto y = layer.forward({{0, std::log(2.0), -std::log(3.0)}});
        // ln is rounded once, tanh is an elementary function; neither has a derivative above 1
        const double tolerance = rounding_gap<double>(elementary + 2, 1);
        CHECK(close(y, Row{{0, 0.6, -0.8}}, tolerance));
        CHECK(y(0, 0) == 0);
        CHECK(close(layer.backward({{5, 25, -50}}), Row{{5, 16, -18}},
                    rounding_gap<double>(roundings + 2, 50)));
    }

    TEST_CASE("values follow the exponentials of the definition") {
        const auto z = quarters({40}, 3);
        const auto y = Tanh<double>().forward(z);
        for (auto i : range(z.size())) {
            CAPTURE(z(i));
            // In long double the definition's own error does not count
            const long double up = std::exp(static_cast<long double>(z(i)));
            const auto expected = static_cast<double>((up - 1 / up) / (up + 1 / up));
            CHECK(std::abs(y(i) - expected) <= rounding_gap<double>(elementary, 1));
        }
    }

    TEST_CASE("the contract") {
        check_contract(subject, "tanh");
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, roundings);
    }

    TEST_CASE("tanh is odd, its derivative even") {
        Tanh<double> layer;
        const auto minus = [](const Row& z) { return combined(zeros<double>(shape_of(z)), -1, z); };
        const auto y = layer.forward(subject.z);
        const auto dz = layer.backward(subject.dy);
        CHECK(layer.forward(minus(subject.z)) == minus(y));
        CHECK(layer.backward(subject.dy) == dz);
    }

    TEST_CASE("far out it is 1 and flat, where exp would overflow") {
        Tanh<double> layer;
        const double infinity = std::numeric_limits<double>::infinity();
        CHECK(layer.forward({{1000, -1000, 1e308, infinity, -infinity}}) == Row{{1, -1, 1, 1, -1}});
        CHECK(layer.backward({{3, 3, 3, 3, 3}}) == Row{{0, 0, 0, 0, 0}});

        Tanh<Dual<double>> dual;
        const auto y = dual.forward(tensor<Dual<double>>({1, 1}, {Dual<double>::variable(1000)}));
        CHECK(y(0, 0).value == 1);
        CHECK(y(0, 0).derivative[0] == 0);

        Tanh<std::complex<double>> complex;
        CHECK(complex.forward(tensor<std::complex<double>>({1, 1}, {{1000, 1e-30}}))(0, 0) ==
              std::complex<double>(1, 0));
    }

    TEST_CASE("tiny arguments pass to the bit") {
        CHECK(Tanh<double>().forward({{1e-300, -1e-20, 5e-324}}) == Row{{1e-300, -1e-20, 5e-324}});
    }

    TEST_CASE("NaN stays where it is, and shows") {
        Tanh<double> layer;
        const auto y = layer.forward({{std::nan(""), 0}});
        CHECK(std::isnan(y(0, 0)));
        CHECK(y(0, 1) == 0);
        CHECK(std::isnan(layer.backward({{1, 1}})(0, 0)));
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  Tanh<double>().forward(zeros<double>({2, 0}));
              }) == "tanh: z (2, 0) is empty, every extent must be at least 1");
        CHECK(message_of<ShapeError>([] { Tanh<double>().forward(zeros<double>({})); }) ==
              "tanh: z has 0 axes (), it must have at least 1");
    }
}

} // namespace handgrad::testing::of_tanh
