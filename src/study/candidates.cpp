#include "candidates.hpp"

#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string_view>

namespace handgrad::study {

namespace {

// Draws that are the same with every standard library, whose distributions differ.
class Draws {
public:
    // The same seed gives the same draws.
    explicit Draws(std::uint64_t seed) : bits_(seed) {}

    // A whole number from 0 to `count` − 1. A remainder favours none of so few by more than one
    // part in 2^56.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits_() % count); }

    // Whole numbers from 0 to `count` − 1 in a random order.
    std::vector<std::size_t> order(std::size_t count) {
        std::vector<std::size_t> places(count);
        std::iota(places.begin(), places.end(), std::size_t(0));
        for (std::size_t left = count; left > 1; --left)
            std::swap(places[left - 1], places[below(left)]);
        return places;
    }

private:
    std::mt19937_64 bits_;
};

const std::string coordinates = "x=true&y=true";
const std::string squares = "&xSquared=true&ySquared=true", product = "&xTimesY=true";
const std::string sines = "&sinX=true&sinY=true";

// Where good settings are to be expected: the middle of the site's learning rates, wide layers,
// and the inputs that a person would think of.
std::vector<Configuration> coarse_grid() {
    return grid({factor("activation", {"tanh", "relu", "sigmoid"}),
                 factor("networkShape", {"8", "8,8", "8,8,8", "8,8,8,8", "8,8,8,8,8,8"}),
                 factor("batchSize", {"3", "10"}),
                 {coordinates, coordinates + squares, coordinates + sines,
                  coordinates + squares + product + sines},
                 factor("learningRate", {"0.01", "0.03", "0.1", "0.3"})});
}

// Networks that are told only x and y, and need more layers for that.
std::vector<Configuration> two_inputs_grid() {
    return grid({factor("activation", {"tanh", "relu"}),
                 factor("networkShape", {"8,8", "8,8,8", "8,8,8,8", "8,8,8,8,8", "8,8,8,8,8,8"}),
                 factor("batchSize", {"1", "3", "10"}),
                 {coordinates},
                 factor("learningRate", {"0.01", "0.03", "0.1", "0.3"})});
}

// Networks of `neurons` tanh neurons in one hidden layer or two, the second no wider than the
// first.
std::vector<Configuration> small_grid(std::size_t neurons) {
    std::vector<std::string> shapes = {fmt::format("{}", neurons)};
    for (std::size_t second = 1; 2 * second <= neurons; ++second)
        shapes.push_back(fmt::format("{},{}", neurons - second, second));
    return grid({factor("networkShape", shapes),
                 factor("batchSize", {"3", "10"}),
                 {coordinates + sines, coordinates + product + sines, coordinates + squares + sines,
                  coordinates + squares + product + sines},
                 factor("learningRate", {"0.03", "0.1", "0.3"})});
}

} // namespace

Factor factor(const std::string& key, const std::vector<std::string>& values) {
    Factor ways;
    for (const auto& value : values)
        ways.push_back(key + "=" + value);
    return ways;
}

std::vector<Configuration> grid(const std::vector<Factor>& factors) {
    std::vector<std::string> links = {"#dataset=spiral"};
    for (const auto& ways : factors) {
        std::vector<std::string> longer;
        for (const auto& link : links)
            for (const auto& way : ways)
                longer.push_back(link + "&" + way);
        links = std::move(longer);
    }
    std::vector<Configuration> configurations;
    for (const auto& link : links)
        configurations.push_back(playground::read_url(link));
    return configurations;
}

std::string describe_inputs(const Configuration& configuration) {
    static const std::map<std::string_view, std::string> formulas{
        {"x", "x"},        {"y", "y"},        {"xSquared", "x²"}, {"ySquared", "y²"},
        {"xTimesY", "xy"}, {"sinX", "sin x"}, {"sinY", "sin y"}};
    const auto used = configuration.used_features();
    if (used.size() == formulas.size())
        return "all seven";
    std::string words;
    for (const auto& feature : used)
        words += (words.empty() ? "" : ", ") + formulas.at(feature.key);
    return words;
}

std::string describe(const Configuration& configuration) {
    const auto& hidden = configuration.network_shape;
    std::string words =
        hidden.empty()
            ? "no hidden layer"
            : fmt::format("{} {}", name_in(playground::activations, configuration.activation),
                          playground::shape_text(hidden));
    words += fmt::format("; rate {}; batch {}", playground::decimal(configuration.learning_rate),
                         configuration.batch_size);
    if (configuration.regularization != playground::Regularization::none)
        words += fmt::format("; {} {}",
                             name_in(playground::regularizations, configuration.regularization),
                             playground::decimal(configuration.regularization_rate));
    return words + "; inputs " + describe_inputs(configuration);
}

std::vector<Configuration> random_design(std::size_t families) {
    // The site's menus and sliders; a rate of 0 is what its kind "none" does
    static const std::vector<double> learning_rates = {0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03,
                                                       0.1,     0.3,    1,     3,     10};
    static const std::vector<double> regularization_rates = {0.001, 0.003, 0.01, 0.03, 0.1,
                                                             0.3,   1,     3,    10};
    constexpr std::size_t members = 8, most_layers = 6, most_neurons = 8, most_batch = 30;

    Draws draws(1);
    std::vector<Configuration> configurations;
    for (std::size_t family = 0; family < families; ++family) {
        Configuration common = playground::read_url("#dataset=spiral");
        common.activation = playground::activations[draws.below(4)].value;
        common.regularization = playground::regularizations[draws.below(3)].value;
        common.batch_size = 1 + draws.below(most_batch);
        common.network_shape.resize(draws.below(most_layers + 1));
        for (auto& neurons : common.network_shape)
            neurons = 1 + draws.below(most_neurons);
        const std::size_t inputs = 1 + draws.below(common.inputs.size());
        const auto rates = draws.order(learning_rates.size());
        for (std::size_t member = 0; member < members; ++member) {
            auto& configuration = configurations.emplace_back(common);
            configuration.learning_rate = learning_rates[rates[member]];
            if (common.regularization != playground::Regularization::none)
                configuration.regularization_rate =
                    regularization_rates[draws.below(regularization_rates.size())];
            configuration.inputs.fill(false);
            const auto order = draws.order(configuration.inputs.size());
            for (std::size_t place = 0; place < inputs; ++place)
                configuration.inputs[order[place]] = true;
        }
    }
    return configurations;
}

std::vector<Setting> search_candidates(std::size_t families, std::size_t every) {
    std::vector<Configuration> configurations;
    const auto add_grid = [&](const std::vector<Configuration>& grid) {
        for (std::size_t place = 0; place < grid.size(); place += every)
            configurations.push_back(grid[place]);
    };
    add_grid(coarse_grid());
    add_grid(two_inputs_grid());
    for (std::size_t neurons = 1; neurons <= most_neurons_of_ladder; ++neurons)
        add_grid(small_grid(neurons));
    const auto random = random_design(families);
    configurations.insert(configurations.end(), random.begin(), random.end());

    std::vector<Setting> candidates;
    std::set<std::string> links;
    for (const auto& configuration : configurations)
        if (links.insert(playground::write_url(configuration)).second)
            candidates.push_back({describe(configuration), configuration});
    return candidates;
}

} // namespace handgrad::study
