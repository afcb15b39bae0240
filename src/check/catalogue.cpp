#include "catalogue.hpp"

#include "../handgrad.hpp"
#include "../losses/loss_layer.hpp"

#include <charconv>

namespace handgrad {

namespace {

// A check compares every entry and evaluates forward some ten times for each: beyond this many it
// would take hours
constexpr std::size_t most_entries = 100'000;

void refuse_large(std::string_view what, const Shape& shape) {
    std::size_t entries = 1;
    for (auto extent : shape)
        if (extent != 0 && (extent > most_entries || (entries *= extent) > most_entries))
            throw ValueError(fmt::format("{} {} has more than {} entries, too many to check one by "
                                         "one; choose a smaller one",
                                         what, text(shape), most_entries));
}

// A random tensor of a shape that the caller chose
Tensor<double> draw_tensor(std::string_view what, const Shape& shape, Draw& draw) {
    refuse_large(what, shape);
    return readable_probe(shape, draw);
}

// A random z, and room for the padding around it
Tensor<double> draw_image(const Setting& setting, Draw& draw) {
    auto z = draw_tensor("z", setting.shape, draw);
    if (const auto* sides = std::get_if<Sides>(&setting.padding); sides && z.dimension() == 4) {
        for (auto side : {sides->top, sides->bottom, sides->left, sides->right})
            refuse_large("padding of one side", {side});
        refuse_large("the padded z",
                     {z.shape(0), z.shape(1), z.shape(2) + sides->top + sides->bottom,
                      z.shape(3) + sides->left + sides->right});
    }
    return z;
}

// Names in a row, as a sentence lists them
std::string join(std::string_view before, const std::vector<std::string>& names) {
    std::string words;
    for (const auto& name : names)
        words += fmt::format("{}{}{}", words.empty() ? "" : ", ", before, name);
    return words;
}

// The whole numbers between the commas of `words`
std::vector<std::size_t> whole_numbers(std::string_view option, std::string_view words,
                                       std::size_t least, std::size_t most) {
    std::vector<std::size_t> numbers;
    const char* next = words.data();
    const char* const end = words.data() + words.size();
    bool understood = !words.empty();
    while (understood && next != end) {
        const auto [after, failure] = std::from_chars(next, end, numbers.emplace_back());
        const bool comma = after != end && *after == ',' && after + 1 != end;
        understood = failure == std::errc{} && (after == end || comma);
        next = comma ? after + 1 : after;
    }
    if (!understood || numbers.size() < least || numbers.size() > most)
        throw ValueError(fmt::format(
            "--{} is \"{}\", it must be {}", option, words,
            most == 1
                ? "one whole number"
                : fmt::format("{} to {} whole numbers with commas between them", least, most)));
    return numbers;
}

// "2,3", or "2" for both directions
Pair pair_from(std::string_view option, std::string_view words) {
    const auto numbers = whole_numbers(option, words, 1, 2);
    return {numbers.front(), numbers.back()};
}

Padding padding_from(std::string_view words) {
    if (words == "valid")
        return Valid{};
    if (words == "same")
        return Same{};
    try {
        const auto sides = whole_numbers("padding", words, 1, 4);
        if (sides.size() == 1)
            return Sides{sides[0], sides[0], sides[0], sides[0]};
        if (sides.size() == 4)
            return Sides{sides[0], sides[1], sides[2], sides[3]};
    } catch (const ValueError&) {
        // The sentence below says more
    }
    throw ValueError(fmt::format("--padding is \"{}\", it may be valid, same, one number for all "
                                 "sides, or four: top,bottom,left,right",
                                 words));
}

PaddingValue padding_value_from(std::string_view words) {
    if (words == "-inf")
        return PaddingValue::NegativeInfinity;
    if (words == "0")
        return PaddingValue::Zero;
    throw ValueError(fmt::format("--padding-value is \"{}\", it may be -inf or 0", words));
}

CheckReport run(const AnyRecipe& recipe, const Tensor<double>& z, const Setting& setting,
                std::string options) {
    auto report = check(recipe, z, setting.seed);
    report.configuration =
        "z " + text(z.shape()) + options + (setting.float32 ? ", in float32" : "");
    return report;
}

// The recipe, or the layer that it makes in float32
template <Recipe R>
AnyRecipe in_arithmetic(const Setting& setting, const R& recipe) {
    return setting.float32 ? in_float32(recipe) : AnyRecipe(recipe);
}

std::string padding_text(const Padding& padding) {
    if (std::holds_alternative<Valid>(padding))
        return "valid";
    if (std::holds_alternative<Same>(padding))
        return "same";
    const auto sides = std::get<Sides>(padding);
    return text(std::array{sides.top, sides.bottom, sides.left, sides.right});
}

CheckReport check_linear(const Setting& setting) {
    Draw draw(setting.seed);
    const auto z = draw_tensor("z", setting.shape, draw);
    const auto d_in = setting.shape.empty() ? 1 : setting.shape.back();
    const auto weight = draw_tensor("weight", {setting.outputs, d_in}, draw);
    const auto bias = draw_tensor("bias", {setting.outputs}, draw);
    return run(in_arithmetic(setting, recipe<Linear>(weight, bias)), z, setting,
               ", weight " + text(weight.shape()));
}

CheckReport check_conv2d(const Setting& setting) {
    Draw draw(setting.seed);
    const auto z = draw_image(setting, draw);
    const auto C_in = setting.shape.size() < 2 ? 1 : setting.shape[1];
    const auto weight =
        draw_tensor("weight", {setting.outputs, C_in, setting.kernel[0], setting.kernel[1]}, draw);
    const auto bias = draw_tensor("bias", {setting.outputs}, draw);
    const Conv2dOptions options{setting.stride, setting.padding, setting.dilation};
    return run(in_arithmetic(setting, recipe<Conv2d>(weight, bias, options)), z, setting,
               fmt::format(", weight {}, stride {}, padding {}, dilation {}", text(weight.shape()),
                           text(setting.stride), padding_text(setting.padding),
                           text(setting.dilation)));
}

CheckReport check_max_pool2d(const Setting& setting) {
    Draw draw(setting.seed);
    const auto z = draw_image(setting, draw);
    const MaxPool2dOptions options{setting.kernel, setting.stride, setting.padding,
                                   setting.padding_value};
    return run(in_arithmetic(setting, recipe<MaxPool2d>(options)), z, setting,
               fmt::format(", kernel {}, stride {}, padding {}{}", text(setting.kernel),
                           text(setting.stride), padding_text(setting.padding),
                           setting.padding_value == PaddingValue::Zero ? " with zeros" : ""));
}

template <template <class> class L>
CheckReport check_plain(const Setting& setting) {
    Draw draw(setting.seed);
    return run(in_arithmetic(setting, recipe<L>()), draw_tensor("z", setting.shape, draw), setting,
               "");
}

template <template <class> class Loss>
CheckReport check_loss(const Setting& setting) {
    Draw draw(setting.seed);
    const auto z = draw_tensor("z", setting.shape, draw);
    auto target = draw_tensor("target", setting.shape, draw);
    if (setting.float32)
        target = Arithmetic::float32().rounded(target);
    return run(in_arithmetic(setting, recipe<LossLayer<Loss>::template Over>(target)), z, setting,
               "");
}

// Every stride with every padding and every dilation; the sides differ so that none can be taken
// for another
std::vector<Setting> conv2d_settings() {
    std::vector<Setting> settings;
    for (const Pair stride : {Pair{1, 1}, Pair{2, 1}, Pair{2, 3}})
        for (const Padding padding :
             {Padding(Valid{}), Padding(Same{}), Padding(Sides{1, 0, 2, 1})})
            for (const Pair dilation : {Pair{1, 1}, Pair{2, 1}, Pair{1, 3}})
                settings.push_back({.shape = {2, 2, 6, 7},
                                    .outputs = 3,
                                    .kernel = {3, 2},
                                    .stride = stride,
                                    .padding = padding,
                                    .dilation = dilation});
    // The homework's hint, and a kernel of one entry
    settings.push_back({.shape = {1, 1, 3, 3}, .outputs = 1});
    settings.push_back({.shape = {3, 2, 4, 4}, .outputs = 2, .kernel = {1, 1}});
    return settings;
}

// Windows apart, side by side and overlapping, with every padding
std::vector<Setting> max_pool2d_settings() {
    std::vector<Setting> settings;
    for (const Pair stride : {Pair{1, 1}, Pair{3, 2}, Pair{2, 3}})
        for (const Padding padding :
             {Padding(Valid{}), Padding(Same{}), Padding(Sides{1, 0, 1, 1})})
            for (const auto value : {PaddingValue::NegativeInfinity, PaddingValue::Zero})
                if (!std::holds_alternative<Valid>(padding) ||
                    value == PaddingValue::NegativeInfinity)
                    settings.push_back({.shape = {2, 2, 7, 6},
                                        .kernel = {3, 2},
                                        .stride = stride,
                                        .padding = padding,
                                        .padding_value = value});
    settings.push_back({.shape = {1, 1, 3, 3}});
    return settings;
}

} // namespace

const std::vector<Subject>& subjects() {
    const std::vector<Setting> any_shape{
        {.shape = {3, 5}}, {.shape = {1, 1, 3, 3}}, {.shape = {2, 2, 3, 4}}};
    const std::vector<Setting> rows{{.shape = {1, 2}}, {.shape = {4, 5}}};
    static const std::vector<Subject> all{
        {"linear",
         {"shape", "outputs"},
         {{.shape = {1, 1}, .outputs = 1},
          {.shape = {1, 3}, .outputs = 2},
          {.shape = {4, 5}, .outputs = 3}},
         check_linear},
        {"conv2d",
         {"shape", "outputs", "kernel", "stride", "padding", "dilation"},
         conv2d_settings(),
         check_conv2d},
        {"max_pool2d",
         {"shape", "kernel", "stride", "padding", "padding-value"},
         max_pool2d_settings(),
         check_max_pool2d},
        {"tanh", {"shape"}, any_shape, check_plain<Tanh>},
        {"relu", {"shape"}, any_shape, check_plain<ReLU>},
        {"sigmoid", {"shape"}, any_shape, check_plain<Sigmoid>},
        {"softmax", {"shape"}, any_shape, check_plain<Softmax>},
        {"flatten", {"shape"}, any_shape, check_plain<Flatten>},
        {"squared_error", {"shape"}, any_shape, check_loss<SquaredError>},
        {"cross_entropy", {"shape"}, rows, check_loss<CrossEntropy>},
    };
    return all;
}

const Subject& subject(std::string_view name) {
    std::vector<std::string> known;
    for (const auto& candidate : subjects()) {
        if (candidate.name == name)
            return candidate;
        known.push_back(candidate.name);
    }
    throw NameError(fmt::format("there is no layer \"{}\"; there are {}", name, join("", known)));
}

Setting setting_from(const Subject& subject,
                     const std::vector<std::pair<std::string, std::string>>& options) {
    Setting setting = subject.settings.front();
    for (const auto& [name, words] : options) {
        if (std::find(subject.options.begin(), subject.options.end(), name) ==
            subject.options.end())
            throw NameError(fmt::format("{} has no option --{}; it has {}", subject.name, name,
                                        join("--", subject.options)));
        if (name == "shape")
            setting.shape = whole_numbers(name, words, 1, 8);
        else if (name == "outputs")
            setting.outputs = whole_numbers(name, words, 1, 1)[0];
        else if (name == "kernel")
            setting.kernel = pair_from(name, words);
        else if (name == "stride")
            setting.stride = pair_from(name, words);
        else if (name == "dilation")
            setting.dilation = pair_from(name, words);
        else if (name == "padding")
            setting.padding = padding_from(words);
        else
            setting.padding_value = padding_value_from(words);
    }
    return setting;
}

} // namespace handgrad
