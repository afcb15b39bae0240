#pragma once

/// @file
/// Every layer and loss of the project by name, with the configurations it is checked in.

#include "../layers/max_pool2d.hpp"
#include "report.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handgrad {

/// One configuration to check a layer in. A layer reads what it has and ignores the rest.
struct Setting {
    Shape shape;             ///< of z
    std::size_t outputs = 3; ///< C_out of conv2d, d_out of linear
    Pair kernel{2, 2};       ///< k_H, k_W
    Pair stride{1, 1};       ///< rows, columns
    Padding padding{};       ///< valid, same, or sides
    Pair dilation{1, 1};     ///< rows, columns
    PaddingValue padding_value = PaddingValue::NegativeInfinity; ///< of max_pool2d
    std::uint64_t seed = 1; ///< chooses z, the parameters and dy
    bool float32 = false;   ///< does the layer compute in float32? Else in double
};

/// A layer or loss that can be checked by name.
struct Subject {
    std::string name;                 ///< as the command line says it
    std::vector<std::string> options; ///< which of a `Setting` it reads: "shape", "stride", …
    std::vector<Setting> settings;    ///< what it is checked in when nothing else is asked
    std::function<CheckReport(const Setting&)> check; ///< checks it in one configuration
};

/// Every layer and loss, in the order of the book.
const std::vector<Subject>& subjects();

/// The layer or loss called `name`.
/// @throws NameError if there is none, with the names there are
const Subject& subject(std::string_view name);

/// A setting of `subject` from words, as the command line gives them; what is not named is as in
/// the first of its settings.
/// @param options pairs of a name ("shape", "stride", …) and its words: "2,3,8,8", "2" for both
///        directions, "same", "valid" or "top,bottom,left,right" for padding, "-inf" or "0" for
///        padding-value
/// @throws NameError if the subject does not read an option of that name
/// @throws ValueError if the words are not what the option takes
Setting setting_from(const Subject& subject,
                     const std::vector<std::pair<std::string, std::string>>& options);

} // namespace handgrad
