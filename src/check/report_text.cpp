#include "ink.hpp"
#include "report.hpp"
#include "words.hpp"

#include <algorithm>
#include <cmath>

namespace handgrad {

namespace {

using detail::capitalized;
using detail::inked;
using detail::letters_of;
using detail::Tone;

std::string size_of(double value) {
    return fmt::format("{:.1e}", value);
}

// Two numbers with as many digits as it takes to tell them apart, six or more
std::pair<std::string, std::string> told_apart(double a, double b) {
    constexpr int usual = 6, all = 17; // digits: what is easily read, and what a double has
    int digits = usual;
    const double larger = std::max(std::abs(a), std::abs(b));
    if (a != b && std::isfinite(larger))
        // One digit more than the first in which they differ
        digits = std::clamp(static_cast<int>(std::log10(larger / std::abs(a - b))) + 3, usual, all);
    return {fmt::format("{:.{}g}", a, digits), fmt::format("{:.{}g}", b, digits)};
}

// Every line of `lines` so many spaces further in
std::string indented(const std::string& lines, std::size_t spaces = 2) {
    std::string words;
    bool start = true;
    for (char letter : lines) {
        words += start && letter != '\n' ? std::string(spaces, ' ') : "";
        words += letter;
        start = letter == '\n';
    }
    return words;
}

// `words` so many spaces in, broken into lines that fit a page; what follows the first line stands
// two spaces further in
std::string paragraph(const std::string& words, std::size_t spaces) {
    constexpr std::size_t widest = 100; // columns: narrower than most terminals, and easily read
    std::string result, line(spaces, ' ');
    for (std::size_t start = 0; start < words.size();) {
        const auto end = std::min(words.find(' ', start), words.size());
        const auto word = words.substr(start, end - start);
        const bool first = line.find_first_not_of(' ') == std::string::npos;
        if (!first && detail::columns_of(line) + 1 + detail::columns_of(word) > widest) {
            result += line + "\n";
            line = std::string(spaces + 2, ' ') + word;
        } else {
            line += (first ? "" : " ") + word;
        }
        start = end + 1;
    }
    return result + line + "\n";
}

struct Cell {
    std::string words;
    Tone tone = Tone::Plain;
    bool is_count = false;
};
using Row = std::vector<Cell>;

// A whole number; its column stands ones below ones
Cell count_cell(std::size_t count, Tone tone = Tone::Plain) {
    return {fmt::format("{}", count), tone, true};
}

bool has_counts(const std::vector<Row>& rows, std::size_t column) {
    return std::any_of(rows.begin(), rows.end(), [column](const Row& row) {
        return row.size() > column && row[column].is_count;
    });
}

// Rows of cells, padded to one width a column, two spaces in
std::string table(const std::vector<Row>& rows, Colour colour) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        // What is last in its row needs no room for others
        for (std::size_t column = 0; column + 1 < row.size(); ++column)
            widths[column] = std::max(widths[column], letters_of(row[column].words));
    }
    std::string words;
    for (const auto& row : rows) {
        std::string line;
        std::size_t missing = 2; // spaces that are owed before the next cell
        for (auto column : range(row.size())) {
            const auto& cell = row[column];
            const auto width = letters_of(cell.words);
            const auto room = std::max(widths[column], width) - width;
            const bool right = has_counts(rows, column);
            missing += right ? room : 0;
            if (!cell.words.empty()) {
                line += std::string(missing, ' ') + inked(cell.words, cell.tone, colour);
                missing = 0;
            }
            missing += (right ? 0 : room) + 2;
        }
        words += line + "\n";
    }
    return words;
}

Row head(const std::vector<std::string>& names) {
    Row row;
    for (const auto& name : names)
        row.push_back({name, Tone::Quiet});
    return row;
}

Tone tone_of(const TensorReport& tensor) {
    return tensor.passed()                               ? Tone::Good
           : tensor.wrong > 0 || !tensor.problem.empty() ? Tone::Bad
                                                         : Tone::Unsure;
}

Row row_of(const TensorReport& tensor) {
    if (!tensor.problem.empty())
        return {{tensor.name, Tone::Strong}, {text(tensor.shape)}, {verdict_of(tensor), Tone::Bad}};
    const auto& worst = tensor.worst;
    const auto [analytic, numeric] = told_apart(worst.analytic, worst.numeric);
    return {{tensor.name, Tone::Strong},
            {text(tensor.shape)},
            count_cell(tensor.verified + tensor.wrong + tensor.undecided),
            {text(worst.index)},
            {analytic},
            {numeric},
            {size_of(worst.error)},
            {size_of(worst.bound)},
            {verdict_of(tensor), tone_of(tensor)}};
}

// What each oracle says of the entry that is disputed
std::string opinions_on(const TensorReport& tensor, Colour colour) {
    std::string words;
    for (const auto& [oracle, value, bound] : tensor.opinions)
        words += fmt::format("{}{} {:.6g} ± {}", words.empty() ? "" : ", ", oracle, value,
                             size_of(bound));
    return words.empty() ? ""
                         : paragraph(inked(fmt::format("Of {}{} the oracles say: {}.", tensor.name,
                                                       text(tensor.disputed), words),
                                           Tone::Quiet, colour),
                                     4);
}

// What is wrong with one gradient, and with which of its entries
std::string failure_of(const TensorReport& tensor, Colour colour) {
    std::string words = fmt::format("\n  {}: {}.\n", inked(tensor.name, Tone::Strong, colour),
                                    inked(tensor.pattern, Tone::Bad, colour));
    for (const auto& mistake : tensor.mistakes)
        words += paragraph(fmt::format("Likely mistake: {}: {}",
                                       inked(mistake.name, Tone::Strong, colour), mistake.sentence),
                           4) +
                 fmt::format("    See derivations/{}\n", mistake.section);
    return words + indented(failing_entries(tensor, 10, colour)) + opinions_on(tensor, colour);
}

// The smallest case, which begins with its name and a colon
std::string small_case(const std::string& words, Colour colour) {
    const auto end_of_line = std::min(words.find('\n'), words.size());
    const auto colon = std::min(words.find(':'), end_of_line);
    const auto first = inked(words.substr(0, colon), Tone::Strong, colour) +
                       words.substr(colon, end_of_line - colon);
    return paragraph(first, 2) + indented(words.substr(std::min(end_of_line + 1, words.size())));
}

// "forward mode and central differences"
std::string listed(const std::vector<std::string>& names) {
    std::string words;
    for (auto place : range(names.size()))
        words += (place == 0 ? "" : place + 1 < names.size() ? ", " : " and ") + names[place];
    return words;
}

} // namespace

std::string verdict_of(const TensorReport& tensor) {
    const auto entries = tensor.verified + tensor.wrong + tensor.undecided;
    if (!tensor.problem.empty())
        return tensor.problem;
    if (tensor.wrong > 0)
        return fmt::format("WRONG in {} of {}", tensor.wrong, entries);
    if (tensor.undecided > 0)
        return fmt::format("undecided in {} of {}", tensor.undecided, entries);
    return entries > 0 ? "verified" : "no entry to compare";
}

std::string blame_of(const CheckReport& report) {
    const auto any = [&](auto fails) {
        return std::any_of(report.tensors.begin(), report.tensors.end(), fails);
    };
    if (any([](const TensorReport& tensor) { return !tensor.problem.empty(); }))
        return "backward, which gives a gradient of a wrong shape.";
    const bool wrong = any([](const TensorReport& tensor) { return tensor.wrong > 0; });
    const bool undecided = any([](const TensorReport& tensor) { return tensor.undecided > 0; });
    if (!wrong && !undecided)
        return "";
    const auto oracles = listed(report.oracles);
    for (const auto& tensor : report.tensors)
        if (!tensor.failing.empty() && !tensor.blame.empty())
            return tensor.blame + ".";
    if (!wrong)
        return fmt::format("nobody yet: {} cannot say more exactly what the entries should be.",
                           oracles);
    return fmt::format("backward, as {} see it; with a recipe of the layer, forward mode is asked "
                       "too.",
                       oracles);
}

std::string failing_entries(const TensorReport& tensor, std::size_t most, Colour colour) {
    std::vector<Row> rows;
    for (auto place : range(std::min(most, tensor.failing.size()))) {
        const auto& entry = tensor.failing[place];
        const auto [analytic, numeric] = told_apart(entry.analytic, entry.numeric);
        rows.push_back({{tensor.name + text(entry.index)},
                        {"is " + analytic},
                        {"should be " + numeric},
                        {"± " + size_of(entry.bound)},
                        {std::string(to_text(entry.verdict)), detail::tone_of(entry.verdict)}});
    }
    std::string words = table(rows, colour);
    if (tensor.failing.size() > most)
        words += inked(fmt::format("  … and {} more", tensor.failing.size() - most), Tone::Quiet,
                       colour) +
                 "\n";
    return words;
}

std::string to_text(const CheckReport& report, Colour colour) {
    std::string words = fmt::format(
        "{}: {}\n", inked(report.layer, report.passed() ? Tone::Strong : Tone::Bad, colour),
        report.configuration);
    if (!report.problem.empty())
        return words + "  " + inked(report.problem, Tone::Bad, colour) + "\n";

    // The worst entry of every gradient
    std::vector<Row> rows{head({"gradient", "shape", "entries", "worst at", "backward",
                                report.oracles.empty() ? "oracle" : report.oracles.front(), "error",
                                "bound", "verdict"})};
    for (const auto& tensor : report.tensors)
        rows.push_back(row_of(tensor));
    words += table(rows, colour);

    // What fails, and why
    for (const auto& tensor : report.tensors)
        if (!tensor.failing.empty())
            words += failure_of(tensor, colour);
    if (const auto blame = blame_of(report); !blame.empty())
        words += "\n" + paragraph(inked("To blame:", Tone::Strong, colour) + " " + blame, 2);
    if (!report.smallest_case.empty())
        words += "\n" + small_case(report.smallest_case, colour);
    if (!report.findings.empty())
        words += "\n";
    for (const auto& finding : report.findings)
        words += paragraph(fmt::format("{} {}. {}.", inked("Broken:", Tone::Bad, colour),
                                       inked(finding.rule, Tone::Strong, colour),
                                       capitalized(finding.sentence)),
                           2);
    if (report.kinks.outputs > 0 && report.kinks.outside == 0)
        words += fmt::format(
            "  {} of y stand on a kink; backward gives a subgradient there ({}).\n",
            report.kinks.outputs == 1 ? "1 entry" : fmt::format("{} entries", report.kinks.outputs),
            report.kinks.convention);
    return words;
}

std::string summary(const std::vector<CheckReport>& reports, Colour colour) {
    std::vector<Row> rows{head({"layer", "gradient", "configurations", "entries", "verified",
                                "wrong", "undecided", "largest error", "its bound"})};
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
            const bool right = wrong + undecided == 0;
            rows.push_back({{first->layer, Tone::Strong},
                            {first->tensors[place].name},
                            count_cell(static_cast<std::size_t>(last - first)),
                            count_cell(verified + wrong + undecided),
                            count_cell(verified, right ? Tone::Good : Tone::Plain),
                            count_cell(wrong, wrong > 0 ? Tone::Bad : Tone::Plain),
                            count_cell(undecided, undecided > 0 ? Tone::Unsure : Tone::Plain),
                            {size_of(worst.error)},
                            {size_of(worst.bound)}});
        }
        for (; first != last; ++first)
            if (!first->passed())
                failures += "\n" + to_text(*first, colour);
    }
    return table(rows, colour) + failures;
}

std::string count(const std::vector<CheckReport>& reports, Colour colour) {
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
        verified, wrong, undecided, inked(verdict, failed == 0 ? Tone::Good : Tone::Bad, colour));
}

} // namespace handgrad
