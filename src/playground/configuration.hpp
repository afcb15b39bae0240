#pragma once

/// @file
/// Everything that decides a run of playground.tensorflow.org, with the site's own defaults.

#include "datasets.hpp"
#include "features.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace handgrad::playground {

/// The function behind every hidden layer.
enum class Activation { relu, tanh, sigmoid, linear };

/// What keeps the weights small: nothing, the sum of |w|, or the sum of ½w².
enum class Regularization { none, L1, L2 };

/// Labels 1 and −1 and a tanh at the output, or labels in between and a plain sum.
enum class Problem { classification, regression };

/// A value and the name that the site's links give it.
template <class Value>
struct Named {
    std::string_view key; ///< as it stands in a link
    Value value;          ///< what it stands for
};

/// The activations by name.
inline constexpr std::array<Named<Activation>, 4> activations = {{{"relu", Activation::relu},
                                                                  {"tanh", Activation::tanh},
                                                                  {"sigmoid", Activation::sigmoid},
                                                                  {"linear", Activation::linear}}};

/// The regularizations by name.
inline constexpr std::array<Named<Regularization>, 3> regularizations = {
    {{"none", Regularization::none}, {"L1", Regularization::L1}, {"L2", Regularization::L2}}};

/// The problems by name.
inline constexpr std::array<Named<Problem>, 2> problems = {
    {{"classification", Problem::classification}, {"regression", Problem::regression}}};

/// The name of `value` in one of the tables above.
template <class Table, class Value>
constexpr std::string_view name_in(const Table& table, const Value& value) {
    for (const auto& entry : table)
        if (entry.value == value)
            return entry.key;
    return "";
}

/// The neurons of each hidden layer as the site's links write them: "8,4".
inline std::string shape_text(const std::vector<std::size_t>& network_shape) {
    return fmt::format("{}", fmt::join(network_shape, ","));
}

/// One run: which data, which network, how it learns, and the seed of all its random numbers.
///
/// It is a link of the site, taken apart: `read_url` and `write_url` in url.hpp.
struct Configuration {
    Activation activation = Activation::tanh;             ///< of the hidden layers
    Regularization regularization = Regularization::none; ///< which term is added to the loss
    std::size_t batch_size = 10;                          ///< samples an update
    Dataset dataset = classification_datasets[0];         ///< used in classification
    Dataset regression_dataset = regression_datasets[0];  ///< used in regression
    double learning_rate = 0.03;                     ///< step along the mean gradient of a batch
    double regularization_rate = 0;                  ///< factor of the added term
    double noise = 0;                                ///< per cent
    std::vector<std::size_t> network_shape = {4, 2}; ///< neurons of each hidden layer
    /// The text behind all random numbers. The site draws one where a link names none; here it is
    /// always the same, so that a link gives one run.
    std::string seed = "1";
    double train_percentage = 50; ///< share of the points that train (percTrainData)
    /// Which of `features` are inputs, in their order.
    std::array<bool, features.size()> inputs = {true, true};
    Problem problem = Problem::classification; ///< which of the two datasets is used
    bool init_zero = false;                    ///< start with all weights and biases 0
    /// Settings that only the look of the page depends on, where they are not the usual ones.
    std::map<std::string, std::string> display = {};

    /// The inputs of the network, in their order. The site takes away an input whose control is
    /// hidden, also one that is on.
    std::vector<Feature> used_features() const {
        std::vector<Feature> used;
        for (std::size_t place = 0; place < features.size(); ++place)
            if (inputs[place] && !display.count(fmt::format("{}_hide", features[place].key)))
                used.push_back(features[place]);
        return used;
    }

    bool operator==(const Configuration&) const = default;
};

/// The points of `configuration`, and `random` left as the site leaves it: with the numbers that
/// the network's weights are drawn from next.
inline Data make_data(const Configuration& configuration, Random& random) {
    const bool regression = configuration.problem == Problem::regression;
    const auto generate =
        (regression ? configuration.regression_dataset : configuration.dataset).generate;
    auto points = generate(random, regression ? 1200 : 500, configuration.noise / 100);
    shuffle(random, points);
    return split(points, configuration.train_percentage);
}

/// Do both configurations have the same points, and leave `random` alike?
inline bool have_one_data(const Configuration& a, const Configuration& b) {
    return a.seed == b.seed && a.problem == b.problem && a.noise == b.noise &&
           a.train_percentage == b.train_percentage && a.dataset == b.dataset &&
           a.regression_dataset == b.regression_dataset;
}

} // namespace handgrad::playground
