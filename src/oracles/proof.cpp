#include "proof.hpp"

#include <fmt/format.h>

namespace handgrad {

namespace {

// The worse of two verdicts
ProofVerdict worse(ProofVerdict a, ProofVerdict b) {
    if (a == ProofVerdict::Refuted || b == ProofVerdict::Refuted)
        return ProofVerdict::Refuted;
    return a == ProofVerdict::Unknown ? a : b;
}

std::string region_text(const Proof& proof) {
    if (proof.region.empty())
        return "for all numbers";
    return fmt::format("where {}", fmt::join(proof.region, ", "));
}

std::string counts_text(const Proof& proof) {
    std::string words;
    for (const auto& tensor : proof.tensors)
        words += fmt::format("{}{} {} of {}", words.empty() ? "" : ", ", tensor.name, tensor.proven,
                             tensor.entries);
    return words;
}

std::string failing_text(const EntryProof& entry) {
    return fmt::format("  {} is {}\n"
                       "    derivative of forward: {}\n"
                       "    backward gives:        {}\n"
                       "    the difference:        {}\n"
                       "    {}\n",
                       entry.entry, text(entry.verdict), entry.derivative, entry.claimed,
                       entry.difference, entry.tried);
}

std::string failing_text(const Proof& proof) {
    std::string words;
    for (const auto& tensor : proof.tensors)
        for (const auto& entry : tensor.failing)
            words += failing_text(entry);
    return words;
}

} // namespace

std::string text(ProofVerdict verdict) {
    switch (verdict) {
    case ProofVerdict::Proven:
        return "proven";
    case ProofVerdict::Refuted:
        return "refuted";
    default:
        return "unknown";
    }
}

ProofVerdict Proof::verdict() const {
    auto result = problem.empty() ? ProofVerdict::Proven : ProofVerdict::Unknown;
    for (const auto& tensor : tensors)
        for (const auto& entry : tensor.failing)
            result = worse(result, entry.verdict);
    return result;
}

ProofVerdict RegionProofs::verdict() const {
    auto result = proofs.empty() ? ProofVerdict::Unknown : ProofVerdict::Proven;
    for (const auto& proof : proofs)
        result = worse(result, proof.verdict());
    return result;
}

std::string to_text(const Proof& proof) {
    auto words =
        fmt::format("{}, {}: {}\n", proof.layer, proof.configuration, text(proof.verdict()));
    if (!proof.problem.empty())
        return words + fmt::format("  {}\n", proof.problem);
    words += fmt::format("  {}\n  {}\n", counts_text(proof), region_text(proof));
    return words + failing_text(proof);
}

std::string to_text(const RegionProofs& regions) {
    if (regions.proofs.empty())
        return "no region was found\n";
    const auto& first = regions.proofs.front();
    auto words = fmt::format("{}, {}: {} in {} regions{}\n", first.layer, first.configuration,
                             text(regions.verdict()), regions.proofs.size(),
                             regions.missing.empty() ? ", which are all" : "");
    for (const auto& proof : regions.proofs)
        words += fmt::format("  {} {}\n{}", text(proof.verdict()),
                             proof.problem.empty() ? region_text(proof) : proof.problem,
                             failing_text(proof));
    for (const auto& region : regions.missing)
        words += fmt::format("  no z was found where {}\n", region);
    return words;
}

} // namespace handgrad
