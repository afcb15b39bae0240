// The tensor and what is said of its shape

#include "tensor.hpp"

#include "random.hpp"
#include "testing.hpp"

#include <complex>
#include <set>

namespace handgrad::testing::of_tensor {

TEST_SUITE("tensor") {
    TEST_CASE("a range counts from 0 to below its size") {
        std::vector<std::size_t> seen;
        for (auto i : range(3))
            seen.push_back(i);
        CHECK(seen == std::vector<std::size_t>{0, 1, 2});
        for ([[maybe_unused]] auto i : range(0))
            FAIL("an empty range has no number");
    }

    TEST_CASE("shapes and indices as text") {
        CHECK(text(Shape{2, 3, 8, 8}) == "(2, 3, 8, 8)");
        CHECK(text(Shape{4}) == "(4)");
        CHECK(text(Shape{}) == "()");
        CHECK(text(std::array{-1, 10}) == "(-1, 10)");
    }

    TEST_CASE("zeros and filled") {
        CHECK(zeros<double>({2, 2}) == Tensor<double>{{0, 0}, {0, 0}});
        CHECK(filled<float>({3}, 1.5f) == Tensor<float>{1.5f, 1.5f, 1.5f});
        CHECK(shape_of(zeros<double>({})) == Shape{});
        CHECK(zeros<double>({}).size() == 1);
        CHECK(zeros<double>({2, 0}).size() == 0);
    }

    TEST_CASE("the last index runs fastest") {
        const Tensor<double> a = {{1, 2, 3}, {4, 5, 6}};
        for (auto position : range(a.size()))
            CHECK(a.flat(position) == static_cast<double>(position + 1));
        CHECK(reshaped(a, {3, 2}) == Tensor<double>{{1, 2}, {3, 4}, {5, 6}});
    }

    TEST_CASE("index_at finds the entry at a position") {
        const Shape shape = {2, 3, 4};
        CHECK(index_at(shape, 0) == Shape{0, 0, 0});
        CHECK(index_at(shape, 23) == Shape{1, 2, 3});
        for (auto position : range(24)) {
            const auto at = index_at(shape, position);
            CHECK((at[0] * 3 + at[1]) * 4 + at[2] == position);
        }
        CHECK(index_at({}, 0) == Shape{});
    }

    TEST_CASE("cast keeps the numbers") {
        CHECK(tensor_cast<float>(Tensor<double>{{0.5, -2}}) == Tensor<float>{{0.5f, -2}});
        CHECK(tensor_cast<double>(Tensor<float>{0.1f})(0) == static_cast<double>(0.1f));
        using Complex = std::complex<double>;
        CHECK(tensor_cast<Complex>(Tensor<double>{3})(0) == Complex(3, 0));
    }

    TEST_CASE("elementwise, of one tensor and of two") {
        const Tensor<double> a = {{1, 2}, {3, 4}}, b = {{10, 20}, {30, 40}};
        CHECK(elementwise(a, [](double a) { return a * a; }) == Tensor<double>{{1, 4}, {9, 16}});
        CHECK(elementwise(b, a, [](double b, double a) { return b - a; }) ==
              Tensor<double>{{9, 18}, {27, 36}});
    }

    TEST_CASE("random tensors are the same everywhere, readable, and never 0") {
        CHECK(whole_numbers({4}, 1) == Tensor<double>{-5, 1, -8, -3});
        CHECK(whole_numbers({2, 50}, 1) != whole_numbers({2, 50}, 2));
        std::set<double> seen;
        for (double number : whole_numbers({1000}, 3))
            seen.insert(number);
        CHECK(seen.size() == 18);
        CHECK(*seen.begin() == -9);
        CHECK(*seen.rbegin() == 9);
        CHECK(seen.count(0) == 0);
        for (double number : quarters({100}, 4))
            CHECK(number * 4 == std::round(number * 4));
    }

    TEST_CASE("close compares shapes and every entry, and NaN is close to nothing") {
        const Tensor<double> a = {{1, 2}};
        CHECK(close(a, a, 0));
        CHECK(close(a, Tensor<double>{{1, 2.5}}, 0.5));
        CHECK_FALSE(close(a, Tensor<double>{{1, 2.5}}, 0.4));
        CHECK_FALSE(close(a, Tensor<double>{1, 2}, 1));
        const Tensor<double> nan = {{1, std::nan("")}};
        CHECK_FALSE(close(nan, nan, 1));
    }
}

} // namespace handgrad::testing::of_tensor
