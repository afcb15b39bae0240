// Cross-entropy of scores against a distribution: derivations/softmax.md

#include "losses/cross_entropy.hpp"

#include "loss.hpp"

namespace handgrad::testing::of_cross_entropy {
namespace {

constexpr std::size_t N = 3, K = 4;

const LossSubject subject{[](auto number) { return CrossEntropy<decltype(number)>(); },
                          quarters({N, K}, 1),
                          {{0, 1, 0, 0}, {0.5, 0, 0.25, 0.25}, {0, 0, 0, 1}}};

// exp above and below, K sums, and the division of complex numbers give y; target, total and the
// difference add K + 2
constexpr std::size_t roundings = 2 * elementary + K + complex_division + K + 2;

} // namespace

TEST_SUITE("cross_entropy") {
    TEST_CASE("values by hand") {
        CrossEntropy<double> loss;
        // softmax gives 1/8, 2/8, 5/8; the right class is the last: L = −ln(5/8)
        const auto L = loss.forward({{0, std::log(2.0), std::log(5.0)}}, {{0, 0, 1}});
        // Logarithms, exponentials and sums of numbers below 2
        CHECK(std::abs(L - std::log(1.6)) <= rounding_gap<double>(4 * elementary + 5, 2));
        // dz = y − target
        CHECK(close(loss.backward(), Tensor<double>{{0.125, 0.25, -0.375}},
                    rounding_gap<double>(roundings + elementary, 2)));
    }

    TEST_CASE("knowing nothing of K classes costs ln K a sample") {
        CrossEntropy<double> loss;
        const auto L = loss.forward(filled<double>({N, K}, 7), subject.target);
        CHECK(std::abs(L - N * std::log(4.0)) <=
              rounding_gap<double>(elementary + N * K + 3, N * 9));
    }

    TEST_CASE("it is −Σ target log softmax, and dz is softmax − target") {
        CrossEntropy<double> loss;
        Softmax<double> softmax;
        const auto L = loss.forward(subject.z, subject.target);
        const auto y = softmax.forward(subject.z);
        double expected = 0, size = 0;
        for (auto position : range(y.size())) {
            expected -= subject.target.flat(position) * std::log(y.flat(position));
            size += std::abs(subject.z.flat(position)) + std::log(2.0 * K);
        }
        CHECK(std::abs(L - expected) <= rounding_gap<double>(roundings + elementary + N * K, size));
        CHECK(close(loss.backward(), combined(y, -1, subject.target),
                    rounding_gap<double>(roundings, 2)));
    }

    TEST_CASE("dz is what softmax and logarithm give one after the other") {
        CrossEntropy<double> loss;
        Softmax<double> softmax;
        loss.forward(subject.z, subject.target);
        // L = −Σ target log y, so dL/dy = −target / y
        const auto y = softmax.forward(subject.z);
        const auto dy =
            elementwise(subject.target, y, [](double target, double y) { return -target / y; });
        CHECK(close(loss.backward(), softmax.backward(dy),
                    rounding_gap<double>(3 * roundings, magnitude(dy))));
    }

    TEST_CASE("a row that is no distribution keeps its derivative: y Σ target − target") {
        const LossSubject any{subject.make, subject.z, quarters({N, K}, 3)};
        check_loss_derivatives(any, roundings);
    }

    TEST_CASE("it sums over the samples, and is called again with the same answer") {
        check_loss(subject, "cross_entropy");
    }

    TEST_CASE("derivatives, over every number type") {
        check_loss_derivatives(subject, roundings);
    }

    TEST_CASE("large scores stay finite, where exp would overflow and log would be −∞") {
        CrossEntropy<double> loss;
        // Right and certain costs nothing; wrong and certain costs the distance of the scores
        CHECK(loss.forward({{1e4, -1e4}}, {{1, 0}}) == 0);
        CHECK(loss.backward() == Tensor<double>{{0, 0}});
        CHECK(loss.forward({{1e4, -1e4}}, {{0, 1}}) == 2e4);
        CHECK(loss.backward() == Tensor<double>{{1, -1}});
    }

    TEST_CASE("shapes that do not fit are refused") {
        CrossEntropy<double> loss;
        CHECK(message_of<ShapeError>([&] {
                  loss.forward({{1, 2}}, {{1, 2, 3}});
              }) == "cross_entropy: target is (1, 3), it must be (1, 2), the shape of z");
        CHECK(message_of<ShapeError>([&] {
                  loss.forward({1, 2}, {1, 2});
              }) == "cross_entropy: z has 1 axes (2), it must have 2: (N, K)");
        CHECK(message_of<ShapeError>([&] {
                  loss.forward(zeros<double>({1, 0}), zeros<double>({1, 0}));
              }) == "cross_entropy: z (1, 0) is empty, every extent of (N, K) must be at least 1");
    }

    TEST_CASE("NaN shows") {
        CrossEntropy<double> loss;
        CHECK(std::isnan(loss.forward({{1, std::nan("")}}, {{1, 0}})));
    }
}

} // namespace handgrad::testing::of_cross_entropy
