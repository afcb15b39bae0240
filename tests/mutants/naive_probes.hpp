#pragma once

/// @file
/// What simpler gradient checks do, for comparison: how they choose dy, and their tolerances.

#include "mutant.hpp"

namespace handgrad::mutants {

/// z and all parameters of a layer as one long vector that can be moved.
std::vector<double*> entries_of(PlainLayer& layer);

/// The gradient of ⟨y, dy⟩ by z and all parameters, as backward gives it.
std::vector<double> analytic_gradient(PlainLayer& layer, const Tensor<double>& dy);

/// Does the layer pass when every row of the Jacobian is compared, with dy = 1 in one entry and 0
/// in all others? The tolerance is 1e-5 + 1e-3 of the entry, as is usual in double.
bool passes_one_hot_of_one(PlainLayer layer);

/// Does the layer pass when one number is compared: uᵀ J v with random u, v ≥ 0? The tolerance is
/// the same.
bool passes_non_negative_projection(PlainLayer layer);

/// Does the layer pass when one number is compared: uᵀ J v with random u, v of both signs? The
/// tolerance is 1e-5 of the number, times the number of outputs.
bool passes_one_projection(PlainLayer layer);

} // namespace handgrad::mutants
