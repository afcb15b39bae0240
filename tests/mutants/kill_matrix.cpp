// Which probe kills which mutant: a table, as Markdown with --markdown, else as text.

#include "naive_probes.hpp"

#include <cstdio>

using namespace handgrad;
using namespace handgrad::mutants;

namespace {

// A way to find out that a backward pass is wrong
struct Probe {
    std::string name; // as the table's head says it
    std::string key;  // one line below the table
};

const std::vector<Probe> probes{
    {"forward", "forward mode: an entry is outside its bound, or undecided"},
    {"differences", "central differences alone, without a recipe: an entry is outside its bound"},
    {"named", "the diagnosis names a mistake"},
    {"argument", "contract: argument unchanged"},
    {"parameter", "contract: parameter unchanged"},
    {"twice", "contract: same answer twice"},
    {"set", "contract: set, not accumulated"},
    {"stale", "contract: no stale memory"},
    {"linear", "contract: linear in dy"},
    {"any dy", "contract: right for every dy"},
    {"batch", "contract: a batch is its samples"},
    {"kinks", "contract: subgradient at kinks"},
    {"one-hot", "for comparison: the whole Jacobian, row by row, with a dy that is 1 in one entry"},
    {"positive", "for comparison: one random projection without negative numbers"},
    {"projection", "for comparison: one random projection, its tolerance grows with the outputs"},
};

bool tensors_fail(const CheckReport& report) {
    return std::any_of(report.tensors.begin(), report.tensors.end(),
                       [](const TensorReport& tensor) { return !tensor.passed(); });
}

// Does a simpler check fail? What throws is seen.
template <class Passes>
bool kills(Passes passes, const Mutant& mutant) {
    try {
        return !passes(mutant.plain());
    } catch (const std::exception&) {
        return true;
    }
}

// For every probe: does it kill the mutant?
std::vector<bool> row_of(const Mutant& mutant) {
    const auto report = mutant.check();
    const auto breaks = [&](std::string_view rule) {
        return std::any_of(report.findings.begin(), report.findings.end(),
                           [&](const Finding& finding) { return finding.rule == rule; });
    };
    const bool named = std::any_of(report.tensors.begin(), report.tensors.end(),
                                   [](const auto& tensor) { return !tensor.mistakes.empty(); });
    return {tensors_fail(report),
            tensors_fail(mutant.black_box()),
            named,
            breaks("argument unchanged"),
            breaks("parameter unchanged"),
            breaks("same answer twice"),
            breaks("set, not accumulated"),
            breaks("no stale memory"),
            breaks("linear in dy"),
            breaks("right for every dy"),
            breaks("a batch is its samples"),
            breaks("subgradient at kinks"),
            kills(passes_one_hot_of_one, mutant),
            kills(passes_non_negative_projection, mutant),
            kills(passes_one_projection, mutant)};
}

// What stands between `|` in Markdown, and between spaces in text
class Table {
public:
    explicit Table(bool markdown) : markdown_(markdown) {}

    void heading(const std::string& words) const {
        fmt::print("\n{}{}\n\n", markdown_ ? "## " : "", words);
    }

    void head(const std::vector<std::string>& cells) const {
        row(cells);
        if (!markdown_)
            return;
        std::vector<std::string> rule(cells.size(), ":-:");
        rule[0] = ":--";
        row(rule);
    }

    void row(const std::vector<std::string>& cells) const {
        if (markdown_) {
            for (const auto& cell : cells)
                fmt::print("| {} ", cell);
            fmt::print("|\n");
        } else {
            fmt::print("{:<58}", cells[0]);
            for (auto i : range(cells.size() - 1))
                fmt::print(" {:>{}}", cells[i + 1], probes[i].name.size());
            fmt::print("\n");
        }
    }

private:
    bool markdown_;
};

} // namespace

int main(int argc, char** argv) {
    const bool markdown = argc > 1 && std::string_view(argv[1]) == "--markdown";
    const Table table(markdown);
    std::vector<std::string> names{"mutant"};
    for (const auto& probe : probes)
        names.push_back(probe.name);

    fmt::print("{}Which probe kills which mutant\n\n", markdown ? "# " : "");
    fmt::print("A mutant is a layer whose backward pass is wrong on purpose. A cross says that the "
               "probe notices.\nThe last three columns are simpler checks, for comparison.\n");
    std::string layer;
    std::size_t count = 0, killed = 0;
    std::vector<std::size_t> noticed(probes.size(), 0);
    for (const auto& mutant : all_mutants()) {
        if (is_right(mutant.row))
            continue;
        if (mutant.layer != layer) {
            layer = mutant.layer;
            table.heading(layer);
            table.head(names);
        }
        const auto seen = row_of(mutant);
        std::vector<std::string> cells{mutant.row.name + " (" + mutant.setting + ")"};
        for (auto i : range(seen.size())) {
            cells.push_back(seen[i] ? "×" : "");
            noticed[i] += seen[i];
        }
        table.row(cells);
        ++count;
        killed += !mutant.check().passed();
    }

    table.heading("All together");
    fmt::print("{} of {} mutants are killed. Of all {}, each probe alone notices:\n\n", killed,
               count, count);
    for (auto i : range(probes.size()))
        fmt::print("- {} {}: {}\n", noticed[i], probes[i].name, probes[i].key);
    return killed == count ? 0 : 1;
}
