#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace handgrad {

bool CheckReport::passed() const {
    return problem.empty() && findings.empty() && !tensors.empty() &&
           std::all_of(tensors.begin(), tensors.end(),
                       [](const TensorReport& tensor) { return tensor.passed(); });
}

const TensorReport& CheckReport::tensor(std::string_view name) const& {
    std::string known;
    for (const auto& candidate : tensors) {
        if (candidate.name == name)
            return candidate;
        known += (known.empty() ? "" : ", ") + candidate.name;
    }
    throw NameError(
        fmt::format("there is no gradient \"{}\" in the report on {}; it has {}", name, layer,
                    known.empty() ? "none, because of this problem: " + problem : known));
}

TensorReport CheckReport::tensor(std::string_view name) && {
    return std::as_const(*this).tensor(name);
}

std::string_view to_text(Verdict verdict) {
    switch (verdict) {
    case Verdict::Verified:
        return "verified";
    case Verdict::Wrong:
        return "wrong";
    default:
        return "undecided";
    }
}

double times_bound(const Entry& entry) {
    if (entry.error == 0)
        return 0;
    const double times = entry.error / entry.bound;
    return std::isnan(times) ? std::numeric_limits<double>::infinity() : times;
}

std::vector<std::string> axis_names(const TensorReport& tensor) {
    const bool input = tensor.name == "dz";
    switch (tensor.shape.size()) {
    case 4:
        return input ? std::vector<std::string>{"sample", "channel", "row", "column"}
                     : std::vector<std::string>{"output channel", "input channel", "kernel row",
                                                "kernel column"};
    case 2:
        return input ? std::vector<std::string>{"sample", "entry"}
                     : std::vector<std::string>{"output", "input"};
    case 1:
        return {input ? "entry" : "output"};
    default: {
        std::vector<std::string> names;
        for (auto axis : range(tensor.shape.size()))
            names.push_back(fmt::format("axis {}", axis));
        return names;
    }
    }
}

std::string pattern_of(const TensorReport& tensor) {
    const auto& failing = tensor.failing;
    const auto entries = tensor.verified + tensor.wrong + tensor.undecided;
    if (failing.empty())
        return "";
    if (failing.size() == entries)
        return entries == 1 ? "the only entry fails" : fmt::format("all {} entries fail", entries);
    if (failing.size() == 1)
        return "one entry fails";

    // An axis on which the failing entries keep to fewer places than there are
    auto names = axis_names(tensor);
    for (auto& name : names)
        if (name.starts_with("axis"))
            name += " ="; // "axis 0 = 3", where "row 3" says enough
    std::vector<std::string> habits;
    bool border = tensor.shape.size() == 4 && tensor.shape[2] > 2 && tensor.shape[3] > 2;
    for (const auto& entry : failing) {
        bool outside = false;
        for (std::size_t axis = 2; axis < 4 && border; ++axis)
            outside =
                outside || entry.index[axis] == 0 || entry.index[axis] + 1 == tensor.shape[axis];
        border = border && outside;
    }
    for (auto axis : range(tensor.shape.size())) {
        std::vector<std::size_t> places;
        for (const auto& entry : failing)
            places.push_back(entry.index[axis]);
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
        if (places.size() == tensor.shape[axis])
            continue;
        if (places.size() == 1 && places[0] + 1 == tensor.shape[axis])
            habits.push_back(fmt::format("the last {} ({})", names[axis], places[0]));
        else if (places.size() == 1)
            habits.push_back(fmt::format("{} {}", names[axis], places[0]));
        else if (places.size() + 1 == tensor.shape[axis] && places[0] == 1)
            habits.push_back(fmt::format("{} 1 or later", names[axis]));
        else if (places.size() + 1 == tensor.shape[axis] && places.back() + 2 == tensor.shape[axis])
            habits.push_back(fmt::format("any {} but the last", names[axis]));
    }
    std::string words;
    for (const auto& habit : habits)
        words += (words.empty() ? "" : " and ") + habit;
    if (words.empty() && border)
        words = "the first or last row or column";
    return words.empty() ? fmt::format("{} of {} entries fail", failing.size(), entries)
                         : fmt::format("all {} failing entries are in {}", failing.size(), words);
}

} // namespace handgrad
