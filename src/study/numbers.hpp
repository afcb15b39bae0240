#pragma once

/// @file
/// Which code gave a run its numbers.

#include "run.hpp"

#include <string>
#include <vector>

namespace handgrad::study {

/// A digest of all bits of `runs`: losses, when they were measured, weights and when they were
/// remembered.
std::string digest_of(const std::vector<Run>& runs);

/// A digest of all bits of a few short runs, made anew by this program: with every activation and
/// regularization, on noisy data too. Code that computes other numbers has another version, so that
/// its runs are not taken for these, and no one needs to think of raising a number.
std::string numbers_version();

} // namespace handgrad::study
