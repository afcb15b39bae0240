#pragma once

/// @file
/// Numbers of every kind that a layer may meet.

#include "check/probe.hpp"

#include <rapidcheck.h>

#include <cmath>

namespace handgrad::soak {

/// How the numbers of a tensor are chosen.
enum class Kind {
    Readable,   ///< short decimals, no two alike
    AllSizes,   ///< sizes from 1e-8 to 1e8, mixed in one tensor
    OneSize,    ///< one size from 1e-8 to 1e8 for the whole tensor
    WholeSmall, ///< −2 … 2: ties and zeros
    Pool,       ///< three numbers, one of them 0: more ties
    NearTies,   ///< numbers that differ by a few parts in 2⁴⁰ to 2⁵²
};

/// One number of the given kind.
/// @param size of the tensor's numbers, where they have one
inline double number(Kind kind, double size, Draw& draw) {
    // 2⁵³ is how many doubles there are between 0 and 1
    const auto uniform = [&] {
        return static_cast<double>(draw.below(std::size_t{1} << 53)) * 0x1p-53;
    };
    const double sign = draw.below(2) ? 1 : -1;
    switch (kind) {
    case Kind::AllSizes:
        return sign * std::pow(10.0, 16 * uniform() - 8);
    case Kind::OneSize:
        return sign * size * (0.5 + uniform());
    case Kind::WholeSmall:
        return static_cast<double>(draw.below(5)) - 2;
    case Kind::Pool:
        return std::array{0.0, 0.75, -1.3}[draw.below(3)];
    case Kind::NearTies:
        return 1 + static_cast<double>(draw.below(8)) *
                       std::exp2(-40 - static_cast<double>(draw.below(13)));
    case Kind::Readable:
        break;
    }
    return 0;
}

/// A tensor of random numbers of a random kind; half of them can be held by a float.
inline Tensor<double> any_tensor(const Shape& shape, const std::vector<Kind>& kinds) {
    const Kind kind = *rc::gen::elementOf(kinds);
    const bool fits_float = *rc::gen::arbitrary<bool>();
    const int exponent = *rc::gen::inRange(-8, 9);
    Draw draw(*rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>()));
    Tensor<double> tensor = readable_probe(shape, draw);
    if (kind != Kind::Readable)
        for (auto& entry : tensor)
            entry = number(kind, std::pow(10.0, exponent), draw);
    if (fits_float)
        for (auto& entry : tensor)
            entry = static_cast<double>(static_cast<float>(entry));
    return tensor;
}

inline const std::vector<Kind> every_kind{Kind::Readable,   Kind::AllSizes, Kind::OneSize,
                                          Kind::WholeSmall, Kind::Pool,     Kind::NearTies};

/// A number from `least` to `most`.
inline std::size_t count(std::size_t least, std::size_t most) {
    return *rc::gen::inRange(least, most + 1);
}

} // namespace handgrad::soak
