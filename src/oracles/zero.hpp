#pragma once

/// @file
/// Is a formula 0 for all values of its variables?

#include "proof.hpp"

#include "../scalars/symbolic.hpp"

namespace handgrad {

/// A variable with the value that decides branches.
struct Assignment {
    GiNaC::ex variable; ///< a symbol
    double value;       ///< its witness
};

/// What is known of a formula.
struct ZeroVerdict {
    ProofVerdict verdict; ///< proven: it is 0; refuted: it is another function; or unknown
    GiNaC::ex remains;    ///< what it was brought to
    std::string tried;    ///< where it was evaluated: one sentence; empty if it is 0
};

/// Is `formula` 0 everywhere in the region around the witnesses?
///
/// It is brought to a normal form in three steps, each of which changes nothing of its value:
/// products of sums are multiplied out; tanh(u) becomes (E² − 1) / (E² + 1) with E = exp(u), and
/// the exponentials of different terms become variables of their own, of which exp(a + b) and
/// exp(2a) are products; fractions are brought to one denominator. A fraction of polynomials is 0
/// exactly if its numerator has no terms left. Where other functions remain, the normal form may
/// not be unique: then the formula is evaluated near the witnesses, with 50 digits; only where that
/// gives another number than 0 is it refuted.
///
/// @param formula what may be 0
/// @param witnesses every variable with its value
/// @param region in which points are tried
ZeroVerdict is_zero(const GiNaC::ex& formula, const std::vector<Assignment>& witnesses,
                    const std::vector<Decision>& region);

} // namespace handgrad
