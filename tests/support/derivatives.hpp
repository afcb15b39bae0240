#pragma once

/// @file
/// A layer over every number type, and its backward pass against two derivatives of its forward
/// pass that know nothing of it: the complex step and dual numbers.

#include "any_subject.hpp"
#include "random.hpp"
#include "rounding.hpp"
#include "testing.hpp"

namespace handgrad::testing {

/// Every entry of dz and of each parameter's gradient is what a dual number finds, four entries an
/// evaluation.
/// @param roundings on the way to an entry of a gradient; `exact` where there are none
void check_every_entry(const AnySubject& subject, std::size_t roundings);

/// The backward pass against the derivatives of the forward pass, and over every number type.
/// @param roundings on the way to an entry of y or of a gradient; `exact` where there are none
void check_derivatives(const AnySubject& subject, std::size_t roundings);

} // namespace handgrad::testing
