#pragma once

/// @file
/// Mutants: layers whose backward pass is wrong on purpose, each with what the checker must say of
/// it.

#include "check/check.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace handgrad::mutants {

/// A layer over double, whatever its type, as probes other than the checker see it.
struct PlainLayer {
    Tensor<double> z;                                              ///< what forward gets
    std::function<Tensor<double>(const Tensor<double>&)> forward;  ///< z → y
    std::function<Tensor<double>(const Tensor<double>&)> backward; ///< dy → dz
    std::function<std::vector<Parameter<double>>()> parameters;    ///< and their gradients
};

/// A name for a wrong backward pass, and the verdict it must get.
struct Row {
    std::string name;         ///< the mistake, as the mutant's code knows it
    std::string tensor = "";  ///< the gradient that is wrong, "" where it is not an entry's fault
    std::string mistake = ""; ///< what the diagnosis of that gradient must name
    std::string rule = "";    ///< the rule of the contract that is broken
};

/// A row in the setting in which it is checked.
struct Mutant {
    std::string layer;                      ///< as the book calls it
    std::string setting;                    ///< in a word
    Row row;                                ///< what is wrong
    std::function<CheckReport()> check;     ///< with every oracle
    std::function<CheckReport()> black_box; ///< with central differences only
    std::function<PlainLayer()> plain;      ///< for other probes; a new layer each time
};

/// A recipe of a layer that makes the mistake called `name`; none where it is "right".
template <template <class> class Wrong, class... Arguments>
Mutant mutant(const std::string& setting, const Row& row, const Tensor<double>& z,
              const Arguments&... arguments) {
    const auto make = recipe<Wrong>(row.name, arguments...);
    // With the dy of seeds 1 to 3 two of the mistakes are one: where dy adds up to 1, or has one
    // sign in a column
    constexpr std::uint64_t seed = 4;
    const auto check_recipe = [make, z] { return handgrad::check(make, z, seed); };
    const auto check_black_box = [make, z] {
        auto layer = make.template operator()<double>();
        return handgrad::check(layer, z, seed);
    };
    const auto plain = [make, z] {
        const auto layer = std::make_shared<Wrong<double>>(make.template operator()<double>());
        return PlainLayer{z, [layer](const Tensor<double>& z) { return layer->forward(z); },
                          [layer](const Tensor<double>& dy) { return layer->backward(dy); },
                          [layer] { return parameters_of<double>(*layer); }};
    };
    return {std::string(Wrong<double>::name), setting, row, check_recipe, check_black_box, plain};
}

/// @{ Every wrong backward pass of the layer, in its settings, and in each setting the right one.
std::vector<Mutant> conv2d_mutants();
std::vector<Mutant> max_pool2d_mutants();
std::vector<Mutant> linear_mutants();
std::vector<Mutant> tanh_mutants();
std::vector<Mutant> relu_mutants();
std::vector<Mutant> sigmoid_mutants();
std::vector<Mutant> softmax_mutants();
/// @}

/// All of them, layer by layer.
const std::vector<Mutant>& all_mutants();

/// Are these passes right, so that every check must pass?
inline bool is_right(const Row& row) {
    return row.tensor.empty() && row.rule.empty();
}

} // namespace handgrad::mutants
