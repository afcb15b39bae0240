#pragma once

/// @file
/// Suspicions: the mistakes that are known, each with the gradient that it would have given.

#include "../diagnosis.hpp"

#include <initializer_list>

namespace handgrad::mistakes {

/// dz or the gradient of a parameter.
using Gradient = Tensor<double>;

/// A mistake and the gradient it would have given, worked out when it is tried.
struct Suspicion {
    std::string name;                                  ///< in a few words, as a report has it
    std::string sentence;                              ///< what is done, and what belongs there
    std::function<std::optional<Gradient>()> gradient; ///< none where it cannot be worked out
};

/// All that can be suspected of one gradient, the most specific first.
using Catalogue = std::vector<Suspicion>;

/// @{ Adds to the catalogue what may be wrong with the gradient of one input, where it can be:
/// `place` is 0 for z, then counts the parameters; `right` is the gradient that it should have. The
/// suspicions refer to the evidence.
void suspect_upstream(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_sums(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_left_out(Catalogue& all, const Gradient& right);
void suspect_arrangement(Catalogue& all, const Gradient& right);
void suspect_memory(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_parameter(Catalogue& all, const Evidence& e, std::size_t place, const Gradient& right);
void suspect_weight(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_convolution(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_pooling(Catalogue& all, const Evidence& e, std::size_t place);
void suspect_elementwise(Catalogue& all, const Evidence& e, std::size_t place,
                         const Gradient& right);
/// @}

} // namespace handgrad::mistakes
