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
    Verdict verdict = Verdict::Undecided; ///< what that says of it
};

/// A known mistake, which reproduces a wrong gradient in every entry.
struct Mistake {
    std::string name;     ///< in a few words: "kernel not flipped"
    std::string sentence; ///< what was done, and what to do instead
    std::string section;  ///< where the book explains it: "conv2d.md#where-it-goes-wrong"
};

/// What an oracle says of one entry of a gradient.
struct Opinion {
    std::string oracle; ///< "forward mode", "complex step", "central differences"
    double value = 0;   ///< what the entry is, as far as the oracle can tell
    double bound = 0;   ///< how far off that may be
};

/// The entries of one gradient: dz, dweight or dbias.
struct TensorReport {
    std::string name;              ///< "dz", "dweight", "dbias", "d2.weight"
    Shape shape;                   ///< of the gradient
    std::size_t verified = 0;      ///< how many entries are right
    std::size_t wrong = 0;         ///< how many are not
    std::size_t undecided = 0;     ///< how many could not be judged
    Entry worst;                   ///< the entry furthest outside, or nearest to, its bound
    std::vector<Entry> failing;    ///< every entry that is not verified, in row-major order
    std::string problem;           ///< why no entry could be compared at all, such as a wrong shape
    std::string pattern;           ///< what the failing entries have in common, in words
    std::vector<Mistake> mistakes; ///< known mistakes that give exactly this wrong gradient
    std::vector<std::size_t> disputed; ///< the worst entry on which backward and oracles differ
    std::vector<Opinion> opinions;     ///< what each oracle says of it; empty where all agree
    std::string blame;                 ///< who is to blame for that, in words
    std::vector<double> times_bound; ///< of every entry, its error / its bound, in row-major order

    /// Was every entry compared, and found right?
    bool passed() const { return problem.empty() && verified > 0 && wrong + undecided == 0; }
};

/// A rule of the contract that the layer broke, or a disagreement between oracles.
struct Finding {
    std::string rule;     ///< which: "same answer twice", "argument unchanged", "linear in dy", …
    std::string sentence; ///< what was seen
};

/// What is known of the outputs that stand on a kink: a tied maximum, a ReLU at 0. There is no
/// derivative there, and a backward pass is right when its gradient is a subgradient.
struct Kinks {
    std::size_t outputs = 0; ///< how many outputs stand on a kink
    std::size_t outside = 0; ///< for how many of them backward gives no subgradient
    std::string convention;  ///< which subgradient backward chooses: "first", "last", "split", …
    std::vector<std::size_t> example; ///< the index in y of the first that fails, else the first
};

/// How much the check really tried: a comparison of 0 with 0 proves little.
struct Coverage {
    std::size_t entries = 0;       ///< gradient entries compared
    std::size_t not_zero = 0;      ///< of these, where the true value is not 0 by structure
    std::size_t dy_positive = 0;   ///< entries of dy above 0
    std::size_t dy_negative = 0;   ///< entries of dy below 0
    std::size_t products = 0;      ///< entries of the Jacobian that are not 0 by structure
    std::size_t oracles_apart = 0; ///< entries where the oracles' bounds do not meet
};

/// The whole of a gradient check.
struct CheckReport {
    std::string layer;                 ///< the layer's name
    std::string configuration;         ///< shapes and options, in words
    std::vector<std::string> oracles;  ///< where the true derivatives come from
    std::vector<TensorReport> tensors; ///< dz first, then the parameters' gradients
    std::vector<Finding> findings;     ///< what is wrong besides single entries; empty when right
    Kinks kinks;                       ///< the outputs that have no derivative
    Coverage coverage;                 ///< how much was tried
    std::string smallest_case; ///< where an entry is wrong: the smallest such case, worked by hand
    std::string problem;       ///< why nothing could be compared: what forward threw

    /// Did every gradient pass, and the contract hold?
    bool passed() const;

    /// The report on one gradient.
    /// @param name "dz", "dweight", "dbias"
    /// @throws NameError if there is none
    const TensorReport& tensor(std::string_view name) const&;

    /// The same for a report that is about to go: a copy, so that `check(…).tensor("dz")` lasts.
    TensorReport tensor(std::string_view name) &&;
};

/// How often an entry's bound goes into its error: at most 1 where the entry is right, infinite
/// where the error is not a number or the bound is 0.
double times_bound(const Entry& entry);

/// What the axes of a gradient are called: "sample", "channel", "row", "column" of a dz in four
/// axes, "output channel", … of a kernel's gradient; "axis 0", "axis 1", … where there is no word.
std::vector<std::string> axis_names(const TensorReport& tensor);

/// Does a report's text have colours, as escape sequences for a terminal?
enum class Colour {
    Never, ///< letters only
    Always ///< red where something is wrong, yellow where nobody knows, green where all is right
};

/// The report as a table and, for every gradient that fails, what is wrong with it: the likely
/// mistake and where the book explains it, the failing entries, who is to blame, and the smallest
/// such case worked by hand.
std::string to_text(const CheckReport& report, Colour colour = Colour::Never);

/// One line for each gradient of each layer, over all configurations of that layer; the whole of
/// every report that fails.
std::string summary(const std::vector<CheckReport>& reports, Colour colour = Colour::Never);

/// The last line of a summary: how many entries are verified, wrong and undecided.
std::string count(const std::vector<CheckReport>& reports, Colour colour = Colour::Never);

/// Who is to blame for entries that fail, as a sentence: backward, forward, or an oracle; "" where
/// no entry fails.
std::string blame_of(const CheckReport& report);

/// What the failing entries have in common: "all 12 have kernel column 0".
std::string pattern_of(const TensorReport& tensor);

/// The entries that fail, one a line, at most `most` of them; the last line counts the others.
std::string failing_entries(const TensorReport& tensor, std::size_t most = 10,
                            Colour colour = Colour::Never);

/// What a gradient's verdict is as a whole: "verified", "WRONG in 3 of 12", "undecided in 1 of 12",
/// or why its entries could not be compared.
std::string verdict_of(const TensorReport& tensor);

/// The word for a verdict: "verified", "wrong", "undecided".
std::string_view to_text(Verdict verdict);

/// The reports as JSON, in the format that `json_schema` describes field by field: {"version": 1,
/// "checks": [{"layer", "configuration", "passed", …, "tensors": [{"name", "shape", …, "worst",
/// "failing"}, …]}, …]}. A number that is not finite is null.
std::string to_json(const std::vector<CheckReport>& reports);

/// The JSON Schema (draft 2020-12) of what `to_json` gives, with words on every field. It is the
/// file src/check/report.schema.json, and what `handgrad check --schema` prints.
std::string_view json_schema();

} // namespace handgrad
