#pragma once

/// @file
/// Lanes in the processor's own vector registers, by xsimd.

#include "lanes.hpp"

#include <xsimd/xsimd.hpp>

namespace handgrad {

/// A vector register of doubles: 2 with SSE2, 4 with AVX, 8 with AVX-512.
template <class Architecture>
struct RegisterTraits<xsimd::batch<double, Architecture>> {
    using Register = xsimd::batch<double, Architecture>;    ///< the register
    using Bits = xsimd::batch<std::uint64_t, Architecture>; ///< its bits
    using Mask = typename Register::batch_bool_type;        ///< what a comparison gives
    static constexpr std::size_t lanes = Register::size;    ///< how many numbers there are

    /// `number` in all lanes
    static Register broadcast(double number) { return Register(number); }
    /// One for each lane
    static Register load(const double* numbers) { return Register::load_unaligned(numbers); }
    /// One from each lane
    static void store(const Register& a, double* numbers) { a.store_unaligned(numbers); }
    /// a where the condition holds, else b
    static Register select(const Mask& condition, const Register& a, const Register& b) {
        return xsimd::select(condition, a, b);
    }
    /// |a|
    static Register abs(const Register& a) { return xsimd::abs(a); }
    /// |size| with the sign of a
    static Register with_sign_of(const Register& a, const Register& size) {
        return xsimd::copysign(size, a);
    }
    /// Towards 0
    static Register truncate(const Register& a) { return xsimd::trunc(a); }
    /// 2^k, as elementary::power_of_two makes it
    static Register power_of_two(const Register& k) {
        const Register shifted = k + Register(0x1p52 + 1023);
        return xsimd::bitwise_cast<Register>(xsimd::bitwise_cast<Bits>(shifted) << 52);
    }
};

/// As many lanes as the widest register has for which this file is compiled.
using SimdLanes = Lanes<xsimd::batch<double>>;

} // namespace handgrad
