#pragma once

/// @file
/// A configuration as a link to playground.tensorflow.org, read and written as the site does.

#include "configuration.hpp"

#include <string>
#include <string_view>

namespace handgrad::playground {

/// Where the site lives.
inline constexpr std::string_view site = "https://playground.tensorflow.org/";

/// Reads a link of the site.
///
/// Keys that the site does not know are ignored, and where one comes twice the last counts, as
/// there. A value that the site would silently replace or choke on is refused.
/// @param url the whole link, or the part from the # on, or the settings alone
/// @throws ValueError naming the key, its value and what it may be
Configuration read_url(std::string_view url);

/// The link that opens `configuration` on the site, in the words and order that the site uses.
std::string write_url(const Configuration& configuration);

/// The shortest decimal that reads back as `number`, without an exponent from 1e-6 up: a number as
/// the links have it.
std::string decimal(double number);

} // namespace handgrad::playground
