#include "report.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace handgrad {

namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity and no NaN
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json(const Entry& entry) {
    return {{"index", entry.index},
            {"analytic", number(entry.analytic)},
            {"numeric", number(entry.numeric)},
            {"error", number(entry.error)},
            {"bound", number(entry.bound)},
            {"verdict", to_text(entry.verdict)}};
}

Json json(const TensorReport& tensor) {
    Json failing = Json::array();
    for (const auto& entry : tensor.failing)
        failing.push_back(json(entry));
    return {{"name", tensor.name},
            {"shape", tensor.shape},
            {"passed", tensor.passed()},
            {"verified", tensor.verified},
            {"wrong", tensor.wrong},
            {"undecided", tensor.undecided},
            {"problem", tensor.problem},
            {"worst", tensor.problem.empty() ? json(tensor.worst) : Json(nullptr)},
            {"failing", failing}};
}

Json json(const CheckReport& report) {
    Json tensors = Json::array();
    for (const auto& tensor : report.tensors)
        tensors.push_back(json(tensor));
    return {{"layer", report.layer},
            {"configuration", report.configuration},
            {"passed", report.passed()},
            {"problem", report.problem},
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
