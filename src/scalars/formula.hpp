#pragma once

/// @file
/// Formulas for people: as text and as LaTeX, with terms and factors in an order that is the same
/// in every run.

#include "symbolic.hpp"

#include <string>

namespace handgrad {

/// A formula as a terminal shows it: `weight_01·dy_00 + weight_00·dy_01`.
///
/// Parameters stand before dy and dy before z in a product; a sum begins with what is added and
/// ends with what is subtracted, and both are sorted by dy first.
std::string formula_text(const GiNaC::ex& expression);

/// A formula as the book shows it, `\mathrm{weight_{01}} \cdot dy_{00} + …`, in the same order.
std::string formula_latex(const GiNaC::ex& expression);

/// What an answer says, as a terminal shows it: `z_00 < z_01`, `z_00 ≤ 0`.
std::string decision_text(const Decision& decision);

/// What an answer says, as the book shows it: `z_{00} < z_{01}`, `z_{00} \le 0`.
std::string decision_latex(const Decision& decision);

} // namespace handgrad
