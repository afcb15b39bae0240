#pragma once

/// @file
/// How far a vector is from the means of others: what is a subgradient where slopes meet.

#include <vector>

namespace handgrad {

/// How far `point` is from the nearest mean of `pieces`, with weights that are not negative and add
/// up to 1, in the entry where it is furthest; infinity where an entry is not finite. What the
/// weights lack of 1 counts as one more entry: it is no distance in space, but 0 for means alone.
///
/// Solves for the weights by Lawson and Hanson's algorithm ("Solving Least Squares Problems", 1974,
/// chapter 23).
/// @param pieces each as long as `point`
/// @param near_enough how far is as good as nothing
double distance_from_means(const std::vector<double>& point,
                           const std::vector<std::vector<double>>& pieces, double near_enough);

} // namespace handgrad
