// The linear layer: derivations/linear.md

#include "layers/linear.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_linear {
namespace {

// N = 3, d_in = 4, d_out = 2
const Subject subject{[](auto number) {
                          using T = decltype(number);
                          return Linear<T>(tensor_cast<T>(whole_numbers({2, 4}, 1)),
                                           tensor_cast<T>(whole_numbers({2}, 2)));
                      },
                      whole_numbers({3, 4}, 3), whole_numbers({3, 2}, 4)};

Linear<double> ones(std::size_t d_out, std::size_t d_in) {
    return {filled<double>({d_out, d_in}, 1), filled<double>({d_out}, 1)};
}

} // namespace

TEST_SUITE("linear") {
    TEST_CASE("values by hand") {
        Linear<double> linear({{1, 2, 3}, {-1, 0, 4}}, {10, 20});
        // 1·1 + 2·0 + 3·(−2) + 10 = 5,  −1·1 + 0·0 + 4·(−2) + 20 = 11
        CHECK(linear.forward({{1, 0, -2}}) == Tensor<double>{{5, 11}});
        // 2·1 + 3·(−1) = −1,  2·2 + 3·0 = 4,  2·3 + 3·4 = 18
        CHECK(linear.backward({{2, 3}}) == Tensor<double>{{-1, 4, 18}});
        CHECK(linear.dweight == Tensor<double>{{2, 0, -4}, {3, 0, -6}});
        CHECK(linear.dbias == Tensor<double>{2, 3});
    }

    TEST_CASE("gradients of a batch are sums over its samples, by hand") {
        Linear<double> linear(tensor({1, 1}, {3}), tensor({1}, {0}));
        linear.forward(tensor({3, 1}, {1, 2, -5}));
        CHECK(linear.backward(tensor({3, 1}, {1, 10, 100})) == tensor({3, 1}, {3, 30, 300}));
        CHECK(linear.dweight == tensor({1, 1}, {1 + 20 - 500}));
        CHECK(linear.dbias == tensor({1}, {111}));
    }

    TEST_CASE("the identity matrix changes nothing") {
        Linear<double> linear({{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {0, 0, 0});
        const auto z = whole_numbers({2, 3}, 5);
        CHECK(linear.forward(z) == z);
        CHECK(linear.backward(z) == z);
    }

    TEST_CASE("the contract") {
        check_contract(subject, "linear");
        check_linear_in_dy(subject);
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, exact);
    }

    TEST_CASE("backward is the adjoint: ⟨weight z, dy⟩ = ⟨z, dz⟩ without bias") {
        auto linear = subject.make(double());
        linear.bias.fill(0);
        const auto y = linear.forward(subject.z);
        CHECK(inner(y, subject.dy) == inner(subject.z, linear.backward(subject.dy)));
        // The same sum ordered by weights
        CHECK(inner(linear.weight, linear.dweight) == inner(y, subject.dy));
    }

    TEST_CASE("forward is linear in z and in the weight, without bias") {
        auto linear = subject.make(double());
        linear.bias.fill(0);
        const auto a = subject.z, b = whole_numbers(shape_of(a), 6);
        const auto y = linear.forward(a);
        CHECK(linear.forward(combined(a, -3, b)) == combined(y, -3, linear.forward(b)));

        const auto weight = linear.weight, other = whole_numbers({2, 4}, 7);
        linear.weight = other;
        const auto y_other = linear.forward(a);
        linear.weight = combined(weight, 5, other);
        CHECK(linear.forward(a) == combined(y, 5, y_other));
    }

    TEST_CASE("parameters are reached by name") {
        auto linear = ones(2, 3);
        auto weight = parameter<double>(linear, "weight");
        CHECK(&weight.value == &linear.weight);
        CHECK(&weight.gradient == &linear.dweight);
        CHECK(&parameter<double>(linear, "bias").value == &linear.bias);
        CHECK(&parameter<double>(linear, "bias").gradient == &linear.dbias);
        CHECK(message_of<NameError>([&] { parameter<double>(linear, "Weight"); }) ==
              "there is no parameter \"Weight\"; the layer has weight, bias");
    }

    TEST_CASE("shapes that do not fit are refused") {
        using Z = Tensor<double>;
        CHECK(message_of<ShapeError>([] {
                  ones(2, 3).forward(Z{{1, 2}});
              }) == "linear: z has d_in = 2 (1, 2), weight expects 3 (2, 3)");
        CHECK(message_of<ShapeError>([] {
                  ones(2, 3).forward(Z{1, 2, 3});
              }) == "linear: z has 1 axes (3), it must have 2: (N, d_in)");
        CHECK(message_of<ShapeError>([] {
                  ones(2, 3).forward(zeros<double>({0, 3}));
              }) == "linear: z (0, 3) is empty, every extent of (N, d_in) must be at least 1");
        CHECK(message_of<ShapeError>([] {
                  Linear<double>(Z{1, 2}, tensor({1}, {1}));
              }) == "linear: weight has 1 axes (2), it must have 2: (d_out, d_in)");
        CHECK(message_of<ShapeError>([] {
                  Linear<double>(zeros<double>({2, 0}), Z{1, 2});
              }) ==
              "linear: weight (2, 0) is empty, every extent of (d_out, d_in) must be at least 1");
        CHECK(message_of<ShapeError>([] {
                  Linear<double>(Z{{1, 2, 3}}, Z{1, 2});
              }) ==
              "linear: bias is (2), it must be (1), one number for each of the d_out = 1 rows of "
              "weight (1, 3)");
    }

    TEST_CASE("parameters that are not finite are refused") {
        const double infinity = std::numeric_limits<double>::infinity();
        CHECK(message_of<ValueError>([&] {
                  Linear<double>({{1, 2}, {3, infinity}}, {0, 0});
              }) == "linear: weight is inf at (1, 1), every entry must be finite");
        CHECK(message_of<ValueError>([&] {
                  Linear<double>({{1, 2}}, tensor({1}, {-infinity}));
              }) == "linear: bias is -inf at (0), every entry must be finite");
    }

    TEST_CASE("NaN in z stays in its sample, and shows") {
        auto linear = ones(1, 2);
        const auto y = linear.forward({{1, std::nan("")}, {3, 4}});
        CHECK(std::isnan(y(0, 0)));
        CHECK(y(1, 0) == 8);
    }
}

} // namespace handgrad::testing::of_linear
