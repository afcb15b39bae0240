#pragma once

/// @file
/// The contract of layers/layer.hpp as checks that every layer's test runs.

#include "any_subject.hpp"
#include "testing.hpp"

namespace handgrad::testing {

/// dz and the gradients are linear in dy: backward(a + 2 b) = backward(a) + 2 backward(b). Exact,
/// so for layers whose backward pass on whole numbers is.
void check_linear_in_dy(const AnySubject& subject);

/// All of the contract but linearity, which needs exact arithmetic.
/// @param who the layer as messages call it
void check_contract(const AnySubject& subject, std::string_view who);

} // namespace handgrad::testing
