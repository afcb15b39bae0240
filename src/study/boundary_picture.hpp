#pragma once

/// @file
/// What a network answers over the plane, as a picture.

#include "boundary.hpp"

#include <string>

namespace handgrad::study {

/// The panel on the right of the site, as SVG for screen and paper.
///
/// The answers are shown in the site's 31 shades from orange (−1) to blue (1), as ±1 where the link
/// says `discretize`, in grey where they are no numbers; a black line runs where they are 0. The
/// points that train lie on it, and with `showTestData` those that test, with a black rim. A label
/// from 0 on is a circle, one below a square, so that nothing depends on colours. As on the site,
/// points outside of the plane that is shown are left out.
/// @param title what is shown, in a line; it is printed above
std::string boundary_svg(const Configuration& configuration, const playground::Data& data,
                         const Boundary& boundary, const std::string& title);

} // namespace handgrad::study
