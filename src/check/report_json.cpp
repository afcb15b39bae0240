#include "report.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace handgrad {

namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity and no NaN
Json json_number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json(const Entry& entry) {
    return {{"index", entry.index},
            {"analytic", json_number(entry.analytic)},
            {"numeric", json_number(entry.numeric)},
            {"error", json_number(entry.error)},
            {"bound", json_number(entry.bound)},
            {"verdict", to_text(entry.verdict)}};
}

Json json(const TensorReport& tensor) {
    Json failing = Json::array();
    for (const auto& entry : tensor.failing)
        failing.push_back(json(entry));
    Json mistakes = Json::array();
    for (const auto& mistake : tensor.mistakes)
        mistakes.push_back(
            {{"name", mistake.name}, {"sentence", mistake.sentence}, {"section", mistake.section}});
    Json opinions = Json::array();
    for (const auto& [oracle, value, bound] : tensor.opinions)
        opinions.push_back(
            {{"oracle", oracle}, {"value", json_number(value)}, {"bound", json_number(bound)}});
    return {{"name", tensor.name},
            {"shape", tensor.shape},
            {"axes", axis_names(tensor)},
            {"passed", tensor.passed()},
            {"verified", tensor.verified},
            {"wrong", tensor.wrong},
            {"undecided", tensor.undecided},
            {"problem", tensor.problem},
            {"pattern", tensor.pattern},
            {"mistakes", mistakes},
            {"blame", tensor.blame},
            {"disputed", tensor.disputed},
            {"opinions", opinions},
            {"worst", tensor.problem.empty() ? json(tensor.worst) : Json(nullptr)},
            {"failing", failing}};
}

Json json(const CheckReport& report) {
    Json tensors = Json::array();
    for (const auto& tensor : report.tensors)
        tensors.push_back(json(tensor));
    Json findings = Json::array();
    for (const auto& finding : report.findings)
        findings.push_back({{"rule", finding.rule}, {"sentence", finding.sentence}});
    return {{"layer", report.layer},
            {"configuration", report.configuration},
            {"passed", report.passed()},
            {"problem", report.problem},
            {"blame", report.problem.empty() ? blame_of(report) : ""},
            {"oracles", report.oracles},
            {"smallest_case", report.smallest_case},
            {"findings", findings},
            {"kinks",
             {{"outputs", report.kinks.outputs},
              {"outside", report.kinks.outside},
              {"convention", report.kinks.convention},
              {"example", report.kinks.example}}},
            {"coverage",
             {{"entries", report.coverage.entries},
              {"not_zero", report.coverage.not_zero},
              {"products", report.coverage.products},
              {"dy_positive", report.coverage.dy_positive},
              {"dy_negative", report.coverage.dy_negative},
              {"oracles_apart", report.coverage.oracles_apart}}},
            {"tensors", tensors}};
}

} // namespace

std::string to_json(const std::vector<CheckReport>& reports) {
    Json checks = Json::array();
    for (const auto& report : reports)
        checks.push_back(json(report));
    // Text that is not UTF-8, such as what a layer threw, must not make the report fail
    return Json{{"version", 1}, {"checks", checks}}.dump(2, ' ', false,
                                                         Json::error_handler_t::replace);
}

} // namespace handgrad
