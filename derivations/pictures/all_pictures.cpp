#include "pages.hpp"

namespace handgrad::pictures {

std::vector<Picture> all_pictures() {
    const auto conv2d = conv2d_example();
    const auto max_pool2d = max_pool2d_example();
    return {
        chain_rule_paths(chain_rule_example()),
        linear_forward(linear_example()),
        conv2d_forward(conv2d),
        conv2d_dz(conv2d),
        conv2d_full(conv2d),
        conv2d_dweight(conv2d),
        max_pool2d_forward(max_pool2d),
        max_pool2d_dz(max_pool2d),
        tanh_curve(),
        relu_curve(),
        sigmoid_curve(),
        softmax_bars(softmax_example()),
        flatten_order(flatten_example()),
    };
}

} // namespace handgrad::pictures
