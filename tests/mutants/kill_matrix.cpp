// Which probe kills which mutant: a table to read, or with --json its data, for the site.

#include "naive_probes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

using namespace handgrad;
using namespace handgrad::mutants;

namespace {

// A way to find out that a backward pass is wrong
struct Probe {
    std::string group; // what kind of probe it is
    std::string name;  // as the table's head says it
    std::string key;   // in a line
};

const std::vector<Probe> probes{
    {"entries", "forward mode", "an entry is outside its bound, or undecided"},
    {"entries", "differences",
     "the same with central differences alone, for a layer that is a "
     "black box"},
    {"diagnosis", "named", "the mistake is found in the catalogue"},
    {"contract", "argument", "argument unchanged"},
    {"contract", "parameter", "parameter unchanged"},
    {"contract", "twice", "same answer twice"},
    {"contract", "set", "set, not accumulated"},
    {"contract", "stale", "no stale memory"},
    {"contract", "kept", "z remembered"},
    {"contract", "linear", "linear in dy"},
    {"contract", "any dy", "right for every dy"},
    {"contract", "batch", "a batch is its samples"},
    {"contract", "kinks", "subgradient at kinks"},
    {"simpler checks", "one-hot",
     "the whole Jacobian, row by row, with a dy that is 1 in one "
     "entry and 0 elsewhere"},
    {"simpler checks", "positive", "one random projection without negative numbers"},
    {"simpler checks", "projection",
     "one random projection, with a tolerance that grows with the "
     "number of outputs"},
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

// What a mutant's report and the simpler checks say
struct Kill {
    const Mutant* mutant;
    bool killed;               // does the check fail?
    std::string mistake;       // as the diagnosis names it
    std::vector<bool> noticed; // by every probe
};

Kill kill(const Mutant& mutant) {
    const auto report = mutant.check();
    for (const auto& finding : report.findings)
        if (std::none_of(probes.begin(), probes.end(),
                         [&](const Probe& probe) { return probe.key == finding.rule; }))
            throw std::logic_error("kill_matrix: no probe stands for the rule \"" + finding.rule +
                                   "\"; add one");
    std::string mistake;
    for (const auto& tensor : report.tensors)
        if (mistake.empty() && !tensor.mistakes.empty())
            mistake = tensor.mistakes.front().name;
    std::vector<bool> noticed{tensors_fail(report), tensors_fail(mutant.black_box()),
                              !mistake.empty()};
    for (const auto& probe : probes)
        if (probe.group == "contract")
            noticed.push_back(
                std::any_of(report.findings.begin(), report.findings.end(),
                            [&](const Finding& finding) { return finding.rule == probe.key; }));
    noticed.push_back(kills(passes_one_hot_of_one, mutant));
    noticed.push_back(kills(passes_non_negative_projection, mutant));
    noticed.push_back(kills(passes_one_projection, mutant));
    return {&mutant, !report.passed(), mistake, noticed};
}

std::vector<Kill> kill_all() {
    std::vector<Kill> kills;
    for (const auto& mutant : all_mutants())
        if (!is_right(mutant.row))
            kills.push_back(kill(mutant));
    return kills;
}

// ── What is printed ──────────────────────────────────────────────────────────────────────────────

void print_json(const std::vector<Kill>& kills) {
    using Json = nlohmann::ordered_json;
    Json keys = Json::array(), mutants = Json::array();
    for (const auto& probe : probes)
        keys.push_back({{"group", probe.group}, {"name", probe.name}, {"key", probe.key}});
    for (const auto& each : kills)
        mutants.push_back({{"layer", each.mutant->layer},
                           {"setting", each.mutant->setting},
                           {"name", each.mutant->row.name},
                           {"killed", each.killed},
                           {"mistake", each.mistake},
                           {"noticed", each.noticed}});
    std::cout << Json{{"probes", keys}, {"mutants", mutants}}.dump(1) << "\n";
}

void print_row(const std::string& name, const std::vector<std::string>& cells) {
    std::string line = fmt::format("{:<58}", name);
    for (auto i : range(cells.size()))
        line += fmt::format(" {:>{}}", cells[i], probes[i].name.size());
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << "\n";
}

void print_text(const std::vector<Kill>& kills) {
    std::cout
        << "Which probe kills which mutant\n\nA mutant is a layer whose backward pass is wrong "
           "on purpose. A cross says that the probe notices.\nThe last three columns are "
           "simpler checks, for comparison.\n";
    std::vector<std::string> names;
    for (const auto& probe : probes)
        names.push_back(probe.name);
    std::string layer;
    for (const auto& each : kills) {
        if (std::exchange(layer, each.mutant->layer) != each.mutant->layer) {
            std::cout << "\n" << layer << "\n\n";
            print_row("mutant", names);
        }
        std::vector<std::string> cells;
        for (bool seen : each.noticed)
            cells.emplace_back(seen ? "×" : "");
        print_row(each.mutant->row.name + " (" + each.mutant->setting + ")", cells);
    }
    const auto count = [&](auto holds) { return std::count_if(kills.begin(), kills.end(), holds); };
    std::cout << fmt::format("\n{} of {} mutants are killed. Each probe alone notices:\n\n",
                             count([](const Kill& each) { return each.killed; }), kills.size());
    for (auto i : range(probes.size()))
        std::cout << fmt::format("{:4} {}: {}: {}\n",
                                 count([i](const Kill& each) { return each.noticed[i]; }),
                                 probes[i].name, probes[i].group, probes[i].key);
}

} // namespace

int main(int argc, char** argv) {
    const auto kills = kill_all();
    if (argc > 1 && std::string_view(argv[1]) == "--json") {
        print_json(kills);
        return 0; // a survivor is a result to show
    }
    print_text(kills);
    return std::all_of(kills.begin(), kills.end(), [](const Kill& each) { return each.killed; })
               ? 0
               : 1;
}
