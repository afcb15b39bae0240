#include "check/check.hpp"
#include "layers/conv2d.hpp"
#include "layers/flatten.hpp"
#include "layers/linear.hpp"
#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/sigmoid.hpp"
#include "layers/softmax.hpp"
#include "layers/tanh.hpp"
#include "soak.hpp"
#include "values.hpp"

namespace handgrad::soak {

namespace {

// A right layer must pass: no entry wrong or undecided, no rule broken, at kinks too; and as it
// computes in float32
void must_pass(const AnyRecipe& recipe, bool float32, const Tensor<double>& z,
               const Tensor<double>& dy) {
    const auto report = check(recipe, z, dy);
    if (report.passed())
        return;
    RC_LOG() << to_text(report);
    const auto log = [](const char* name, const Tensor<double>& tensor) {
        RC_LOG() << name << " " << text(tensor.shape()) << ":";
        for (double entry : tensor)
            RC_LOG() << " " << fmt::format("{:.17g}", entry);
        RC_LOG() << "\n";
    };
    RC_LOG() << (float32 ? "in float32\n" : "");
    log("z", z);
    log("dy", dy);
    RC_FAIL("a right layer is called wrong");
}

template <Recipe R>
void must_pass(const R& recipe, const Tensor<double>& z, const Shape& shape_of_y) {
    const auto dy = any_tensor(shape_of_y, {Kind::Readable, Kind::AllSizes, Kind::OneSize});
    const bool float32 = *rc::gen::arbitrary<bool>();
    must_pass(float32 ? in_float32(recipe) : AnyRecipe(recipe), float32, z, dy);
}

Pair any_pair(std::size_t least, std::size_t most) {
    return {count(least, most), count(least, most)};
}

// Padding on each side for itself, each at most `most`
Padding any_padding(const Pair& most) {
    switch (count(0, 2)) {
    case 0:
        return Valid{};
    case 1:
        return Same{};
    default:
        return Sides{count(0, most[0]), count(0, most[0]), count(0, most[1]), count(0, most[1])};
    }
}

// y of an image through a window, as the layer itself says
template <class L>
Shape shape_after(L layer, const Tensor<double>& z) {
    return shape_of(layer.forward(z));
}

void conv2d() {
    const Pair kernel = any_pair(1, 3), dilation = any_pair(1, 2);
    const auto C_in = count(1, 3), C_out = count(1, 3);
    const Conv2dOptions options{any_pair(1, 3), any_padding({2, 2}), dilation};
    const auto H = window_extent(kernel[0], dilation[0]) + count(0, 3);
    const auto W = window_extent(kernel[1], dilation[1]) + count(0, 3);
    const auto z = any_tensor({count(1, 3), C_in, H, W}, every_kind);
    const auto weight = any_tensor({C_out, C_in, kernel[0], kernel[1]}, every_kind);
    const auto bias = any_tensor({C_out}, every_kind);
    must_pass(recipe<Conv2d>(weight, bias, options), z,
              shape_after(Conv2d<double>(weight, bias, options), z));
}

void max_pool2d() {
    const Pair kernel = any_pair(1, 3);
    const MaxPool2dOptions options{
        kernel, any_pair(1, 3), any_padding({kernel[0] - 1, kernel[1] - 1}),
        count(0, 1) ? PaddingValue::Zero : PaddingValue::NegativeInfinity};
    const auto z = any_tensor(
        {count(1, 3), count(1, 3), kernel[0] + count(0, 4), kernel[1] + count(0, 4)}, every_kind);
    must_pass(recipe<MaxPool2d>(options), z, shape_after(MaxPool2d<double>(options), z));
}

void linear() {
    const auto d_in = count(1, 8), d_out = count(1, 8);
    const auto z = any_tensor({count(1, 5), d_in}, every_kind);
    const auto weight = any_tensor({d_out, d_in}, every_kind);
    must_pass(recipe<Linear>(weight, any_tensor({d_out}, every_kind)), z, {z.shape(0), d_out});
}

Shape any_shape() {
    return {count(1, 4), count(1, 4), count(1, 5)};
}

template <template <class> class L>
void layer_of_any_shape() {
    const auto z = any_tensor(any_shape(), every_kind);
    must_pass(recipe<L>(), z, shape_of(z));
}

void flatten() {
    const auto z = any_tensor(any_shape(), every_kind);
    must_pass(recipe<Flatten>(), z, {z.shape(0), z.size() / z.shape(0)});
}

} // namespace

const std::vector<Property>& layer_properties() {
    static const std::vector<Property> all{
        {"conv2d is never called wrong", conv2d},
        {"max_pool2d is never called wrong", max_pool2d},
        {"linear is never called wrong", linear},
        {"tanh is never called wrong", layer_of_any_shape<Tanh>},
        {"relu is never called wrong", layer_of_any_shape<ReLU>},
        {"sigmoid is never called wrong", layer_of_any_shape<Sigmoid>},
        {"softmax is never called wrong", layer_of_any_shape<Softmax>},
        {"flatten is never called wrong", flatten},
    };
    return all;
}

} // namespace handgrad::soak
