#include "url.hpp"

#include "../errors.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace handgrad::playground {

namespace {

// As much of `text` as a sentence can bear
std::string excerpt(std::string_view text) {
    constexpr std::size_t most = 40;
    return text.size() <= most ? std::string(text) : std::string(text.substr(0, most)) + "…";
}

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view rule) {
    throw ValueError(fmt::format("{} is \"{}\", it may be {}", key, excerpt(value), rule));
}

// A decimal number that the site's JavaScript would read alike, else NaN
double number(std::string_view value) {
    const std::string digits(value);
    char* end = nullptr;
    const double result = std::strtod(digits.c_str(), &end);
    const bool decimal = digits.find_first_not_of("0123456789+-.eE") == std::string::npos;
    return decimal && !digits.empty() && *end == '\0' ? result : std::nan("");
}

// A number from `least` to `most`
double number(std::string_view key, std::string_view value, double least, double most,
              std::string_view rule) {
    const double result = number(value);
    if (!(result >= least && result <= most))
        refuse(key, value, rule);
    return result;
}

// A whole number from `least` to `most`
std::size_t whole(std::string_view key, std::string_view value, double least, double most,
                  std::string_view rule) {
    const double result = number(key, value, least, most, rule);
    if (result != std::floor(result))
        refuse(key, value, rule);
    return static_cast<std::size_t>(result);
}

bool boolean(std::string_view key, std::string_view value) {
    if (value != "true" && value != "false")
        refuse(key, value, "true or false");
    return value == "true";
}

// The entry of `table` that is called `value`
template <class Table>
const auto& choice(std::string_view key, std::string_view value, const Table& table) {
    std::string known;
    for (const auto& entry : table) {
        if (entry.key == value)
            return entry;
        known += (known.empty() ? "" : ", ") + std::string(entry.key);
    }
    refuse(key, value, "one of " + known);
}

// The site's buttons stop at 6 layers of 8 neurons, its links do not; these bounds keep a slip of
// the finger from asking for gigabytes
constexpr std::size_t most_layers = 20;
constexpr double most_neurons = 100;

std::vector<std::size_t> network_shape(std::string_view value) {
    constexpr std::string_view rule =
        "whole numbers from 1 to 100 with commas between, one a hidden layer, at most 20";
    std::vector<std::size_t> shape;
    for (std::size_t start = 0; start <= value.size();) {
        const auto comma = std::min(value.find(',', start), value.size());
        const auto neurons = value.substr(start, comma - start);
        if (const double count = number(neurons);
            !(count >= 1 && count <= most_neurons && count == std::floor(count)) ||
            shape.size() == most_layers)
            refuse("networkShape", value, rule);
        else
            shape.push_back(static_cast<std::size_t>(count));
        start = comma + 1;
    }
    return shape;
}

std::string words(bool value) {
    return value ? "true" : "false";
}

// One key of the site's links: how it is read into a configuration and written from it
struct Key {
    std::string_view name;
    void (*read)(Configuration& configuration, std::string_view name, std::string_view value);
    std::string (*write)(const Configuration& configuration, std::string_view name);
};

std::size_t place_of_feature(std::string_view name) {
    const auto feature = std::find_if(features.begin(), features.end(),
                                      [&](const Feature& entry) { return entry.key == name; });
    return static_cast<std::size_t>(feature - features.begin());
}

// Is this function of a point an input?
constexpr Key feature(std::string_view name) {
    return {name,
            [](Configuration& configuration, std::string_view name, std::string_view value) {
                configuration.inputs[place_of_feature(name)] = boolean(name, value);
            },
            [](const Configuration& configuration, std::string_view name) {
                return words(configuration.inputs[place_of_feature(name)]);
            }};
}

// A true or false that only the look of the page depends on
constexpr Key display(std::string_view name) {
    return {name,
            [](Configuration& configuration, std::string_view name, std::string_view value) {
                if (boolean(name, value))
                    configuration.display[std::string(name)] = "true";
                else
                    configuration.display.erase(std::string(name));
            },
            [](const Configuration& configuration, std::string_view name) {
                return words(configuration.display.count(std::string(name)) > 0);
            }};
}

using Text = std::string_view;

// All keys in the order in which the site writes them; one that has nothing to say is left out
const std::array keys = {
    Key{"activation",
        [](Configuration& to, Text name, Text value) {
            to.activation = choice(name, value, activations).value;
        },
        [](const Configuration& from, Text) {
            return std::string(name_in(activations, from.activation));
        }},
    Key{"regularization",
        [](Configuration& to, Text name, Text value) {
            to.regularization = choice(name, value, regularizations).value;
        },
        [](const Configuration& from, Text) {
            return from.regularization == Regularization::none
                       ? ""
                       : std::string(name_in(regularizations, from.regularization));
        }},
    Key{"batchSize",
        [](Configuration& to, Text name, Text value) {
            to.batch_size = whole(name, value, 1, 1200, "a whole number from 1 to 1200");
        },
        [](const Configuration& from, Text) { return fmt::format("{}", from.batch_size); }},
    Key{"dataset",
        [](Configuration& to, Text name, Text value) {
            to.dataset = choice(name, value, classification_datasets);
        },
        [](const Configuration& from, Text) { return std::string(from.dataset.key); }},
    Key{"regDataset",
        [](Configuration& to, Text name, Text value) {
            to.regression_dataset = choice(name, value, regression_datasets);
        },
        [](const Configuration& from, Text) { return std::string(from.regression_dataset.key); }},
    Key{"learningRate",
        [](Configuration& to, Text name, Text value) {
            to.learning_rate = number(name, value, 0, 1e6, "a number from 0 to 1000000");
        },
        [](const Configuration& from, Text) { return decimal(from.learning_rate); }},
    Key{"regularizationRate",
        [](Configuration& to, Text name, Text value) {
            to.regularization_rate = number(name, value, 0, 1e6, "a number from 0 to 1000000");
        },
        [](const Configuration& from, Text) { return decimal(from.regularization_rate); }},
    Key{"noise",
        [](Configuration& to, Text name, Text value) {
            // The site puts 50 in the place of more than 80
            to.noise = number(name, value, 0, 80, "a number from 0 to 80 (per cent)");
        },
        [](const Configuration& from, Text) { return decimal(from.noise); }},
    Key{"networkShape",
        [](Configuration& to, Text, Text value) { to.network_shape = network_shape(value); },
        [](const Configuration& from, Text) { return shape_text(from.network_shape); }},
    Key{"seed", [](Configuration& to, Text, Text value) { to.seed = value; },
        [](const Configuration& from, Text) { return from.seed; }},
    display("showTestData"),
    display("discretize"),
    Key{"percTrainData",
        [](Configuration& to, Text name, Text value) {
            // One point at least has to train, and one to test
            to.train_percentage = number(name, value, 1, 99, "a number from 1 to 99 (per cent)");
        },
        [](const Configuration& from, Text) { return decimal(from.train_percentage); }},
    feature("x"),
    feature("y"),
    feature("xTimesY"),
    feature("xSquared"),
    feature("ySquared"),
    display("cosX"),
    feature("sinX"),
    display("cosY"),
    feature("sinY"),
    display("collectStats"),
    Key{"tutorial", [](Configuration& to, Text, Text value) { to.display["tutorial"] = value; },
        [](const Configuration& from, Text) {
            const auto entry = from.display.find("tutorial");
            return entry == from.display.end() ? "" : entry->second;
        }},
    Key{"problem",
        [](Configuration& to, Text name, Text value) {
            to.problem = choice(name, value, problems).value;
        },
        [](const Configuration& from, Text) {
            return std::string(name_in(problems, from.problem));
        }},
    Key{"initZero",
        [](Configuration& to, Text name, Text value) { to.init_zero = boolean(name, value); },
        [](const Configuration& from, Text) { return words(from.init_zero); }},
    display("hideText"),
};

constexpr std::string_view hide_suffix = "_hide";

bool hides(std::string_view name) {
    return name.size() > hide_suffix.size() &&
           name.substr(name.size() - hide_suffix.size()) == hide_suffix;
}

// Take one key = value; what the site does not know has no meaning
void read(Configuration& configuration, std::string_view name, std::string_view value) {
    if (hides(name) && value == "true")
        configuration.display[std::string(name)] = value;
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    if (key == keys.end())
        return;
    // No value is the usual value; only a network without hidden layers is written so
    if (value.find_first_not_of(' ') != std::string_view::npos)
        key->read(configuration, name, value);
    else if (name == "networkShape")
        configuration.network_shape.clear();
}

// `url` as a browser's address line has it: without the spaces around it and the line breaks in it,
// and with %XX in the place of the characters that it replaces
std::string as_in_a_browser(std::string_view url) {
    const auto is_blank = [](char letter) { return static_cast<unsigned char>(letter) <= 0x20; };
    while (!url.empty() && is_blank(url.front()))
        url.remove_prefix(1);
    while (!url.empty() && is_blank(url.back()))
        url.remove_suffix(1);
    std::string address;
    for (const char letter : url) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '\t' || letter == '\n' || letter == '\r')
            continue;
        const bool kept = byte > 0x20 && byte < 0x7f && !std::strchr("\"<>`", letter);
        address += kept ? std::string(1, letter) : fmt::format("%{:02X}", byte);
    }
    return address;
}

// Is `address`, what stands before the #, the site's? https:// and what follows the name may lack
bool is_site(std::string_view address) {
    for (const std::string_view scheme : {"https://", "http://"})
        if (address.substr(0, scheme.size()) == scheme) {
            address.remove_prefix(scheme.size());
            break;
        }
    constexpr std::string_view name = "playground.tensorflow.org";
    return address.substr(0, name.size()) == name &&
           (address.size() == name.size() || std::strchr("/?", address[name.size()]));
}

// The settings: what stands behind the #, or all of it where nothing of an address is there
std::string settings_of(std::string_view url) {
    const auto link = as_in_a_browser(url);
    const auto hash = link.find('#');
    const auto address = link.substr(0, hash);
    const bool has_settings = address.find('=') != std::string::npos;
    if (hash != std::string::npos && (address.empty() || is_site(address)))
        return link.substr(hash + 1);
    if (hash == std::string::npos && !has_settings && (address.empty() || is_site(address)))
        return "";
    if (hash == std::string::npos && has_settings && address.find("/") > address.find('='))
        return link;
    throw ValueError(
        fmt::format("the link is \"{}\", it may be {}#key=value&key=value…", excerpt(link), site));
}

// The value of each key; where a key comes twice, the last
std::map<std::string, std::string> values_of(const std::string& settings) {
    std::map<std::string, std::string> values;
    for (std::size_t start = 0; start < settings.size();) {
        const auto end = std::min(settings.find('&', start), settings.size());
        const std::string setting = settings.substr(start, end - start);
        start = end + 1;
        if (setting.empty())
            continue;
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw ValueError(fmt::format(
                "the link has \"{}\", it may have key=value, with & between", excerpt(setting)));
        // The site takes what stands up to another =
        values[setting.substr(0, equals)] =
            setting.substr(equals + 1, setting.find('=', equals + 1) - equals - 1);
    }
    return values;
}

} // namespace

std::string decimal(double number) {
    if (std::abs(number) >= 1e-6 && std::abs(number) < 1e15)
        for (int places = 0;; ++places)
            if (auto digits = fmt::format("{:.{}f}", number, places);
                std::strtod(digits.c_str(), nullptr) == number)
                return digits;
    return fmt::format("{}", number);
}

Configuration read_url(std::string_view url) {
    Configuration configuration;
    for (const auto& [name, value] : values_of(settings_of(url)))
        read(configuration, name, value);
    if (configuration.used_features().empty())
        throw ValueError("no input is on; at least one of x, y, xSquared, ySquared, xTimesY, "
                         "sinX, sinY must be true and not hidden");
    return configuration;
}

std::string write_url(const Configuration& configuration) {
    std::string settings;
    const auto add = [&](std::string_view name, std::string_view value) {
        settings += fmt::format("{}{}={}", settings.empty() ? "" : "&", name, value);
    };
    for (const auto& key : keys) {
        const auto value = key.write(configuration, key.name);
        if (!value.empty() || key.name == "networkShape")
            add(key.name, value);
    }
    for (const auto& [name, value] : configuration.display)
        if (hides(name))
            add(name, value);
    return std::string(site) + "#" + settings;
}

} // namespace handgrad::playground
