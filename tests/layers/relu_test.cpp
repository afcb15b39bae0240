// The rectified linear unit: derivations/relu.md

#include "layers/relu.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_relu {
namespace {

using Row = Tensor<double>;

const Subject subject{[](auto number) { return ReLU<decltype(number)>(); },
                      whole_numbers({3, 2, 4}, 1), whole_numbers({3, 2, 4}, 2)};

} // namespace

TEST_SUITE("relu") {
    TEST_CASE("values by hand") {
        ReLU<double> relu;
        CHECK(relu.forward({{2, -3, 0.5}}) == Row{{2, 0, 0.5}});
        CHECK(relu.backward({{-7, 11, 13}}) == Row{{-7, 0, 13}});
    }

    TEST_CASE("at 0 the derivative is 0") {
        ReLU<double> relu;
        CHECK(same_bits(relu.forward({{0.0, -0.0}}), Row{{0.0, 0.0}}));
        CHECK(relu.backward({{1, -1}}) == Row{{0, 0}});
        // The smallest number above 0 is above 0
        relu.forward({{5e-324, -5e-324}});
        CHECK(relu.backward({{1, 1}}) == Row{{1, 0}});
    }

    TEST_CASE("the contract") {
        check_contract(subject, "relu");
        check_linear_in_dy(subject);
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, exact);
    }

    TEST_CASE("relu(z) − relu(−z) = z and relu(z) + relu(−z) = |z|") {
        ReLU<double> relu;
        const auto& z = subject.z;
        const auto y = relu.forward(z);
        const auto mirrored = relu.forward(combined(zeros<double>(shape_of(z)), -1, z));
        CHECK(combined(y, -1, mirrored) == z);
        CHECK(combined(y, 1, mirrored) == elementwise(z, [](double z) { return std::abs(z); }));
    }

    TEST_CASE("twice is once, and scaling by a positive number passes through") {
        ReLU<double> relu;
        const auto y = relu.forward(subject.z);
        CHECK(relu.forward(y) == y);
        CHECK(relu.forward(combined(subject.z, 2, subject.z)) == combined(y, 2, y));
    }

    TEST_CASE("infinity and NaN stay what they are") {
        const double infinity = std::numeric_limits<double>::infinity();
        ReLU<double> relu;
        const auto y = relu.forward({{infinity, -infinity, std::nan("")}});
        CHECK(y(0, 0) == infinity);
        CHECK(y(0, 1) == 0);
        CHECK(std::isnan(y(0, 2)));
        CHECK(relu.backward({{1, 2, 4}}) == Row{{1, 0, 4}});
    }

    TEST_CASE("a NaN in dy does not pass where z is negative") {
        ReLU<double> relu;
        relu.forward(tensor({1, 1}, {-1}));
        CHECK(relu.backward(tensor({1, 1}, {std::nan("")})) == tensor({1, 1}, {0}));
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  ReLU<double>().forward(zeros<double>({0, 2}));
              }) == "relu: z (0, 2) is empty, every extent must be at least 1");
        CHECK(message_of<ShapeError>([] { ReLU<double>().forward(zeros<double>({})); }) ==
              "relu: z has 0 axes (), it must have at least 1");
    }
}

} // namespace handgrad::testing::of_relu
