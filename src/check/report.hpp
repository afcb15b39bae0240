#pragma once

/// @file
/// What a gradient check found, entry by entry and tensor by tensor.

#include "../tensor.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handgrad {

/// What can be said of one entry of a gradient.
enum class Verdict {
    Verified,  ///< within the bound, and the bound is tight enough to mean something
    Wrong,     ///< outside the bound
    Undecided, ///< the oracle does not know the true value well enough to say
};

/// One entry of a gradient: what `backward` gave and what it should have been.
struct Entry {
    std::vector<std::size_t> index; ///< where it stands, in the tensor's own axes
    double analytic = 0;            ///< what `backward` gave
    double numeric = 0;             ///< what the oracle found
    double error = 0;               ///< |analytic − numeric|
    double bound = 0;               ///< how large the error may be by rounding and by the oracle
    Verdict verdict = Verdict::Undecided;
};

/// The entries of one gradient: dz, dweight or dbias.
struct TensorReport {
    std::string name;           ///< "dz", "dweight", "dbias", "d2.weight"
    Shape shape;                ///< of the gradient
    std::size_t verified = 0;   ///< how many entries are right
    std::size_t wrong = 0;      ///< how many are not
    std::size_t undecided = 0;  ///< how many could not be judged
    Entry worst;                ///< the entry furthest outside, or nearest to, its bound
    std::vector<Entry> failing; ///< every entry that is not verified, in row-major order
    std::string problem;        ///< why no entry could be compared at all, such as a wrong shape

    /// Was every entry compared, and found right?
    bool passed() const { return problem.empty() && verified > 0 && wrong + undecided == 0; }
};

/// The whole of a gradient check.
struct CheckReport {
    std::string layer;                 ///< the layer's name
    std::string configuration;         ///< shapes and options, in words
    std::vector<TensorReport> tensors; ///< dz first, then the parameters' gradients
    std::string problem;               ///< why nothing could be compared: what forward threw

    /// Did every gradient pass?
    bool passed() const;

    /// The report on one gradient.
    /// @param name "dz", "dweight", "dbias"
    /// @throws NameError if there is none
    const TensorReport& tensor(std::string_view name) const;
};

/// The report as a table and, for every gradient that fails, its failing entries.
std::string to_text(const CheckReport& report);

/// One line for each gradient of each layer, over all configurations of that layer; the whole of
/// every report that fails; and a last line that counts.
std::string summary(const std::vector<CheckReport>& reports);

/// The last line of a summary: how many entries are verified, wrong and undecided.
std::string count(const std::vector<CheckReport>& reports);

/// The entries that fail, one a line, at most `most` of them; the last line counts the others.
std::string failing_entries(const TensorReport& tensor, std::size_t most = 10);

/// The word for a verdict: "verified", "wrong", "undecided".
std::string_view to_text(Verdict verdict);

/// The reports as JSON: {"version": 1, "checks": [{"layer", "configuration", "passed", "problem",
/// "tensors": [{"name", "shape", "verified", "wrong", "undecided", "problem", "passed", "worst":
/// {"index", "analytic", "numeric", "error", "bound", "verdict"}, "failing": [worst, …]}]}]}.
/// A number that is not finite is null.
std::string to_json(const std::vector<CheckReport>& reports);

} // namespace handgrad
