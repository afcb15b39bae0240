// From images to vectors: derivations/flatten.md

#include "layers/flatten.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_flatten {
namespace {

const auto make = [](auto number) { return Flatten<decltype(number)>(); };
const Subject subject{make, whole_numbers({2, 3, 2, 2}, 1), whole_numbers({2, 12}, 2)};

} // namespace

TEST_SUITE("flatten") {
    TEST_CASE("values by hand") {
        Flatten<double> flatten;
        CHECK(flatten.forward({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}) ==
              Tensor<double>{{1, 2, 3, 4}, {5, 6, 7, 8}});
        CHECK(flatten.backward({{8, 7, 6, 5}, {4, 3, 2, 1}}) ==
              Tensor<double>{{{8, 7}, {6, 5}}, {{4, 3}, {2, 1}}});
    }

    TEST_CASE("entry (i, k, h, w) goes to (i, (k H + h) W + w)") {
        const auto y = Flatten<double>().forward(subject.z);
        for (auto position : range(subject.z.size())) {
            const auto at = index_at(shape_of(subject.z), position);
            CHECK(y(at[0], (at[1] * 2 + at[2]) * 2 + at[3]) == subject.z.flat(position));
        }
    }

    TEST_CASE("numbers alone become vectors of one, vectors stay") {
        Flatten<double> flatten;
        CHECK(flatten.forward({1, 2, 3}) == tensor({3, 1}, {1, 2, 3}));
        CHECK(flatten.backward(tensor({3, 1}, {4, 5, 6})) == Tensor<double>{4, 5, 6});
        CHECK(flatten.forward({{1, 2, 3}}) == Tensor<double>{{1, 2, 3}});
    }

    TEST_CASE("backward undoes forward") {
        Flatten<double> flatten;
        CHECK(flatten.backward(flatten.forward(subject.z)) == subject.z);
    }

    TEST_CASE("the contract") {
        check_contract(subject, "flatten");
        check_linear_in_dy(subject);
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, exact);
    }

    TEST_CASE("NaN and infinity pass to the bit") {
        const Tensor<double> z = {{{std::nan(""), -0.0}, {INFINITY, 1}}};
        Flatten<double> flatten;
        CHECK(same_bits(flatten.backward(flatten.forward(z)), z));
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  Flatten<double>().forward(zeros<double>({2, 0, 3}));
              }) == "flatten: z (2, 0, 3) is empty, every extent must be at least 1");
        CHECK(message_of<ShapeError>([] { Flatten<double>().forward(zeros<double>({})); }) ==
              "flatten: z has 0 axes (), it must have at least 1");
    }
}

} // namespace handgrad::testing::of_flatten
