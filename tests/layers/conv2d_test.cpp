// Convolution: derivations/conv2d.md

#include "layers/conv2d.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_conv2d {
namespace {

using Image = Tensor<double>;

// A case of stride, padding and dilation, and the shapes it is tried on
struct Case {
    const char* what;
    Shape z;      // (N, C_in, H_in, W_in)
    Shape weight; // (C_out, C_in, k_H, k_W)
    Conv2dOptions options;
};

const std::vector<Case> cases = {
    {"plain", {2, 1, 3, 3}, {1, 1, 2, 2}, {}},
    {"one tap", {2, 3, 2, 4}, {2, 3, 1, 1}, {}},
    {"kernel as large as z", {2, 2, 3, 4}, {2, 2, 3, 4}, {}},
    {"channels", {2, 3, 4, 5}, {4, 3, 2, 3}, {}},
    {"stride", {2, 2, 5, 7}, {2, 2, 2, 3}, {{2, 3}, Valid{}, {1, 1}}},
    {"stride that leaves a rest", {2, 1, 6, 6}, {1, 1, 2, 2}, {{3, 3}, Valid{}, {1, 1}}},
    {"stride beyond the kernel", {2, 1, 5, 6}, {2, 1, 1, 2}, {{4, 3}, Valid{}, {1, 1}}},
    {"dilation", {2, 2, 6, 7}, {2, 2, 3, 2}, {{1, 1}, Valid{}, {2, 3}}},
    {"padding that differs a side",
     {2, 2, 3, 3},
     {2, 2, 2, 3},
     {{1, 1}, Sides{1, 2, 0, 3}, {1, 1}}},
    {"padding beyond the kernel", {2, 1, 2, 2}, {1, 1, 2, 2}, {{1, 1}, Sides{3, 3, 3, 3}, {1, 1}}},
    {"kernel that fits only with padding",
     {2, 1, 1, 2},
     {1, 1, 3, 3},
     {{1, 1}, Sides{1, 1, 1, 1}, {1, 1}}},
    {"Same, odd kernel", {2, 2, 4, 4}, {3, 2, 3, 3}, {{1, 1}, Same{}, {1, 1}}},
    {"Same, even kernel", {2, 2, 3, 5}, {2, 2, 2, 4}, {{1, 1}, Same{}, {1, 1}}},
    {"Same, stride and dilation", {2, 2, 7, 6}, {2, 2, 3, 2}, {{2, 3}, Same{}, {2, 3}}},
    {"all together", {3, 2, 6, 5}, {3, 2, 2, 3}, {{2, 1}, Sides{2, 1, 1, 2}, {3, 2}}},
};

auto subject_of(const Case& one) {
    const auto weight = whole_numbers(one.weight, 1);
    const auto bias = whole_numbers({one.weight[0]}, 2);
    const auto make = [weight, bias, options = one.options](auto number) {
        using T = decltype(number);
        return Conv2d<T>(tensor_cast<T>(weight), tensor_cast<T>(bias), options);
    };
    const auto z = whole_numbers(one.z, 3);
    const auto y = make(double()).forward(z);
    return Subject{make, z, whole_numbers(shape_of(y), 4)};
}

// How many rows (axis 0) or columns (axis 1) stand before the first of z, from what Same means: an
// output of ceil(size / stride), an even split, and the odd one behind
long padding_before(const Case& one, std::size_t axis) {
    if (const auto* sides = std::get_if<Sides>(&one.options.padding))
        return static_cast<long>(axis == 0 ? sides->top : sides->left);
    if (std::holds_alternative<Valid>(one.options.padding))
        return 0;
    const double size = static_cast<double>(one.z[2 + axis]);
    const double stride = static_cast<double>(one.options.stride[axis]);
    const double last_tap =
        static_cast<double>((one.weight[2 + axis] - 1) * one.options.dilation[axis]);
    const double missing = (std::ceil(size / stride) - 1) * stride + last_tap + 1 - size;
    return static_cast<long>(std::floor(std::max(missing, 0.0) / 2));
}

// Calls visit(i, j, h, w, k, m, n, p, q) for every product weight(j, k, m, n) z(i, k, p, q) in
// y(i, j, h, w): for every pair of an output and an input entry it asks whether a tap joins them.
// There is no padded image; an input entry that does not exist is not visited.
template <class Visit>
void for_each_product(const Case& one, const Shape& y, Visit visit) {
    const auto joins = [&](std::size_t axis, std::size_t out, std::size_t tap, std::size_t in) {
        const auto stride = static_cast<long>(one.options.stride[axis]);
        const auto dilation = static_cast<long>(one.options.dilation[axis]);
        return stride * static_cast<long>(out) + dilation * static_cast<long>(tap) ==
               static_cast<long>(in) + padding_before(one, axis);
    };
    for (auto position : range(y[0] * y[1] * y[2] * y[3])) {
        const auto out = index_at(y, position);
        for (auto p : range(one.z[2]))
            for (auto m : range(one.weight[2]))
                if (joins(0, out[2], m, p))
                    for (auto q : range(one.z[3]))
                        for (auto n : range(one.weight[3]))
                            if (joins(1, out[3], n, q))
                                for (auto k : range(one.weight[1]))
                                    visit(out[0], out[1], out[2], out[3], k, m, n, p, q);
    }
}

Conv2d<double> ones(const Shape& weight, Conv2dOptions options = {}) {
    return {filled<double>(weight, 1), filled<double>({weight[0]}, 1), options};
}

} // namespace

TEST_SUITE("conv2d") {
    TEST_CASE("values by hand: 1×3×3 input, 2×2 kernel") {
        Conv2d<double> conv(Image{{{{1, -1}, {2, 3}}}}, tensor({1}, {1}));
        // 1·1 − 1·2 + 2·4 + 3·5 + 1 = 23
        CHECK(conv.forward(Image{{{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}}}) ==
              Image{{{{23, 28}, {38, 43}}}});
        // Entry (1, 1) is read by all four windows: 1·3 + 2·2 + (−1)·(−1) + 3·1 = 11
        CHECK(conv.backward(Image{{{{1, 2}, {-1, 3}}}}) ==
              Image{{{{1, 1, -2}, {1, 11, 3}, {-2, 3, 9}}}});
        // weight(0, 0) meets 1, 2, 4 and 5: 1·1 + 2·2 − 1·4 + 3·5 = 16
        CHECK(conv.dweight == Image{{{{16, 21}, {31, 36}}}});
        CHECK(conv.dbias == tensor({1}, {5}));
    }

    TEST_CASE("every case is what the definition says, forward and backward") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto conv = subject.make(double());
            const auto& z = subject.z;
            const auto& dy = subject.dy;
            const auto y = conv.forward(z);
            const auto dz = conv.backward(dy);

            auto y_expected = zeros<double>(shape_of(y));
            auto dbias_expected = zeros<double>(shape_of(conv.bias));
            for (auto position : range(y.size())) {
                const auto j = index_at(shape_of(y), position)[1];
                y_expected.flat(position) = conv.bias(j);
                dbias_expected(j) += dy.flat(position);
            }
            auto dz_expected = zeros<double>(one.z);
            auto dweight_expected = zeros<double>(one.weight);
            for_each_product(
                one, shape_of(y),
                [&](auto i, auto j, auto h, auto w, auto k, auto m, auto n, auto p, auto q) {
                    y_expected(i, j, h, w) += conv.weight(j, k, m, n) * z(i, k, p, q);
                    dz_expected(i, k, p, q) += conv.weight(j, k, m, n) * dy(i, j, h, w);
                    dweight_expected(j, k, m, n) += z(i, k, p, q) * dy(i, j, h, w);
                });
            CHECK(y == y_expected);
            CHECK(dz == dz_expected);
            CHECK(conv.dweight == dweight_expected);
            CHECK(conv.dbias == dbias_expected);
        }
    }

    TEST_CASE("Same gives an output of ceil(input / stride)") {
        for (auto size : {1u, 2u, 5u, 6u, 7u})
            for (auto stride : {1u, 2u, 3u, 4u})
                for (auto kernel : {1u, 2u, 3u, 4u})
                    for (auto dilation : {1u, 2u}) {
                        auto conv = ones({1, 1, kernel, 1}, {{stride, 1}, Same{}, {dilation, 1}});
                        const auto y = conv.forward(filled<double>({1, 1, size, 1}, 1));
                        CAPTURE(size);
                        CAPTURE(stride);
                        CHECK(y.shape(2) == (size + stride - 1) / stride);
                    }
    }

    TEST_CASE("Same puts the odd row below and the odd column right") {
        // One tap more than fits: the first window starts at the first entry
        Conv2d<double> conv(Image{{{{1, 10}, {100, 1000}}}}, tensor({1}, {0}),
                            {{1, 1}, Same{}, {1, 1}});
        CHECK(conv.forward(Image{{{{1, 2}, {3, 4}}}}) == Image{{{{4321, 402}, {43, 4}}}});
    }

    TEST_CASE("the contract") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            check_contract(subject_of(one), "conv2d");
            check_linear_in_dy(subject_of(one));
        }
    }

    TEST_CASE("derivatives, over every number type") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            check_derivatives(subject_of(one), exact);
        }
    }

    TEST_CASE("backward is the adjoint: ⟨conv z, dy⟩ = ⟨z, dz⟩ without bias") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto conv = subject.make(double());
            conv.bias.fill(0);
            const auto y = conv.forward(subject.z);
            CHECK(inner(y, subject.dy) == inner(subject.z, conv.backward(subject.dy)));
            // The same sum ordered by weights
            CHECK(inner(conv.weight, conv.dweight) == inner(y, subject.dy));
        }
    }

    TEST_CASE("forward is linear in z and in the weight, without bias") {
        for (const auto& one : cases) {
            CAPTURE(one.what);
            const auto subject = subject_of(one);
            auto conv = subject.make(double());
            conv.bias.fill(0);
            const auto a = subject.z, b = whole_numbers(one.z, 5);
            const auto y = conv.forward(a);
            CHECK(conv.forward(combined(a, -3, b)) == combined(y, -3, conv.forward(b)));

            const auto weight = conv.weight, other = whole_numbers(one.weight, 6);
            conv.weight = other;
            const auto y_other = conv.forward(a);
            conv.weight = combined(weight, 5, other);
            CHECK(conv.forward(a) == combined(y, 5, y_other));
        }
    }

    TEST_CASE("dL/dz is the full convolution of dy with the flipped kernel") {
        Conv2d<double> conv(Image{{{{1, -1}, {2, 3}}}}, tensor({1}, {0}));
        Conv2d<double> full(Image{{{{3, 2}, {-1, 1}}}}, tensor({1}, {0}),
                            {{1, 1}, Sides{1, 1, 1, 1}, {1, 1}});
        conv.forward(whole_numbers({1, 1, 4, 5}, 1));
        const auto dy = whole_numbers({1, 1, 3, 4}, 2);
        CHECK(conv.backward(dy) == full.forward(dy));
    }

    TEST_CASE("shapes that do not fit are refused") {
        CHECK(message_of<ShapeError>([] {
                  ones({8, 4, 3, 3}).forward(filled<double>({2, 3, 8, 8}, 1));
              }) == "conv2d: z has 3 channels (2, 3, 8, 8), weight expects 4 (8, 4, 3, 3)");
        CHECK(message_of<ShapeError>([] {
                  ones({1, 1, 2, 2}).forward(filled<double>({3, 3}, 1));
              }) == "conv2d: z has 2 axes (3, 3), it must have 4: (N, C_in, H_in, W_in)");
        CHECK(message_of<ShapeError>([] {
                  ones({1, 1, 2, 2}).forward(zeros<double>({1, 1, 0, 3}));
              }) == "conv2d: z (1, 1, 0, 3) is empty, every extent of (N, C_in, H_in, W_in) must "
                    "be at least 1");
        CHECK(message_of<ShapeError>([] {
                  ones({1, 1, 2, 3}, {{1, 1}, Valid{}, {1, 2}})
                      .forward(tensor({1, 1, 3, 1}, {1, 2, 3}));
              }) == "conv2d: kernel (2, 3) with dilation (1, 2) spans 5 columns, the padded z has "
                    "only 1; the kernel must fit into the padded z");
        CHECK(message_of<ShapeError>([] {
                  ones({1, 1, 4, 1}, {{1, 1}, Sides{1, 1, 0, 0}, {1, 1}})
                      .forward(tensor({1, 1, 1, 1}, {1}));
              }) == "conv2d: kernel (4, 1) with dilation (1, 1) spans 4 rows, the padded z has "
                    "only 3; the kernel must fit into the padded z");
        CHECK(message_of<ShapeError>([] {
                  Conv2d<double>(tensor({1, 1}, {1}), tensor({1}, {1}));
              }) == "conv2d: weight has 2 axes (1, 1), it must have 4: (C_out, C_in, k_H, k_W)");
        CHECK(message_of<ShapeError>([] {
                  Conv2d<double>(zeros<double>({1, 1, 0, 2}), tensor({1}, {1}));
              }) ==
              "conv2d: weight (1, 1, 0, 2) is empty, every extent of (C_out, C_in, k_H, k_W) must "
              "be at least 1");
        CHECK(message_of<ShapeError>([] {
                  Conv2d<double>(zeros<double>({2, 1, 1, 1}), tensor({1}, {1}));
              }) ==
              "conv2d: bias is (1), it must be (2), one number for each of the C_out = 2 kernels "
              "of weight (2, 1, 1, 1)");
    }

    TEST_CASE("numbers that are not allowed are refused") {
        CHECK(message_of<ValueError>([] {
                  ones({1, 1, 1, 1}, {{0, 2}, {}, {1, 1}});
              }) == "conv2d: stride is (0, 2), both must be from 1 to 2147483647");
        CHECK(message_of<ValueError>([] {
                  ones({1, 1, 1, 1}, {{1, 1}, {}, {1, 0}});
              }) == "conv2d: dilation is (1, 0), both must be from 1 to 2147483647");
        const double infinity = std::numeric_limits<double>::infinity();
        CHECK(message_of<ValueError>([&] {
                  Conv2d<double>(Image{{{{1, infinity}}}}, tensor({1}, {1}));
              }) == "conv2d: weight is inf at (0, 0, 0, 1), every entry must be finite");
        CHECK(message_of<ValueError>([&] {
                  Conv2d<double>(tensor({1, 1, 1, 1}, {1}), tensor({1}, {-infinity}));
              }) == "conv2d: bias is -inf at (0), every entry must be finite");
    }

    TEST_CASE("a refused forward leaves what the last one remembered") {
        auto conv = ones({1, 1, 2, 2});
        const auto dy = Image{{{{1, 2}, {3, 4}}}};
        conv.forward(whole_numbers({1, 1, 3, 3}, 1));
        const auto dz = conv.backward(dy);
        CHECK_THROWS_AS(conv.forward(tensor({1, 1, 1, 1}, {1})), ShapeError);
        CHECK(conv.backward(dy) == dz);
    }

    TEST_CASE("a first forward that is refused is no forward") {
        auto conv = ones({1, 1, 2, 2});
        CHECK_THROWS_AS(conv.forward(tensor({1, 1, 1, 1}, {1})), ShapeError);
        CHECK_THROWS_AS(conv.backward(tensor({1, 1, 1, 1}, {1})), OrderError);
    }

    TEST_CASE("NaN in z reaches the outputs that read it, and no other") {
        auto conv = ones({1, 1, 1, 2});
        const auto y = conv.forward(Image{{{{std::nan(""), 1, 2}}}});
        CHECK(std::isnan(y(0, 0, 0, 0)));
        CHECK(y(0, 0, 0, 1) == 4);
    }
}

} // namespace handgrad::testing::of_conv2d
