// The homework's self-test through this project's layers: README.md in this folder

#include "layers/conv2d.hpp"
#include "layers/flatten.hpp"
#include "layers/linear.hpp"
#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/sequential.hpp"
#include "layers/tanh.hpp"
#include "npy.hpp"

#include "derivatives.hpp"

namespace handgrad::testing::of_homework_chain {
namespace {

// The homework's own test asks for 1e-4; its expected numbers carry float32's 7 digits and are
// below 1, so 1e-6 asks for nearly all of them
constexpr double tolerance = 1e-6;

template <class T>
Tensor<T> load(const std::string& name) {
    return tensor_cast<T>(read_npy<float>(std::string(HOMEWORK_CHAIN) + "/" + name));
}

// (C_in, k_H, k_W, C_out), as module.py keeps a kernel, to (C_out, C_in, k_H, k_W)
template <class T>
Tensor<T> conv_weight_from_homework(const Tensor<T>& ihwo) {
    const auto C_in = ihwo.shape(0), k_H = ihwo.shape(1), k_W = ihwo.shape(2),
               C_out = ihwo.shape(3);
    auto weight = zeros<T>({C_out, C_in, k_H, k_W});
    for (auto j : range(C_out))
        for (auto k : range(C_in))
            for (auto m : range(k_H))
                for (auto n : range(k_W))
                    weight(j, k, m, n) = ihwo(k, m, n, j);
    return weight;
}

// (d_in, d_out), as module.py keeps a linear weight, to (d_out, d_in)
template <class T>
Tensor<T> linear_weight_from_homework(const Tensor<T>& io) {
    auto weight = zeros<T>({io.shape(1), io.shape(0)});
    for (auto j : range(io.shape(1)))
        for (auto k : range(io.shape(0)))
            weight(j, k) = io(k, j);
    return weight;
}

template <class T>
Sequential<T> homework_chain() {
    const auto conv_weight = conv_weight_from_homework(load<T>("conv_weight_ihwo.npy"));
    const auto linear_weight = linear_weight_from_homework(load<T>("linear_weight_io.npy"));
    return Sequential<T>(
        Conv2d<T>(conv_weight, zeros<T>({10}), {.stride = {1, 1}, .padding = Same{}}), ReLU<T>(),
        MaxPool2d<T>({.kernel = {3, 3}, .stride = {2, 2}, .padding = Valid{}}), Flatten<T>(),
        Linear<T>(linear_weight, zeros<T>({10})), Tanh<T>());
}

// The homework's sample and another one
Tensor<double> two_samples() {
    auto z = quarters({2, 2, 4, 4}, 1);
    const auto first = load<double>("z.npy");
    std::copy(first.begin(), first.end(), z.begin());
    return z;
}

const Subject batch{[](auto number) { return homework_chain<decltype(number)>(); }, two_samples(),
                    quarters({2, 10}, 2)};

} // namespace

TEST_SUITE("homework_chain") {
    TEST_CASE_TEMPLATE("dL/dz is the homework's", T, float, double) {
        auto chain = homework_chain<T>();
        const auto y = chain.forward(load<T>("z.npy"));
        CHECK(shape_of(y) == Shape{1, 10});
        const auto dz = chain.backward(load<T>("dy.npy"));
        const auto expected = load<T>("dz_expected.npy");
        CHECK(close(dz, expected, tolerance));
        // Not everything within reach of the tolerance is zero
        CHECK_FALSE(close(expected, zeros<T>(shape_of(expected)), 100 * tolerance));
    }

    TEST_CASE("what the self-test leaves out: the gradients of weights and biases, of a batch") {
        // Sums of 18 products, of 10 products and tanh forward; of 10 and of 10 products backward
        constexpr std::size_t roundings = 2 * 18 + 2 * 10 + (2 * elementary + 3) + 2 * 10 + 2 * 10;
        // The largest factor of dy in a sum is an output of the convolution, at most the sum of 18
        // products of a weight and an entry of z
        double largest_weight = 0, largest_z = 0;
        for (double weight : load<double>("conv_weight_ihwo.npy"))
            largest_weight = std::max(largest_weight, std::abs(weight));
        for (double z : batch.z)
            largest_z = std::max(largest_z, std::abs(z));
        const auto largest_factor = std::ceil(18 * largest_weight * largest_z);
        check_every_entry(batch, roundings * static_cast<std::size_t>(largest_factor));
    }

    TEST_CASE("gradients of a batch are sums over its samples") {
        auto chain = homework_chain<double>();
        chain.forward(batch.z);
        const auto both = gradients_of<double>(chain, batch.dy);
        std::vector<std::vector<Tensor<double>>> alone;
        for (auto i : range(2)) {
            chain.forward(sample(batch.z, i));
            alone.push_back(gradients_of<double>(chain, sample(batch.dy, i)));
            CHECK(same_bits(alone.back()[0], sample(both[0], i)));
        }
        // One window is pooled, so each sample adds one term that is not 0: the order is the same
        for (std::size_t place = 1; place < both.size(); ++place)
            CHECK(combined(alone[0][place], 1, alone[1][place]) == both[place]);
    }

    TEST_CASE("the layouts, by hand") {
        // Taps of two output channels lie side by side in the homework's layout
        CHECK(conv_weight_from_homework(tensor({1, 1, 3, 2}, {1, 10, 2, 20, 3, 30})) ==
              tensor({2, 1, 1, 3}, {1, 2, 3, 10, 20, 30}));
        CHECK(linear_weight_from_homework(Tensor<double>{{1, 2, 3}, {4, 5, 6}}) ==
              Tensor<double>{{1, 4}, {2, 5}, {3, 6}});
    }
}

} // namespace handgrad::testing::of_homework_chain
