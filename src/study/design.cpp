#include "design.hpp"

#include "../errors.hpp"

#include <algorithm>

namespace handgrad::study {

namespace {

// One setting for each of `values` of `key`, the others staying as they are.
Study vary(std::string name, const std::string& key, const std::vector<std::string>& values) {
    Study study{std::move(name), key, {}};
    for (const auto& value : values)
        study.settings.push_back(variant(value, key + "=" + value));
    return study;
}

// How many neurons one hidden layer has: the site's 1 to 8, and twice as many.
Study width_study() {
    return vary("width", "networkShape", {"1", "2", "3", "4", "5", "6", "7", "8", "16"});
}

// How many samples are averaged for an update: the site's least, its greatest, and some between.
Study batch_size_study() {
    return vary("batch_size", "batchSize", {"1", "3", "5", "10", "15", "20", "30"});
}

// What the network is told of a point.
Study features_study() {
    const std::string no_sines = "sinX=false&sinY=false", squares = "&xSquared=true&ySquared=true";
    return {"features",
            "features",
            {variant("x, y", no_sines), variant("x, y, xy", no_sines + "&xTimesY=true"),
             variant("x, y, x², y²", no_sines + squares), variant("x, y, sin x, sin y", ""),
             variant("sin x, sin y", "x=false&y=false"),
             variant("all seven", "xTimesY=true" + squares)}};
}

// The function behind the hidden layer.
Study activation_study() {
    return vary("activation", "activation", {"linear", "sigmoid", "relu", "tanh"});
}

} // namespace

Configuration base_configuration() {
    return playground::read_url("#dataset=spiral&sinX=true&sinY=true&networkShape=8");
}

Configuration with_seed(Configuration configuration, std::string seed) {
    configuration.seed = std::move(seed);
    return configuration;
}

std::vector<Configuration> with_seeds(const std::vector<Setting>& settings,
                                      const std::vector<std::string>& seeds) {
    std::vector<Configuration> configurations;
    for (const auto& setting : settings)
        for (const auto& seed : seeds)
            configurations.push_back(with_seed(setting.configuration, seed));
    return configurations;
}

std::vector<std::string> make_seeds(const std::string& prefix, std::size_t count) {
    std::vector<std::string> seeds;
    for (std::size_t number = 1; number <= count; ++number)
        seeds.push_back(prefix + std::to_string(number));
    return seeds;
}

Setting variant(std::string label, const std::string& changes) {
    return {std::move(label),
            playground::read_url(playground::write_url(base_configuration()) + "&" + changes)};
}

Study learning_rate_study() {
    return vary("learning_rate", "learningRate",
                {"0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3", "10"});
}

Study depth_study() {
    Study study{"depth", "networkShape", {variant("0", "networkShape=")}};
    std::string shape;
    for (int layers = 1; layers <= 6; ++layers) {
        shape += layers > 1 ? ",8" : "8";
        study.settings.push_back(variant(std::to_string(layers), "networkShape=" + shape));
    }
    return study;
}

Study regularization_study(const std::string& name, const std::string& noise) {
    const std::string noisy = "noise=" + noise;
    Study study{name, "regularization", {variant("none", noisy)}};
    for (const std::string kind : {"L1", "L2"})
        for (const std::string rate : {"0.001", "0.003", "0.01", "0.03", "0.1"})
            study.settings.push_back(variant(kind + " " + rate, noisy + "&regularization=" + kind +
                                                                    "&regularizationRate=" + rate));
    return study;
}

std::vector<Study> all_studies() {
    return {learning_rate_study(),
            width_study(),
            depth_study(),
            regularization_study("regularization", "0"),
            regularization_study("regularization_noise", "25"),
            batch_size_study(),
            features_study(),
            activation_study()};
}

std::vector<Study> studies_called(const std::vector<std::string>& names) {
    const auto studies = all_studies();
    if (names.empty())
        return studies;
    std::string known;
    for (const auto& study : studies)
        known += (known.empty() ? "" : ", ") + study.name;
    std::vector<Study> called;
    for (const auto& study : studies)
        if (std::find(names.begin(), names.end(), study.name) != names.end())
            called.push_back(study);
    for (const auto& name : names)
        if (std::none_of(called.begin(), called.end(),
                         [&](const Study& study) { return study.name == name; }))
            throw ValueError(fmt::format("--studies names \"{}\", it may name {}", name, known));
    return called;
}

} // namespace handgrad::study
