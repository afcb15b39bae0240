#pragma once

/// @file
/// The whole Jacobian of a layer by the complex step: the forward pass on complex numbers whose
/// imaginary part is an infinitely small move. Source: Squire and Trapp, "Using complex variables
/// to estimate derivatives of real functions", SIAM Review 40 (1998); Lyness and Moler, "Numerical
/// differentiation of analytic functions", SIAM Journal on Numerical Analysis 4 (1967).

#include "jacobian.hpp"

#include <complex>

namespace handgrad {

/// How far an input is moved along the imaginary axis.
///
/// For a real function f that can be developed into a power series,
///
///     f(z + i h) = f(z) + i h f′(z) − h² f″(z) / 2 − i h³ f‴(z) / 6 + …
///
/// so the imaginary part divided by h is f′(z) − h² f‴(z) / 6 + …: nothing is subtracted from
/// anything like it, and h may be so small that the rest vanishes. From about 1e-30 on it vanishes
/// beside every ordinary f′. The step taken here is smaller still: its square, 2⁻¹⁰⁸⁰, is 0 in
/// double, so that real parts are not moved at all, and a comparison of them takes the branch that
/// it takes in double. It is a power of two, so to divide by it does not round; and half of the
/// range of double is left below it, so that a derivative of 2⁻⁴⁸⁰ or more keeps all its digits.
/// It need not grow or shrink with z, beside which it is never added.
inline constexpr double complex_step = 0x1p-540;

/// The entries of the Jacobian, in the order of `structure.input`, by one forward pass on complex
/// numbers for every colour. It knows nothing of the rules of differentiation, and is right to the
/// rounding of the forward pass.
///
/// What it needs of forward is that every function in it continues to complex numbers: + − × ÷,
/// exp, log, tanh, sqrt, sin and cos do, and branches on `value_of`. The absolute value of a
/// complex number, its conjugate and its real part do not: a forward that calls `std::abs(z)` has
/// a derivative of 0 here. An oracle that differs from the others only here accuses forward, not
/// backward.
///
/// @param forward the layer's forward pass
/// @param inputs z, then the parameters in the layer's order
/// @param structure which inputs each output depends on; `forward_mode_jacobian` finds it
std::vector<double> complex_step_jacobian(AnyForward<std::complex<double>>& forward,
                                          const std::vector<Tensor<double>>& inputs,
                                          const Structure& structure);

} // namespace handgrad
