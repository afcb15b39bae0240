#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace handgrad {

namespace {

std::string number(double value) {
    return fmt::format("{:.6g}", value);
}
std::string size_of_error(double value) {
    return fmt::format("{:.1e}", value);
}

// Two numbers, with as many digits as it takes to tell one from the other
std::pair<std::string, std::string> numbers(double a, double b) {
    if (number(a) != number(b) || a == b)
        return {number(a), number(b)};
    return {fmt::format("{:.17g}", a), fmt::format("{:.17g}", b)};
}

// Every line two spaces further in
std::string indented(const std::string& lines) {
    std::string words;
    bool start = true;
    for (char letter : lines) {
        words += (start ? "  " : "") + std::string(1, letter);
        start = letter == '\n';
    }
    return words;
}

// One line of the table, its cells padded to one width a column
using Row = std::vector<std::string>;

std::string table(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (auto column : range(row.size()))
            widths[column] = std::max(widths[column], row[column].size());
    }
    std::string words;
    for (const auto& row : rows) {
        std::string line = " ";
        for (auto column : range(row.size()))
            line += fmt::format(" {:<{}} ", row[column], widths[column]);
        line.erase(line.find_last_not_of(' ') + 1);
        words += line + "\n";
    }
    return words;
}

Row row_of(const TensorReport& tensor) {
    if (!tensor.problem.empty())
        return {tensor.name, text(tensor.shape), "", tensor.problem};
    const auto& worst = tensor.worst;
    const auto entries = tensor.verified + tensor.wrong + tensor.undecided;
    std::string verdict = "verified";
    if (tensor.wrong > 0)
        verdict = fmt::format("WRONG in {} of {}", tensor.wrong, entries);
    else if (tensor.undecided > 0)
        verdict = fmt::format("undecided in {} of {}", tensor.undecided, entries);
    return {tensor.name,
            text(tensor.shape),
            fmt::format("{}", entries),
            text(worst.index),
            number(worst.analytic),
            number(worst.numeric),
            size_of_error(worst.error),
            size_of_error(worst.bound),
            verdict};
}

} // namespace

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

namespace {

// What the axes of a gradient are called, by its name and rank
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
            names.push_back(fmt::format("axis {} =", axis));
        return names;
    }
    }
}

} // namespace

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
    const auto names = axis_names(tensor);
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

std::string failing_entries(const TensorReport& tensor, std::size_t most) {
    std::vector<Row> rows;
    for (auto place : range(std::min(most, tensor.failing.size()))) {
        const auto& entry = tensor.failing[place];
        const auto [is, should_be] = entry.verdict == Verdict::Wrong
                                         ? numbers(entry.analytic, entry.numeric)
                                         : std::pair(number(entry.analytic), number(entry.numeric));
        rows.push_back({tensor.name + text(entry.index), "is " + is, "should be " + should_be,
                        "± " + size_of_error(entry.bound), std::string(to_text(entry.verdict))});
    }
    std::string words = table(rows);
    if (tensor.failing.size() > most)
        words += fmt::format("  … and {} more\n", tensor.failing.size() - most);
    return words;
}

std::string to_text(const CheckReport& report) {
    std::string words = fmt::format("{}: {}\n", report.layer, report.configuration);
    if (!report.problem.empty())
        return words + "  " + report.problem + "\n";
    std::vector<Row> rows{{"gradient", "shape", "entries", "worst at", "backward", "oracle",
                           "error", "bound", "verdict"}};
    for (const auto& tensor : report.tensors)
        rows.push_back(row_of(tensor));
    words += table(rows);
    for (const auto& tensor : report.tensors) {
        if (tensor.failing.empty())
            continue;
        words += fmt::format("\n  {}: {}.\n", tensor.name, tensor.pattern);
        for (const auto& mistake : tensor.mistakes)
            words += fmt::format("  Likely mistake: {}: {}\n    See derivations/{}\n", mistake.name,
                                 mistake.sentence, mistake.section);
        words += failing_entries(tensor);
    }
    if (!report.smallest_case.empty())
        words += "\n" + indented(report.smallest_case);
    if (!report.findings.empty())
        words += "\n";
    for (const auto& finding : report.findings)
        words += fmt::format("  Broken: {}. {}.\n", finding.rule, finding.sentence);
    if (report.kinks.outputs > 0 && report.kinks.outside == 0)
        words += fmt::format(
            "  {} of y stand on a kink; backward gives a subgradient there ({}).\n",
            report.kinks.outputs == 1 ? "1 entry" : fmt::format("{} entries", report.kinks.outputs),
            report.kinks.convention);
    return words;
}

std::string summary(const std::vector<CheckReport>& reports) {
    std::vector<Row> rows{{"layer", "gradient", "configurations", "entries", "verified", "wrong",
                           "undecided", "largest error", "its bound"}};
    std::string failures;
    for (auto first = reports.begin(); first != reports.end();) {
        const auto last = std::find_if(first, reports.end(), [&](const CheckReport& report) {
            return report.layer != first->layer;
        });
        for (auto place : range(first->tensors.size())) {
            std::size_t verified = 0, wrong = 0, undecided = 0;
            Entry worst;
            worst.error = -1;
            for (auto report = first; report != last; ++report) {
                if (report->tensors.size() <= place)
                    continue;
                const auto& tensor = report->tensors[place];
                verified += tensor.verified;
                wrong += tensor.wrong;
                undecided += tensor.undecided;
                if (!(tensor.worst.error <= worst.error))
                    worst = tensor.worst;
            }
            rows.push_back(
                {first->layer, first->tensors[place].name, fmt::format("{}", last - first),
                 fmt::format("{}", verified + wrong + undecided), fmt::format("{}", verified),
                 fmt::format("{}", wrong), fmt::format("{}", undecided), size_of_error(worst.error),
                 size_of_error(worst.bound)});
        }
        for (; first != last; ++first)
            if (!first->passed())
                failures += "\n" + to_text(*first);
    }
    return table(rows) + failures;
}

std::string count(const std::vector<CheckReport>& reports) {
    std::size_t failed = 0, verified = 0, wrong = 0, undecided = 0;
    for (const auto& report : reports) {
        failed += !report.passed();
        for (const auto& tensor : report.tensors) {
            verified += tensor.verified;
            wrong += tensor.wrong;
            undecided += tensor.undecided;
        }
    }
    const std::string verdict = failed == 0   ? "Every gradient is right."
                                : failed == 1 ? "1 configuration fails."
                                              : fmt::format("{} configurations fail.", failed);
    return fmt::format(
        "{} entries in {}: {} verified, {} wrong, {} undecided. {}\n", verified + wrong + undecided,
        reports.size() == 1 ? "1 configuration" : fmt::format("{} configurations", reports.size()),
        verified, wrong, undecided, verdict);
}

} // namespace handgrad
