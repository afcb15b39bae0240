#pragma once

/// @file
/// Names for a wrong gradient that are told from its numbers.

#include "suspicion.hpp"

namespace handgrad::mistakes {

/// Equal in every entry, to within the rounding of another order of summation?
/// @param precision relative to the largest entry
bool matches(const Gradient& candidate, const Gradient& wrong, double precision);

/// The one factor between two gradients, if there is one.
std::optional<double> factor_between(const Gradient& wrong, const Gradient& right,
                                     double precision);

/// Adds what one factor in all entries is called.
/// @param section of the page, where the mistake is told
void name_factor(std::vector<Mistake>& found, const Evidence& e, double factor,
                 const std::string& section);

/// Adds what was added to the right gradient, if that has a name.
void name_difference(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                     const Gradient& wrong, const Gradient& right, const std::string& section);

/// Adds what is told from the entries one by one, where dz is dy or 0 everywhere, as it should be.
void name_gate(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
               const Gradient& wrong, const Gradient& right, const std::string& section);

/// Adds that each sample has the gradient of another one.
void name_order_of_samples(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                           const Gradient& wrong, const Gradient& right,
                           const std::string& section);

/// Adds that one output enters as often as it should not: with the wrong sign, or not at all.
void name_output(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                 const Gradient& wrong, const Gradient& right, const std::string& section);

/// Adds one factor in all entries that are wrong, where others are right.
void name_factor_of_some(std::vector<Mistake>& found, const Evidence& e, const Gradient& wrong,
                         const Gradient& right, const std::string& section);

} // namespace handgrad::mistakes
