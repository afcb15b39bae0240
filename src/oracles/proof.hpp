#pragma once

/// @file
/// What a symbolic proof says of a layer. It needs no computer algebra to read.

#include "../tensor.hpp"

#include <string>
#include <vector>

namespace handgrad {

/// What is known of an entry of a gradient, or of all of them.
enum class ProofVerdict {
    Proven,  ///< backward computes the derivative of forward, everywhere in the region
    Refuted, ///< it computes another function
    Unknown  ///< the difference was not brought to 0, and is 0 wherever it was tried
};

/// "proven", "refuted" or "unknown".
std::string text(ProofVerdict verdict);

/// An entry of a gradient that is not proven.
struct EntryProof {
    std::string entry;      ///< such as "dz_01"
    std::string derivative; ///< of ⟨forward(z), dy⟩, as a formula
    std::string claimed;    ///< what backward gives, as a formula
    std::string difference; ///< what remains of derivative − claimed
    ProofVerdict verdict;   ///< refuted or unknown
    std::string tried;      ///< a point at which the difference is not 0, or how many were tried
};

/// The gradient of z or of a parameter, entry by entry.
struct TensorProof {
    std::string name;                ///< "dz", "dweight"
    std::size_t entries = 0;         ///< how many it has
    std::size_t proven = 0;          ///< how many are proven
    std::vector<EntryProof> failing; ///< the others
};

/// A proof for one layer in one configuration, in one region.
struct Proof {
    std::string layer;                ///< such as "conv2d"
    std::string configuration;        ///< shapes
    std::vector<TensorProof> tensors; ///< dz first
    std::vector<std::string> region;  ///< what the numbers must fulfil, as text; nothing: all do
    std::vector<std::string> region_latex; ///< the same for the book
    std::string problem;                   ///< why nothing can be said; empty if it can

    /// Refuted if an entry is, else unknown if one is or there is a problem, else proven.
    ProofVerdict verdict() const;
};

/// Proofs of one layer in several regions.
struct RegionProofs {
    std::vector<Proof> proofs; ///< one a region
    bool complete = false;     ///< does every z lie in one of them, or between two, tied?

    /// Refuted if a region is, else unknown if one is or there is none, else proven.
    ProofVerdict verdict() const;
};

/// A proof for a terminal: the verdict, the region, and every entry that is not proven.
std::string to_text(const Proof& proof);

/// One line: layer, configuration, verdict, and for which numbers.
std::string headline(const RegionProofs& regions);

/// Proofs in several regions for a terminal: the headline, and a line for each region.
std::string to_text(const RegionProofs& regions);

} // namespace handgrad
