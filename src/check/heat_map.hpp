#pragma once

/// @file
/// The error of every entry of every gradient as a picture.

#include "report.hpp"

#include <string>
#include <vector>

namespace handgrad {

/// The report as an SVG picture: every gradient as a grid in its own axes.
///
/// The last two axes of a gradient are the rows and columns of a panel; the axes before them lay
/// panels side by side and below each other, so that a dz is a table of images, one row of images a
/// sample and one column a channel. A long vector is broken into rows.
///
/// A cell is light where its entry is verified, the lighter the smaller its error is beside its
/// bound; dark with a cross where it is wrong, the darker the larger; striped where it is
/// undecided. The scale is logarithmic. The worst entry of each gradient is framed, and named in
/// words above the grid. In a browser, an entry that fails says its numbers under the mouse.
///
/// @param report a check; its entries' `times_bound` are what is drawn
std::string to_svg(const CheckReport& report);

/// The same for several reports as one HTML page that needs no other file: each with its heat map,
/// and its text where it fails.
std::string to_html(const std::vector<CheckReport>& reports);

} // namespace handgrad
