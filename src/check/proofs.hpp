#pragma once

/// @file
/// Every layer and loss of the project by name, with the configurations it is proven in.

#include "../oracles/proof.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace handgrad {

/// A layer or loss that can be proven by name.
struct ProofSubject {
    std::string name;                                 ///< as the command line says it
    std::function<std::vector<RegionProofs>()> prove; ///< proves it in each of its configurations
};

/// Every layer and loss, in the order of the book.
/// @throws Error if handgrad was built without GiNaC
const std::vector<ProofSubject>& proof_subjects();

/// The layer or loss called `name`.
/// @throws NameError if there is none, with the names there are
/// @throws Error if handgrad was built without GiNaC
const ProofSubject& proof_subject(std::string_view name);

} // namespace handgrad
