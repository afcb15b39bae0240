// The logistic sigmoid: derivations/sigmoid.md

#include "layers/sigmoid.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_sigmoid {
namespace {

using Row = Tensor<double>;

const Subject subject{[](auto number) { return Sigmoid<decltype(number)>(); },
                      quarters({2, 3, 2}, 1), quarters({2, 3, 2}, 2)};

// y = 1 / (1 + exp(−z)): exp, sum and division, of complex numbers at worst
constexpr std::size_t roundings_of_y = elementary + 1 + complex_division;
// dz = dy y (1 − y): y twice, then subtraction and two products
constexpr std::size_t roundings = 2 * roundings_of_y + 3;

} // namespace

TEST_SUITE("sigmoid") {
    TEST_CASE("values by hand") {
        Sigmoid<double> layer;
        // exp(−ln 3) = 1/3, so y = 1 / (1 + 1/3) = 3/4, and 3/4 · 1/4 = 3/16
        const auto y = layer.forward({{0, std::log(3.0), -std::log(4.0)}});
        // ln is an elementary function; no derivative is above 1
        CHECK(
            close(y, Row{{0.5, 0.75, 0.2}}, rounding_gap<double>(roundings_of_y + elementary, 1)));
        CHECK(y(0, 0) == 0.5);
        CHECK(close(layer.backward({{8, 16, -25}}), Row{{2, 3, -4}},
                    rounding_gap<double>(roundings + elementary, 25)));
    }

    TEST_CASE("the contract") {
        check_contract(subject, "sigmoid");
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, roundings);
    }

    TEST_CASE("sigmoid(z) + sigmoid(−z) = 1") {
        Sigmoid<double> layer;
        const auto z = quarters({50}, 3);
        const auto y = layer.forward(z);
        const auto mirrored = layer.forward(combined(zeros<double>({50}), -1, z));
        for (auto i : range(z.size())) {
            CAPTURE(z(i));
            CHECK(std::abs(y(i) + mirrored(i) - 1) <=
                  rounding_bound<double>(roundings_of_y + 1, 2));
        }
    }

    TEST_CASE("it is a tanh: sigmoid(z) = (1 + tanh(z / 2)) / 2") {
        const auto z = quarters({50}, 4);
        const auto y = Sigmoid<double>().forward(z);
        for (auto i : range(z.size())) {
            CAPTURE(z(i));
            CHECK(std::abs(y(i) - (1 + std::tanh(z(i) / 2)) / 2) <=
                  rounding_gap<double>(roundings_of_y, 1));
        }
    }

    TEST_CASE("far out it is 0 or 1 and flat, where exp would overflow") {
        const double infinity = std::numeric_limits<double>::infinity();
        Sigmoid<double> layer;
        CHECK(layer.forward({{1000, -1000, infinity, -infinity}}) == Row{{1, 0, 1, 0}});
        CHECK(layer.backward({{3, 3, 3, 3}}) == Row{{0, 0, 0, 0}});

        Sigmoid<Dual<double>> dual;
        for (double far : {1000.0, -1000.0}) {
            const auto y =
                dual.forward(tensor<Dual<double>>({1, 1}, {Dual<double>::variable(far)}));
            CHECK(y(0, 0).value == (far > 0 ? 1 : 0));
            CHECK(y(0, 0).derivative[0] == 0);
        }
    }

    TEST_CASE("small probabilities keep their digits") {
        // exp(−700) is far below the spacing of numbers near 1, yet it is not lost
        Sigmoid<double> layer;
        const auto y = layer.forward(tensor({1, 1}, {-700}));
        CHECK(y(0, 0) == std::exp(-700.0));
        CHECK(layer.backward(tensor({1, 1}, {1}))(0, 0) == std::exp(-700.0));
    }

    TEST_CASE("NaN stays where it is, and shows") {
        Sigmoid<double> layer;
        const auto y = layer.forward({{std::nan(""), 0}});
        CHECK(std::isnan(y(0, 0)));
        CHECK(y(0, 1) == 0.5);
        CHECK(std::isnan(layer.backward({{1, 1}})(0, 0)));
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  Sigmoid<double>().forward(zeros<double>({2, 0}));
              }) == "sigmoid: z (2, 0) is empty, every extent must be at least 1");
        CHECK(message_of<ShapeError>([] { Sigmoid<double>().forward(zeros<double>({})); }) ==
              "sigmoid: z has 0 axes (), it must have at least 1");
    }
}

} // namespace handgrad::testing::of_sigmoid
