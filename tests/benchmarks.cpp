// Timings of forward and backward of each layer. Run by hand: ./run benchmark
//
// The column items_per_second counts multiply-adds for the layers that are sums of products, and
// entries of z for the others.

#include "layers/conv2d.hpp"
#include "layers/flatten.hpp"
#include "layers/linear.hpp"
#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/sigmoid.hpp"
#include "layers/softmax.hpp"
#include "layers/tanh.hpp"

#include "random.hpp"

#include <benchmark/benchmark.h>

namespace handgrad::testing {
namespace {

// A batch of small images and of their features, as a network for handwritten digits has them
constexpr std::size_t N = 16;
const Shape images = {N, 8, 28, 28};
const Shape features = {N, 256};

// How much forward computes; backward is timed against the same count
template <class Layer, class T>
std::size_t work(const Layer& layer, const Tensor<T>& z, const Tensor<T>& y) {
    if constexpr (requires { layer.weight; })
        // Every entry of y is a sum of as many products as one output has weights
        return y.size() * layer.weight.size() / layer.weight.shape(0);
    else
        return z.size();
}

template <class T, class Make>
void forward(benchmark::State& state, Make make, const Shape& shape) {
    auto layer = make(T());
    const Tensor<T> z = tensor_cast<T>(quarters(shape, 1));
    const auto items = work(layer, z, layer.forward(z));
    for ([[maybe_unused]] auto iteration : state) {
        auto y = layer.forward(z);
        benchmark::DoNotOptimize(y.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

template <class T, class Make>
void backward(benchmark::State& state, Make make, const Shape& shape) {
    auto layer = make(T());
    const Tensor<T> z = tensor_cast<T>(quarters(shape, 1));
    const auto y = layer.forward(z);
    const auto items = work(layer, z, y);
    const Tensor<T> dy = tensor_cast<T>(quarters(shape_of(y), 2));
    for ([[maybe_unused]] auto iteration : state) {
        auto dz = layer.backward(dy);
        benchmark::DoNotOptimize(dz.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

template <class T, class Make>
void add(const std::string& layer, const std::string& number, Make make, const Shape& shape) {
    const auto add_one = [&](const std::string& pass, auto run) {
        benchmark::RegisterBenchmark(fmt::format("{}/{}/{}", layer, pass, number).c_str(), run)
            ->Unit(benchmark::kMicrosecond);
    };
    add_one("forward", [=](benchmark::State& state) { forward<T>(state, make, shape); });
    add_one("backward", [=](benchmark::State& state) { backward<T>(state, make, shape); });
}

template <class Make>
void add(const std::string& layer, Make make, const Shape& shape) {
    add<float>(layer, "float", make, shape);
    add<double>(layer, "double", make, shape);
}

void add_all() {
    add(
        "conv2d",
        [](auto number) {
            using T = decltype(number);
            return Conv2d<T>(tensor_cast<T>(quarters({16, 8, 3, 3}, 3)),
                             tensor_cast<T>(quarters({16}, 4)), {{1, 1}, Same{}, {1, 1}});
        },
        images);
    add(
        "linear",
        [](auto number) {
            using T = decltype(number);
            return Linear<T>(tensor_cast<T>(quarters({64, 256}, 3)),
                             tensor_cast<T>(quarters({64}, 4)));
        },
        features);
    add(
        "max_pool2d", [](auto number) { return MaxPool2d<decltype(number)>(); }, images);
    add(
        "tanh", [](auto number) { return Tanh<decltype(number)>(); }, images);
    add(
        "relu", [](auto number) { return ReLU<decltype(number)>(); }, images);
    add(
        "sigmoid", [](auto number) { return Sigmoid<decltype(number)>(); }, images);
    add(
        "softmax", [](auto number) { return Softmax<decltype(number)>(); }, features);
    add(
        "flatten", [](auto number) { return Flatten<decltype(number)>(); }, images);
}

} // namespace
} // namespace handgrad::testing

int main(int argc, char** argv) {
    handgrad::testing::add_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
}
