// The sliding window of convolution and pooling: derivations/conv2d.md

#include "layers/window.hpp"

#include "subject.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_window {
namespace {

Shape as_shape(const Sides& sides) {
    return {sides.top, sides.bottom, sides.left, sides.right};
}

} // namespace

TEST_SUITE("window") {
    TEST_CASE("the extent is dilation · (kernel − 1) + 1") {
        CHECK(window_extent(1, 1) == 1);
        CHECK(window_extent(1, 5) == 1);
        CHECK(window_extent(3, 1) == 3);
        CHECK(window_extent(3, 2) == 5);
    }

    TEST_CASE("Valid pads nothing, Sides what it says") {
        CHECK(as_shape(padding_sides({{3, 3}}, 5, 5)) == Shape{0, 0, 0, 0});
        const Window window{{3, 3}, {1, 1}, Sides{1, 2, 3, 4}};
        CHECK(as_shape(padding_sides(window, 5, 5)) == Shape{1, 2, 3, 4});
    }

    TEST_CASE("Same, by hand: the odd row below, the odd column right") {
        // 3 taps need one more on each side, 4 taps one above and two below
        CHECK(as_shape(padding_sides({{3, 4}, {1, 1}, Same{}}, 5, 5)) == Shape{1, 1, 1, 2});
        // Windows at 0, 2, 4 with 2 taps read up to 5, one more than 5 entries have
        CHECK(as_shape(padding_sides({{2, 1}, {2, 2}, Same{}}, 5, 5)) == Shape{0, 1, 0, 0});
        // 2 taps at distance 3 span 4
        CHECK(as_shape(padding_sides({{2, 2}, {1, 1}, Same{}, {3, 1}}, 5, 5)) == Shape{1, 2, 0, 1});
    }

    TEST_CASE("Same pads so that ceil(input / stride) windows fit, each reading the input") {
        for (auto size : range(9))
            for (auto stride : range(4))
                for (auto kernel : range(5))
                    for (auto dilation : range(3)) {
                        const std::size_t H = size + 1;
                        const Window window{
                            {kernel + 1, 1}, {stride + 1, 1}, Same{}, {dilation + 1, 1}};
                        const auto sides = padding_sides(window, H, 1);
                        const auto rows = H + sides.top + sides.bottom;
                        CHECK(output_size("test", window, {rows, 1})[0] ==
                              (H + stride) / (stride + 1));
                        CHECK((sides.bottom == sides.top || sides.bottom == sides.top + 1));
                        CHECK(sides.bottom < window_extent(kernel + 1, dilation + 1));
                    }
    }

    TEST_CASE("as many windows as start where they still fit") {
        for (auto padded : range(12))
            for (auto kernel : range(4))
                for (auto stride : range(4))
                    for (auto dilation : range(3)) {
                        const Window window{
                            {1, kernel + 1}, {1, stride + 1}, Valid{}, {1, dilation + 1}};
                        std::size_t count = 0;
                        for (std::size_t start = 0; start + kernel * (dilation + 1) < padded;
                             start += stride + 1)
                            ++count;
                        CAPTURE(padded);
                        if (count > 0)
                            CHECK(output_size("test", window, {1, padded})[1] == count);
                        else
                            CHECK_THROWS_AS(output_size("test", window, {1, padded}), ShapeError);
                    }
    }

    TEST_CASE("pad surrounds, crop takes away") {
        const Tensor<double> z = {{{{1, 2}, {3, 4}}}};
        const Sides sides{1, 0, 2, 1};
        const auto padded = pad(z, sides, 9.0);
        CHECK(padded == Tensor<double>{{{{9, 9, 9, 9, 9}, {9, 9, 1, 2, 9}, {9, 9, 3, 4, 9}}}});
        CHECK(crop(padded, sides) == z);
    }

    TEST_CASE("padding beyond memory is refused before memory is asked for") {
        // 2³¹ rows and columns for 4 images: as many entries as 64 bits count from 0 again
        const std::size_t half = (std::size_t(1) << 30) - 1;
        CHECK(message_of<ShapeError>([&] {
                  pad(filled<double>({2, 2, 2, 2}, 1), Sides{half, half, half, half}, 0.0);
              }) == "padding makes z (2, 2, 2147483648, 2147483648), it must have at most "
                    "4294967296 entries");
    }

    TEST_CASE("crop is the adjoint of pad with zeros") {
        Tensor<double> z = zeros<double>({2, 3, 2, 3}), dy = zeros<double>({2, 3, 5, 7});
        double number = 0;
        for (double& entry : z)
            entry = ++number;
        for (double& entry : dy)
            entry = ++number;
        const Sides sides{1, 2, 3, 1};
        CHECK(inner(pad(z, sides, 0.0), dy) == inner(z, crop(dy, sides)));
    }

    TEST_CASE("zeros are refused by name") {
        const auto refused = [](const Window& window) {
            return message_of<ValueError>([&] { expect_window("test", window); });
        };
        CHECK(refused({{0, 1}}) == "test: kernel is (0, 1), both must be from 1 to 2147483647");
        CHECK(refused({{1, 1}, {1, 0}}) ==
              "test: stride is (1, 0), both must be from 1 to 2147483647");
        CHECK(refused({{1, 1}, {1, 1}, Same{}, {0, 0}}) ==
              "test: dilation is (0, 0), both must be from 1 to 2147483647");
        CHECK(refused({{1, 1}}) == "threw nothing");
    }

    TEST_CASE("sizes whose sums would overflow are refused by name") {
        const auto refused = [](const Window& window) {
            return message_of<ValueError>([&] { expect_window("test", window); });
        };
        const std::size_t huge = std::numeric_limits<std::size_t>::max();
        CHECK(refused({{3, 1}, {1, 1}, Valid{}, {1, huge}}) ==
              "test: dilation is (1, 18446744073709551615), both must be from 1 to 2147483647");
        CHECK(refused({{1, 1}, {1, 1}, Sides{0, huge, 0, 0}}) ==
              "test: padding is (0, 18446744073709551615, 0, 0) (top, bottom, left, right), each "
              "must be at most 65535");
        CHECK(refused({{1, 1}, {1, 1}, Sides{65535, 0, 0, 65535}}) == "threw nothing");
    }
}

} // namespace handgrad::testing::of_window
