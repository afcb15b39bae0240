#pragma once

/// @file
/// Which configurations the studies compare, and in what they differ.

#include "../playground/url.hpp"

#include <string>
#include <vector>

namespace handgrad::study {

using playground::Configuration;

/// A configuration under a name short enough for the axis of a figure.
struct Setting {
    std::string label;           ///< its name on the axis
    Configuration configuration; ///< what is run, but for the seed
};

/// Settings that differ in one factor alone, or, in `regularization`, in its kind and rate.
struct Study {
    std::string name;              ///< what the report calls it
    std::string factor;            ///< the key of the site's links that differs
    std::vector<Setting> settings; ///< what is compared
};

/// The setting that all studies vary: the spiral, told by its coordinates and their sines to one
/// hidden layer of 8 tanh neurons; all else as the site opens.
///
/// Most of its runs solve the spiral, none quickly, so that a factor can both help and harm.
inline Configuration base_configuration() {
    return playground::read_url("#dataset=spiral&sinX=true&sinY=true&networkShape=8");
}

/// A seed in place of that of `configuration`.
inline Configuration with_seed(Configuration configuration, std::string seed) {
    configuration.seed = std::move(seed);
    return configuration;
}

/// Every setting with each of the seeds.
inline std::vector<Configuration> with_seeds(const std::vector<Setting>& settings,
                                             const std::vector<std::string>& seeds) {
    std::vector<Configuration> configurations;
    for (const auto& setting : settings)
        for (const auto& seed : seeds)
            configurations.push_back(with_seed(setting.configuration, seed));
    return configurations;
}

/// The seeds `prefix`1, …, `prefix``count`.
inline std::vector<std::string> make_seeds(const std::string& prefix, std::size_t count) {
    std::vector<std::string> seeds;
    for (std::size_t number = 1; number <= count; ++number)
        seeds.push_back(prefix + std::to_string(number));
    return seeds;
}

/// The base with some keys of a link changed, such as "learningRate=0.1".
inline Setting variant(std::string label, const std::string& changes) {
    return {std::move(label),
            playground::read_url(playground::write_url(base_configuration()) + "&" + changes)};
}

/// One setting for each of `values` of `key`, the others staying as they are.
inline Study vary(std::string name, const std::string& key,
                  const std::vector<std::string>& values) {
    Study study{std::move(name), key, {}};
    for (const auto& value : values)
        study.settings.push_back(variant(value, key + "=" + value));
    return study;
}

/// How large a step is taken: the site's own choices that move at all within a few hundred epochs.
inline Study learning_rate_study() {
    return vary("learning_rate", "learningRate",
                {"0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"});
}

/// How many neurons one hidden layer has: the site's 1 to 8, and twice as many.
inline Study width_study() {
    return vary("width", "networkShape", {"1", "2", "3", "4", "5", "6", "7", "8", "16"});
}

/// How many hidden layers of 8 neurons there are: none to the site's 6.
inline Study depth_study() {
    Study study{"depth", "networkShape", {variant("0", "networkShape=")}};
    std::string shape;
    for (int layers = 1; layers <= 6; ++layers) {
        shape += layers > 1 ? ",8" : "8";
        study.settings.push_back(variant(std::to_string(layers), "networkShape=" + shape));
    }
    return study;
}

/// How many samples are averaged for an update: the site's least, its greatest, and some between.
inline Study batch_size_study() {
    return vary("batch_size", "batchSize", {"1", "3", "5", "10", "15", "20", "30"});
}

/// None, and L1 and L2 at the site's rates; above 0.1 every weight soon is 0.
/// @param noise of the data, per cent
inline Study regularization_study(const std::string& name, const std::string& noise) {
    const std::string noisy = "noise=" + noise;
    Study study{name, "regularization", {variant("none", noisy)}};
    for (const std::string kind : {"L1", "L2"})
        for (const std::string rate : {"0.001", "0.003", "0.01", "0.03", "0.1"})
            study.settings.push_back(variant(kind + " " + rate, noisy + "&regularization=" + kind +
                                                                    "&regularizationRate=" + rate));
    return study;
}

/// What the network is told of a point.
inline Study features_study() {
    const std::string no_sines = "sinX=false&sinY=false", squares = "&xSquared=true&ySquared=true";
    return {"features",
            "features",
            {variant("x, y", no_sines), variant("x, y, xy", no_sines + "&xTimesY=true"),
             variant("x, y, x², y²", no_sines + squares), variant("x, y, sin x, sin y", ""),
             variant("sin x, sin y", "x=false&y=false"),
             variant("all seven", "xTimesY=true" + squares)}};
}

/// The function behind the hidden layer.
inline Study activation_study() {
    return vary("activation", "activation", {"linear", "sigmoid", "relu", "tanh"});
}

/// All studies, in the order of the report. What regularization does against noise is seen at half
/// of the site's greatest, 25 %.
inline std::vector<Study> all_studies() {
    return {learning_rate_study(),
            width_study(),
            depth_study(),
            regularization_study("regularization", "0"),
            regularization_study("regularization_noise", "25"),
            batch_size_study(),
            features_study(),
            activation_study()};
}

} // namespace handgrad::study
