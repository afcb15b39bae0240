// Softmax over the last axis: derivations/softmax.md

#include "layers/softmax.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_softmax {
namespace {

using Row = Tensor<double>;

constexpr std::size_t K = 4;

const Subject subject{[](auto number) { return Softmax<decltype(number)>(); },
                      quarters({2, 3, K}, 1), quarters({2, 3, K}, 2)};

// y(a) = exp(z(a) − max) / Σ_b exp(z(b) − max): exp above and below, K sums, and the division, of
// complex numbers at worst; the differences of quarters are exact
constexpr std::size_t roundings_of_y = 2 * elementary + K + complex_division;
// dz(a) = y(a) (dy(a) − Σ_b dy(b) y(b)): y twice, K products and sums, a difference, a product;
// twice, for the bracket holds two terms as large as dy
constexpr std::size_t roundings = 2 * (2 * roundings_of_y + 2 * K + 2);

} // namespace

TEST_SUITE("softmax") {
    TEST_CASE("values by hand") {
        Softmax<double> softmax;
        // exp gives 1, 2, 5, so y = 1/8, 2/8, 5/8
        const auto y = softmax.forward({{0, std::log(2.0), std::log(5.0)}});
        // The logarithms are elementary functions, too; the largest is ln 5 < 2
        CHECK(close(y, Row{{0.125, 0.25, 0.625}},
                    rounding_gap<double>(roundings_of_y + elementary, 2)));
        // Σ dy y = (8 − 2·8·2 + 0) / 8 = −3, so dz = 1/8 · 11, 2/8 · (−13), 5/8 · 3
        CHECK(close(softmax.backward({{8, -16, 0}}), Row{{1.375, -3.25, 1.875}},
                    rounding_gap<double>(roundings + elementary, 2 * 24)));
    }

    TEST_CASE("equal scores share alike, to the bit") {
        CHECK(Softmax<double>().forward(filled<double>({2, 4}, 123)) ==
              filled<double>({2, 4}, 0.25));
    }

    TEST_CASE("one class is certain, and nothing can be learnt") {
        Softmax<double> softmax;
        CHECK(softmax.forward(tensor({2, 1}, {-7, 3})) == tensor({2, 1}, {1, 1}));
        CHECK(softmax.backward(tensor({2, 1}, {5, -2})) == tensor({2, 1}, {0, 0}));
    }

    TEST_CASE("the contract") {
        check_contract(subject, "softmax");
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, roundings);
    }

    TEST_CASE("every row sums to 1, every row of dz to 0") {
        auto softmax = subject.make(double());
        const auto y = softmax.forward(subject.z);
        const auto dz = softmax.backward(subject.dy);
        for (auto i : range(y.shape(0)))
            for (auto j : range(y.shape(1))) {
                double sum = 0, dsum = 0, size = 0;
                for (auto a : range(K)) {
                    sum += y(i, j, a);
                    dsum += dz(i, j, a);
                    size += std::abs(subject.dy(i, j, a));
                }
                CHECK(std::abs(sum - 1) <= rounding_bound<double>(roundings_of_y + K, 1));
                CHECK(std::abs(dsum) <= rounding_bound<double>(roundings + K, size));
            }
    }

    TEST_CASE("adding one number to every score of a row changes nothing, to the bit") {
        // Quarters and 1024 add up without rounding
        auto softmax = subject.make(double());
        const auto y = softmax.forward(subject.z);
        const auto shift = filled<double>(shape_of(subject.z), 1024);
        CHECK(same_bits(softmax.forward(combined(subject.z, 1, shift)), y));
    }

    TEST_CASE("adding one number to every dy of a row changes dz by rounding alone") {
        auto softmax = subject.make(double());
        softmax.forward(subject.z);
        const auto dz = softmax.backward(subject.dy);
        const auto shifted = combined(subject.dy, 1, filled<double>(shape_of(subject.dy), 2));
        CHECK(
            close(softmax.backward(shifted), dz, rounding_gap<double>(roundings, K * (2.25 + 2))));
    }

    TEST_CASE("permuting the scores permutes the probabilities") {
        // Two classes: their sum does not depend on the order
        CHECK(Softmax<double>().forward({{0.25, -1.5}})(0, 0) ==
              Softmax<double>().forward({{-1.5, 0.25}})(0, 1));
    }

    TEST_CASE("large scores stay finite, where exp would overflow") {
        Softmax<double> softmax;
        CHECK(softmax.forward({{1e4, -1e4, 0}, {-1e4, -1e4, -1e4 - 800}}) ==
              Row{{1, 0, 0}, {0.5, 0.5, 0}});
        CHECK(softmax.backward({{1, 2, 3}, {4, 8, 1}}) == Row{{0, 0, 0}, {-1, 1, 0}});

        Softmax<Dual<double>> dual;
        const auto y = dual.forward({{Dual<double>::variable(1e4), Dual<double>(-1e4)}});
        CHECK(y(0, 0).derivative[0] == 0);
        CHECK(y(0, 1).derivative[0] == 0);
    }

    TEST_CASE("NaN fills its row, and no other") {
        const double nan = std::nan("");
        for (const Row& row : {Row{{nan, 1, 2}, {0, 0, 0}}, Row{{1, 2, nan}, {0, 0, 0}}}) {
            const auto y = Softmax<double>().forward(row);
            for (auto a : range(3)) {
                CHECK(std::isnan(y(0, a)));
                CHECK(y(1, a) == 1.0 / 3);
            }
        }
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  Softmax<double>().forward(Row{1, 2});
              }) == "softmax: z has 1 axes (2), it must have at least 2");
        CHECK(message_of<ShapeError>([] {
                  Softmax<double>().forward(zeros<double>({2, 0}));
              }) == "softmax: z (2, 0) is empty, every extent must be at least 1");
    }
}

} // namespace handgrad::testing::of_softmax
