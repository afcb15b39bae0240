// Max-pooling: derivations/max_pool2d.md

#include "layers/max_pool2d.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

#include <optional>

namespace handgrad::testing::of_max_pool2d {
namespace {

using Image = Tensor<double>;
const double infinity = std::numeric_limits<double>::infinity();
const double nan = std::numeric_limits<double>::quiet_NaN();

// A case of kernel, stride and padding, and the shape it is tried on
struct Case {
    const char* what;
    Shape z; // (N, C, H_in, W_in)
    MaxPool2dOptions options;
};

const std::vector<Case> cases = {
    {"windows side by side", {2, 1, 4, 4}, {}},
    {"one tap", {2, 2, 2, 3}, {{1, 1}, {1, 1}}},
    {"overlap", {2, 2, 3, 5}, {{2, 3}, {1, 1}}},
    {"overlap, stride 2", {2, 2, 7, 6}, {{3, 3}, {2, 2}}},
    {"a rest that no window reads", {2, 1, 5, 5}, {{2, 2}, {3, 3}}},
    {"window as large as z", {2, 3, 3, 2}, {{3, 2}, {1, 1}}},
    {"padding that differs a side", {2, 2, 3, 3}, {{3, 2}, {1, 2}, Sides{2, 1, 0, 1}}},
    {"padding with zeros", {2, 2, 3, 3}, {{3, 2}, {1, 2}, Sides{2, 1, 1, 1}, PaddingValue::Zero}},
    {"Same", {2, 2, 5, 4}, {{3, 2}, {2, 1}, Same{}}},
    {"Same with zeros", {2, 2, 5, 4}, {{3, 2}, {1, 3}, Same{}, PaddingValue::Zero}},
};

auto subject_of(const Case& one) {
    const auto make = [options = one.options](auto number) {
        return MaxPool2d<decltype(number)>(options);
    };
    const auto z = whole_numbers(one.z, 3);
    const auto y = make(double()).forward(z);
    return Subject{make, z, whole_numbers(shape_of(y), 4)};
}

// How many rows (axis 0) or columns (axis 1) stand before the first of z
long padding_before(const Case& one, std::size_t axis) {
    if (const auto* sides = std::get_if<Sides>(&one.options.padding))
        return static_cast<long>(axis == 0 ? sides->top : sides->left);
    if (std::holds_alternative<Valid>(one.options.padding))
        return 0;
    const double size = static_cast<double>(one.z[2 + axis]);
    const double stride = static_cast<double>(one.options.stride[axis]);
    const double missing = (std::ceil(size / stride) - 1) * stride +
                           static_cast<double>(one.options.kernel[axis]) - size;
    return static_cast<long>(std::floor(std::max(missing, 0.0) / 2));
}

// What the definition says of one window: its maximum and where in z it stands, if it is in z
struct Winner {
    double value;
    std::optional<std::size_t> position;
};

Winner winner(const Case& one, const Image& z, const Shape& out) {
    // List what the window holds, in row-major order
    std::vector<Winner> held;
    for (auto m : range(one.options.kernel[0]))
        for (auto n : range(one.options.kernel[1])) {
            const long p =
                static_cast<long>(one.options.stride[0] * out[2] + m) - padding_before(one, 0);
            const long q =
                static_cast<long>(one.options.stride[1] * out[3] + n) - padding_before(one, 1);
            if (p >= 0 && q >= 0 && p < static_cast<long>(one.z[2]) &&
                q < static_cast<long>(one.z[3])) {
                const auto position =
                    ((out[0] * one.z[1] + out[1]) * one.z[2] + static_cast<std::size_t>(p)) *
                        one.z[3] +
                    static_cast<std::size_t>(q);
                held.push_back({z.flat(position), position});
            } else if (one.options.padding_value == PaddingValue::Zero)
                held.push_back({0, {}});
        }
    // max_element returns the first of equal ones
    return *std::max_element(held.begin(), held.end(),
                             [](const Winner& a, const Winner& b) { return a.value < b.value; });
}

MaxPool2d<double> row_of_three(PaddingValue value = PaddingValue::NegativeInfinity) {
    return MaxPool2d<double>({{1, 3}, {1, 1}, Sides{0, 0, 1, 1}, value});
}

} // namespace

TEST_SUITE("max_pool2d") {
    TEST_CASE("values by hand: 3×3 input, 2×2 windows that overlap") {
        MaxPool2d<double> pool({{2, 2}, {1, 1}});
        CHECK(pool.forward(Image{{{{1, 5, 2}, {4, 3, 0}, {7, 6, 8}}}}) ==
              Image{{{{5, 5}, {7, 8}}}});
        // 5 is the maximum of two windows and receives the gradient of both: 1 + 2
        CHECK(pool.backward(Image{{{{1, 2}, {-1, 3}}}}) ==
              Image{{{{0, 3, 0}, {0, 0, 0}, {-1, 0, 3}}}});
    }

    TEST_CASE("every case is what the definition says, forward and backward") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto pool = subject.make(double());
            const auto y = pool.forward(subject.z);
            auto y_expected = zeros<double>(shape_of(y));
            auto dz_expected = zeros<double>(one.z);
            for (auto position : range(y.size())) {
                const auto found = winner(one, subject.z, index_at(shape_of(y), position));
                y_expected.flat(position) = found.value;
                if (found.position)
                    dz_expected.flat(*found.position) += subject.dy.flat(position);
            }
            CHECK(y == y_expected);
            CHECK(pool.backward(subject.dy) == dz_expected);
        }
    }

    TEST_CASE("the contract") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            check_contract(subject_of(one), "max_pool2d");
            check_linear_in_dy(subject_of(one));
        }
    }

    TEST_CASE("derivatives, over every number type") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            check_derivatives(subject_of(one), exact);
        }
    }

    TEST_CASE("the first of equal maxima wins, in row-major order") {
        MaxPool2d<double> pool({{2, 2}, {1, 1}});
        const auto dy = tensor({1, 1, 1, 1}, {5});
        pool.forward(Image{{{{1, 1}, {1, 1}}}});
        CHECK(pool.backward(dy) == Image{{{{5, 0}, {0, 0}}}});
        pool.forward(Image{{{{0, 1}, {1, 1}}}});
        CHECK(pool.backward(dy) == Image{{{{0, 5}, {0, 0}}}});
        pool.forward(Image{{{{0, 0}, {1, 1}}}});
        CHECK(pool.backward(dy) == Image{{{{0, 0}, {5, 0}}}});
        // −0 and 0 are equal
        pool.forward(Image{{{{-0.0, 0.0}, {0.0, -0.0}}}});
        CHECK(pool.backward(dy) == Image{{{{5, 0}, {0, 0}}}});
    }

    TEST_CASE("a constant stays, and each window's gradient goes to its first entry") {
        MaxPool2d<double> pool({{2, 2}, {2, 2}});
        CHECK(pool.forward(filled<double>({2, 3, 4, 6}, -7)) == filled<double>({2, 3, 2, 3}, -7));
        pool.forward(filled<double>({1, 1, 2, 4}, -7));
        CHECK(pool.backward(Image{{{{1, 2}}}}) == Image{{{{1, 0, 2, 0}, {0, 0, 0, 0}}}});
    }

    TEST_CASE("pooling commutes with a map that keeps the order") {
        const auto increasing = [](double z) { return z * z * z + 1; };
        for (const auto& one : cases) {
            // Zeros that surround z are not mapped with it
            if (one.options.padding_value == PaddingValue::Zero)
                continue;
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto pool = subject.make(double());
            const auto mapped = elementwise(pool.forward(subject.z), increasing);
            const auto dz = pool.backward(subject.dy);
            CHECK(pool.forward(elementwise(subject.z, increasing)) == mapped);
            CHECK(pool.backward(subject.dy) == dz);
        }
    }

    TEST_CASE("dz holds all of dy where padding cannot win") {
        for (const auto& one : cases) {
            if (one.options.padding_value == PaddingValue::Zero)
                continue;
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto pool = subject.make(double());
            pool.forward(subject.z);
            const auto dz = pool.backward(subject.dy);
            CHECK(inner(dz, filled<double>(shape_of(dz), 1)) ==
                  inner(subject.dy, filled<double>(shape_of(subject.dy), 1)));
        }
    }

    TEST_CASE("padding with −∞ never wins, with zero it wins against what is negative") {
        const auto z = Image{{{{-1, -2, 3}}}}, dy = Image{{{{1, 10, 100}}}};
        auto infinite = row_of_three();
        CHECK(infinite.forward(z) == Image{{{{-1, 3, 3}}}});
        CHECK(infinite.backward(dy) == Image{{{{1, 0, 110}}}});
        auto zero = row_of_three(PaddingValue::Zero);
        CHECK(zero.forward(z) == Image{{{{0, 3, 3}}}});
        CHECK(zero.backward(dy) == Image{{{{0, 0, 110}}}});
    }

    TEST_CASE("padding with −∞ does not win against −∞ either") {
        auto pool = row_of_three();
        CHECK(pool.forward(Image{{{{-infinity, -infinity, 0}}}}) == Image{{{{-infinity, 0, 0}}}});
        CHECK(pool.backward(Image{{{{1, 10, 100}}}}) == Image{{{{1, 0, 110}}}});
    }

    TEST_CASE("NaN is larger than every number, and the first NaN wins") {
        MaxPool2d<double> pool({{1, 3}, {1, 3}});
        const auto y = pool.forward(Image{{{{infinity, nan, nan, 1, 2, 3}}}});
        CHECK(std::isnan(y(0, 0, 0, 0)));
        CHECK(y(0, 0, 0, 1) == 3);
        CHECK(pool.backward(Image{{{{5, 7}}}}) == Image{{{{0, 5, 0, 0, 0, 7}}}});
    }

    TEST_CASE("shapes that do not fit are refused") {
        MaxPool2d<double> pool({{3, 2}, {1, 1}});
        CHECK(message_of<ShapeError>([&] {
                  pool.forward(Tensor<double>{{1, 2}});
              }) == "max_pool2d: z has 2 axes (1, 2), it must have 4: (N, C, H_in, W_in)");
        CHECK(message_of<ShapeError>([&] {
                  pool.forward(zeros<double>({1, 0, 3, 3}));
              }) ==
              "max_pool2d: z (1, 0, 3, 3) is empty, every extent of (N, C, H_in, W_in) must be at "
              "least 1");
        CHECK(message_of<ShapeError>([&] {
                  pool.forward(Image{{{{1, 2}, {3, 4}}}});
              }) ==
              "max_pool2d: kernel (3, 2) with dilation (1, 1) spans 3 rows, the padded z has only "
              "2; the kernel must fit into the padded z");
    }

    TEST_CASE("numbers that are not allowed are refused") {
        CHECK(message_of<ValueError>([] {
                  MaxPool2d<double>({{0, 2}, {1, 1}});
              }) == "max_pool2d: kernel is (0, 2), both must be from 1 to 2147483647");
        CHECK(message_of<ValueError>([] {
                  MaxPool2d<double>({{2, 2}, {1, 0}});
              }) == "max_pool2d: stride is (1, 0), both must be from 1 to 2147483647");
        CHECK(message_of<ValueError>([] {
                  MaxPool2d<double>({{2, 3}, {1, 1}, Sides{0, 0, 3, 1}});
              }) == "max_pool2d: padding is (0, 0, 3, 1) (top, bottom, left, right), each must be "
                    "less than kernel (2, 3) so that every window holds at least one entry of z");
    }

    TEST_CASE("a refused forward leaves what the last one remembered") {
        MaxPool2d<double> pool({{2, 2}, {1, 1}});
        const auto dy = Image{{{{1, 2}, {3, 4}}}};
        pool.forward(whole_numbers({1, 1, 3, 3}, 1));
        const auto dz = pool.backward(dy);
        CHECK_THROWS_AS(pool.forward(tensor({1, 1, 1, 1}, {1})), ShapeError);
        CHECK(pool.backward(dy) == dz);
    }
}

} // namespace handgrad::testing::of_max_pool2d
