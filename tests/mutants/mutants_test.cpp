#include "mutant.hpp"
#include "testing.hpp"

#include <map>
#include <set>

namespace handgrad::testing::of_mutants {
using namespace handgrad::mutants;

namespace {

// What the check says of a mutant, which is asked once
const CheckReport& report_on(const Mutant& mutant) {
    static std::map<const Mutant*, CheckReport> reports;
    auto found = reports.find(&mutant);
    if (found == reports.end())
        found = reports.emplace(&mutant, mutant.check()).first;
    return found->second;
}

bool breaks(const CheckReport& report, const std::string& rule) {
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const Finding& finding) { return finding.rule == rule; });
}

// Visits every mutant, and says which it was if a check fails
void each_mutant(const std::function<void(const Mutant&)>& visit) {
    for (const auto& mutant : all_mutants()) {
        INFO(mutant.layer, ", ", mutant.setting, ": ", mutant.row.name);
        visit(mutant);
    }
}

} // namespace

TEST_SUITE_BEGIN("mutants");

TEST_CASE("the right layers pass where the mutants are checked") {
    each_mutant([](const Mutant& mutant) {
        if (!is_right(mutant.row))
            return;
        const auto& report = report_on(mutant);
        INFO(to_text(report));
        CHECK(report.passed());
    });
}

TEST_CASE("every mutant is killed, by the entry or the rule that it spoils") {
    each_mutant([](const Mutant& mutant) {
        if (is_right(mutant.row))
            return;
        const auto& report = report_on(mutant);
        INFO(to_text(report));
        CHECK(report.problem == "");
        CHECK(!report.passed());
        if (!mutant.row.tensor.empty())
            CHECK(!report.tensor(mutant.row.tensor).passed());
        if (!mutant.row.rule.empty())
            CHECK(breaks(report, mutant.row.rule));
    });
}

TEST_CASE("what spoils no entry is not blamed on entries") {
    each_mutant([](const Mutant& mutant) {
        if (is_right(mutant.row) || !mutant.row.tensor.empty())
            return;
        const auto& report = report_on(mutant);
        INFO(to_text(report));
        for (const auto& tensor : report.tensors)
            CHECK(tensor.passed());
    });
}

TEST_CASE("the mistake is named") {
    each_mutant([](const Mutant& mutant) {
        if (mutant.row.mistake.empty())
            return;
        const auto& report = report_on(mutant);
        INFO(to_text(report));
        const auto& mistakes = report.tensor(mutant.row.tensor).mistakes;
        REQUIRE(!mistakes.empty());
        CHECK(mistakes.front().name == mutant.row.mistake);
    });
}

TEST_CASE("nine of ten mutants that spoil entries are named") {
    std::size_t entry_level = 0, named = 0;
    each_mutant([&](const Mutant& mutant) {
        entry_level += !mutant.row.tensor.empty();
        named += !mutant.row.mistake.empty();
    });
    CHECK(10 * named >= 9 * entry_level);
}

TEST_CASE("each layer has as many mutants of its own as it was promised") {
    std::map<std::string, std::set<std::string>> names, own;
    each_mutant([&](const Mutant& mutant) { names[mutant.row.name].insert(mutant.layer); });
    each_mutant([&](const Mutant& mutant) {
        if (names[mutant.row.name].size() < 7)
            own[mutant.layer].insert(mutant.row.name);
    });
    for (const std::string layer : {"conv2d", "max_pool2d", "linear"})
        CHECK(own[layer].size() >= 12);
    for (const std::string layer : {"tanh", "relu", "sigmoid", "softmax"})
        CHECK(own[layer].size() >= 6);
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_mutants
