// Half the squared error: derivations/chain_rule.md

#include "losses/squared_error.hpp"

#include "loss.hpp"

namespace handgrad::testing::of_squared_error {
namespace {

const LossSubject subject{[](auto number) { return SquaredError<decltype(number)>(); },
                          whole_numbers({3, 2, 2}, 1), whole_numbers({3, 2, 2}, 2)};

} // namespace

TEST_SUITE("squared_error") {
    TEST_CASE("values by hand") {
        SquaredError<double> loss;
        // ½ (2² + (−3)² + 0² + 1²) = 7
        CHECK(loss.forward({{3, 1}, {5, 0}}, {{1, 4}, {5, -1}}) == 7);
        CHECK(loss.backward() == Tensor<double>{{2, -3}, {0, 1}});
    }

    TEST_CASE("nothing is lost where z is the target") {
        SquaredError<double> loss;
        CHECK(loss.forward(subject.z, subject.z) == 0);
        CHECK(loss.backward() == zeros<double>(shape_of(subject.z)));
    }

    TEST_CASE("z and target may be exchanged: the same loss, the opposite gradient") {
        SquaredError<double> loss;
        const auto L = loss.forward(subject.z, subject.target);
        const auto dz = loss.backward();
        CHECK(loss.forward(subject.target, subject.z) == L);
        CHECK(loss.backward() == combined(zeros<double>(shape_of(dz)), -1, dz));
    }

    TEST_CASE("it sums over the samples, and is called again with the same answer") {
        check_loss(subject, "squared_error");
    }

    TEST_CASE("derivatives, over every number type") {
        check_loss_derivatives(subject, exact);
    }

    TEST_CASE("shapes that do not fit are refused") {
        SquaredError<double> loss;
        CHECK(message_of<ShapeError>([&] {
                  loss.forward({{1, 2}}, {1, 2});
              }) == "squared_error: target is (2), it must be (1, 2), the shape of z");
        CHECK(message_of<ShapeError>([&] {
                  loss.forward(zeros<double>({0, 2}), zeros<double>({0, 2}));
              }) == "squared_error: z (0, 2) is empty, every extent must be at least 1");
        CHECK(message_of<ShapeError>([&] { loss.forward(tensor({}, {1}), tensor({}, {1})); }) ==
              "squared_error: z has 0 axes (), it must have at least 1");
    }

    TEST_CASE("NaN shows in the loss and in its entry") {
        SquaredError<double> loss;
        CHECK(std::isnan(loss.forward({{1, std::nan("")}}, {{1, 1}})));
        CHECK(loss.backward()(0, 0) == 0);
        CHECK(std::isnan(loss.backward()(0, 1)));
    }
}

} // namespace handgrad::testing::of_squared_error
