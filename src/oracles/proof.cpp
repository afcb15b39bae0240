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

// More conditions than these say nothing to a reader
constexpr std::size_t most_conditions = 12;

std::string region_text(const Proof& proof) {
    if (proof.region.empty())
        return "for all numbers";
    if (proof.region.size() > most_conditions)
        return fmt::format("where {} comparisons are decided as for one z, among them {}",
                           proof.region.size(),
                           fmt::join(proof.region.begin(), proof.region.begin() + 3, ", "));
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

std::string headline(const RegionProofs& regions) {
    if (regions.proofs.empty())
        return "no z was found that decides every branch";
    const auto& first = regions.proofs.front();
    const auto count = regions.proofs.size();
    std::string where = "for all numbers";
    if (!regions.complete)
        where = fmt::format("in {} region{} of several", count, count == 1 ? "" : "s");
    else if (count > 1)
        where = fmt::format("for all numbers but on the borders of its {} regions", count);
    return fmt::format("{}, {}: {} {}", first.layer, first.configuration, text(regions.verdict()),
                       where);
}

std::string to_text(const RegionProofs& regions) {
    auto words = headline(regions) + "\n";
    if (regions.proofs.empty())
        return words;
    words += fmt::format("  {}\n", counts_text(regions.proofs.front()));
    for (const auto& proof : regions.proofs)
        if (!proof.region.empty() || proof.verdict() != ProofVerdict::Proven)
            words += fmt::format("  {} {}\n{}", text(proof.verdict()),
                                 proof.problem.empty() ? region_text(proof) : proof.problem,
                                 failing_text(proof));
    return words;
}

} // namespace handgrad
