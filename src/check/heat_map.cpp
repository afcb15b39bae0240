#include "heat_map.hpp"

#include "words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <utility>

namespace handgrad {

namespace {

using detail::capitalized;
using detail::letters_of;

// How a cell of a grid is drawn
enum class Kind { Verified, Undecided, Wrong };

// A step of the scale: verified cells are light and wrong ones dark, so that a grey print shows
// which is which
struct Step {
    double up_to; // error / bound
    const char* colour;
    const char* words; // in the legend
};
constexpr std::array<Step, 5> verified_steps{{{0, "#f1f6fa", "0"},
                                              {1e-3, "#dfeaf3", "≤ 0.001"},
                                              {1e-2, "#cde0ee", "≤ 0.01"},
                                              {1e-1, "#b8d3e7", "≤ 0.1"},
                                              {1, "#a0c4de", "≤ 1"}}};
constexpr std::array<Step, 4> wrong_steps{{{1e3, "#d0512c", "≤ 1000"},
                                           {1e6, "#ad3320", "≤ 1e6"},
                                           {1e9, "#852019", "≤ 1e9"},
                                           {HUGE_VAL, "#571112", "> 1e9"}}};
constexpr const char* undecided_colour = "#f5e6ac";

constexpr const char* ink = "#222222";
constexpr const char* quiet = "#5c636b";
constexpr const char* alarm = "#a3231a";
constexpr const char* fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', "
                              "'Noto Sans', 'DejaVu Sans', sans-serif";

// px, unless something else is said
constexpr double margin = 24;
constexpr double room = 720; // for the cells side by side
constexpr double largest_cell = 22;
constexpr double smallest_cell = 4;  // still a mark on any screen
constexpr double cell_for_marks = 8; // a cross in less is a blot
constexpr double panel_gap = 14;
constexpr double text_size = 14;
constexpr double line_height = 21;
constexpr double small_text = 12;
// A letter's mean width in em; a line that is broken a little early is no harm
constexpr double letter_width = 0.52;
constexpr std::size_t longest_row = 32;     // cells of a vector, before it is broken
constexpr std::size_t most_tooltips = 5000; // beyond these the file grows, and nobody reads them

// ── Text ─────────────────────────────────────────────────────────────────────────────────────────

// How many bytes of UTF-8 the letter at the front of `words` has; 0 where it is no UTF-8
std::size_t letter_at(std::string_view words) {
    const auto first = static_cast<unsigned char>(words[0]);
    const std::size_t length = first < 0x80             ? 1
                               : (first & 0xe0) == 0xc0 ? 2
                               : (first & 0xf0) == 0xe0 ? 3
                               : (first & 0xf8) == 0xf0 ? 4
                                                        : 0;
    if (length == 0 || length > words.size())
        return 0;
    for (std::size_t place = 1; place < length; ++place)
        if ((words[place] & '\xc0') != '\x80')
            return 0;
    return length;
}

// Text as XML and HTML take it. What a layer threw may hold anything: what is no letter becomes �
std::string escaped(std::string_view words) {
    std::string result;
    while (!words.empty()) {
        const auto length = letter_at(words);
        const char letter = words[0];
        if (letter == '&')
            result += "&amp;";
        else if (letter == '<')
            result += "&lt;";
        else if (letter == '>')
            result += "&gt;";
        else if (letter == '"')
            result += "&quot;";
        else if (length == 0 || (length == 1 && letter < ' ' && letter != '\n' && letter != '\t') ||
                 letter == '\x7f')
            result += "\ufffd";
        else
            result += words.substr(0, length);
        words.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

// `words` in lines that fit into `width`
std::vector<std::string> broken(const std::string& words, double width) {
    const auto most = static_cast<std::size_t>(width / (letter_width * text_size));
    std::vector<std::string> lines{""};
    std::size_t start = 0;
    while (start < words.size()) {
        const auto end = std::min(words.find_first_of(" \n", start), words.size());
        const auto word = words.substr(start, end - start);
        if (!lines.back().empty() && letters_of(lines.back()) + letters_of(word) + 1 > most)
            lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + word;
        start = end + 1;
    }
    return lines;
}

// A number with a true minus, and without the plus and the zeros of exponents
std::string written(std::string words) {
    for (const auto& [from, to] : {std::pair{"e+0", "e"}, {"e+", "e"}, {"e-0", "e-"}, {"-", "−"}})
        for (auto at = words.find(from); at != std::string::npos; at = words.find(from))
            words.replace(at, std::string_view(from).size(), to);
    return words;
}
std::string number(double value) {
    return std::isnan(value) ? "NaN" : written(fmt::format("{:.6g}", value));
}
std::string rough(double value) {
    return written(fmt::format("{:.1e}", value));
}

// A coordinate: a tenth of a px is finer than any screen
std::string px(double value) {
    std::string words = fmt::format("{:.1f}", value);
    if (words.ends_with(".0"))
        words.resize(words.size() - 2);
    return words;
}

// How large an error is beside its bound, in words
std::string times_of(double times) {
    if (std::isinf(times))
        return "beyond any bound";
    return written(times < 1e4 ? fmt::format("{:.2g}", times) : fmt::format("{:.0e}", times)) +
           " times its bound";
}

// ── The grid of one gradient ─────────────────────────────────────────────────────────────────────

// Which axes of a gradient lie where, and how large its cells are
struct Layout {
    std::size_t panel_rows = 1, panel_columns = 1; // panels below and beside each other
    std::size_t rows = 1, columns = 1;             // cells in each
    std::string panel_row_name, panel_column_name, row_name, column_name; // "" where there is none
    std::size_t entries = 0;
    double cell = largest_cell;

    double panel_width() const { return static_cast<double>(columns) * cell; }
    double panel_height() const { return static_cast<double>(rows) * cell; }

    // The left upper corner of a panel, from that of the first
    std::pair<double, double> panel(std::size_t row, std::size_t column) const {
        return {static_cast<double>(column) * (panel_width() + panel_gap),
                static_cast<double>(row) * (panel_height() + panel_gap)};
    }
    // The left upper corner of the cell of an entry
    std::pair<double, double> at(std::size_t position) const {
        const auto row = position / columns % rows, column = position % columns;
        const auto which = position / (rows * columns);
        const auto [x, y] = panel(which / panel_columns, which % panel_columns);
        return {x + static_cast<double>(column) * cell, y + static_cast<double>(row) * cell};
    }
    double width() const { return panel(0, panel_columns).first - panel_gap; }
    double height() const { return panel(panel_rows, 0).second - panel_gap; }
};

Layout layout_of(const TensorReport& tensor) {
    Layout layout;
    layout.entries = tensor.times_bound.size();
    const auto& shape = tensor.shape;
    const auto rank = shape.size();
    const auto names = axis_names(tensor);
    if (rank == 1 && shape[0] > longest_row) {
        layout.columns = longest_row;
        layout.rows = (shape[0] + longest_row - 1) / longest_row;
        layout.row_name = fmt::format("{}, {} in a row", names[0], longest_row);
    } else if (rank >= 1) {
        layout.columns = shape[rank - 1];
        layout.column_name = names[rank - 1];
    }
    if (rank >= 2) {
        layout.rows = shape[rank - 2];
        layout.row_name = names[rank - 2];
    }
    if (rank >= 3) {
        layout.panel_columns = shape[rank - 3];
        layout.panel_column_name = names[rank - 3];
    }
    for (std::size_t axis = 0; axis + 3 < rank; ++axis) {
        layout.panel_rows *= shape[axis];
        layout.panel_row_name += (axis == 0 ? "" : ", ") + names[axis];
    }
    const auto across = static_cast<double>(layout.panel_columns * layout.columns);
    const auto gaps = static_cast<double>(layout.panel_columns - 1) * panel_gap;
    layout.cell = std::clamp(std::floor((room - gaps) / across), smallest_cell, largest_cell);
    return layout;
}

// What every entry is
std::vector<Kind> kinds_of(const TensorReport& tensor) {
    std::vector<Kind> kinds(tensor.times_bound.size(), Kind::Verified);
    for (const auto& entry : tensor.failing) {
        std::size_t position = 0;
        for (auto axis : range(tensor.shape.size()))
            position = position * tensor.shape[axis] + entry.index[axis];
        kinds.at(position) = entry.verdict == Verdict::Wrong ? Kind::Wrong : Kind::Undecided;
    }
    return kinds;
}

template <std::size_t N>
const char* step_of(const std::array<Step, N>& steps, double times) {
    const auto step = std::find_if(steps.begin(), steps.end() - 1,
                                   [times](const Step& step) { return times <= step.up_to; });
    return step->colour;
}

const char* colour_of(Kind kind, double times) {
    return kind == Kind::Verified    ? step_of(verified_steps, times)
           : kind == Kind::Undecided ? undecided_colour
                                     : step_of(wrong_steps, times);
}

// ── SVG ──────────────────────────────────────────────────────────────────────────────────────────

// How a line of text looks
struct Style {
    const char* colour = ink;
    double size = text_size;
    bool bold = false;
    const char* anchor = "start"; // what of it stands at its point
};

// A picture that grows downwards
class Drawing {
public:
    double y = margin; // where the next thing goes

    void text(double x, double baseline, const std::string& words, Style style = {}) {
        marks_ += fmt::format(
            "<text x=\"{}\" y=\"{}\" fill=\"{}\" font-size=\"{}\"{}{}>{}</text>\n", px(x),
            px(baseline), style.colour, px(style.size), style.bold ? " font-weight=\"650\"" : "",
            std::string_view(style.anchor) == "start"
                ? ""
                : fmt::format(" text-anchor=\"{}\"", style.anchor),
            escaped(words));
        const double width = letter_width * style.size * static_cast<double>(letters_of(words));
        if (std::string_view(style.anchor) == "start")
            wide(x + width);
    }
    // A line below the last one, or more where it is long
    void line(const std::string& words, Style style = {}) {
        for (const auto& part : broken(words, room)) {
            y += line_height;
            text(margin, y - 5, part, style);
        }
    }
    // Text from below upwards, centred on a point
    void upright(double x, double middle, const std::string& words) {
        marks_ +=
            fmt::format("<text transform=\"translate({} {}) rotate(-90)\" fill=\"{}\" "
                        "font-size=\"{}\" font-weight=\"650\" text-anchor=\"middle\">{}</text>\n",
                        px(x), px(middle), ink, px(small_text), escaped(words));
    }
    void mark(const std::string& svg) { marks_ += svg; }
    void wide(double x) { width_ = std::max(width_, x); }

    // The whole picture
    std::string svg(const std::string& title, const std::string& description) const {
        const auto width = px(std::ceil(width_ + margin)), height = px(std::ceil(y + margin));
        return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                           "viewBox=\"0 0 {0} {1}\" role=\"img\" font-family=\"{2}\">\n"
                           "<title>{3}</title>\n<desc>{4}</desc>\n"
                           "<defs><pattern id=\"undecided\" width=\"5\" height=\"5\" "
                           "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                           "<rect width=\"5\" height=\"5\" fill=\"{5}\"/>"
                           "<rect width=\"1.8\" height=\"5\" fill=\"#6f5600\"/></pattern></defs>\n"
                           "<rect x=\"0.5\" y=\"0.5\" width=\"{6}\" height=\"{7}\" rx=\"12\" "
                           "fill=\"#fdfdfb\" stroke=\"#dcdbd4\"/>\n",
                           width, height, fonts, escaped(title), escaped(description),
                           undecided_colour, px(std::ceil(width_ + margin) - 1),
                           px(std::ceil(y + margin) - 1)) +
               marks_ + "</svg>\n";
    }

private:
    std::string marks_;
    double width_ = 0;
};

std::string fill_of(const char* colour) {
    return std::string_view(colour) == undecided_colour ? "url(#undecided)" : colour;
}

// The cells, all of one colour in one path; neighbours in a row are one rectangle where cells are
// too small for a line between them
void draw_cells(Drawing& drawing, const Layout& layout, const std::vector<double>& times,
                const std::vector<Kind>& kinds, double left, double top) {
    const bool apart = layout.cell >= cell_for_marks;
    const double line = apart ? 1 : 0;
    std::map<std::string_view, std::string> paths;
    std::string crosses;
    for (std::size_t position = 0; position < times.size();) {
        const std::string_view colour = colour_of(kinds[position], times[position]);
        auto end = position + 1;
        while (!apart && end < times.size() && end % layout.columns != 0 &&
               colour_of(kinds[end], times[end]) == colour)
            ++end;
        const auto [x, y] = layout.at(position);
        const auto width = static_cast<double>(end - position) * layout.cell - line;
        const auto height = layout.cell - line;
        paths[colour] += fmt::format("M{} {}h{}v{}h-{}z", px(left + x), px(top + y), px(width),
                                     px(height), px(width));
        if (apart && kinds[position] == Kind::Wrong) {
            const double inset = layout.cell * 0.3, size = layout.cell - line - 2 * inset;
            crosses +=
                fmt::format("M{} {}l{} {}m0 -{}l-{} {}", px(left + x + inset), px(top + y + inset),
                            px(size), px(size), px(size), px(size), px(size));
        }
        position = end;
    }
    for (const auto& [colour, path] : paths)
        drawing.mark(fmt::format("<path fill=\"{}\" d=\"{}\"/>\n",
                                 fill_of(std::string(colour).c_str()), path));
    if (!crosses.empty())
        drawing.mark(fmt::format("<path fill=\"none\" stroke=\"#ffffff\" stroke-width=\"1.6\" "
                                 "stroke-linecap=\"round\" d=\"{}\"/>\n",
                                 crosses));
}

// A frame around every panel
void draw_frames(Drawing& drawing, const Layout& layout, double left, double top) {
    std::string frames;
    for (auto row : range(layout.panel_rows))
        for (auto column : range(layout.panel_columns)) {
            const auto [x, y] = layout.panel(row, column);
            // A vector that was broken ends inside its last row; its frame does not matter
            frames += fmt::format("M{} {}h{}v{}h-{}z", px(left + x - 1), px(top + y - 1),
                                  px(layout.panel_width() + 1), px(layout.panel_height() + 1),
                                  px(layout.panel_width() + 1));
        }
    drawing.mark(fmt::format("<path fill=\"none\" stroke=\"#b9b8b0\" d=\"{}\"/>\n", frames));
}

// How many cells apart numbers along an edge stand, so that they do not touch
std::size_t apart(std::size_t extent, double cell, double needed) {
    std::size_t step = 1;
    for (const std::size_t next :
         std::initializer_list<std::size_t>{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}) {
        step = next;
        if (static_cast<double>(step) * cell >= needed || step >= extent)
            break;
    }
    return step;
}

// The numbers of the columns, above the first panels, and of the rows, left of them
void draw_numbers(Drawing& drawing, const Layout& layout, double left, double top) {
    const auto digits = fmt::format("{}", layout.columns - 1).size();
    const auto column_step =
        apart(layout.columns, layout.cell, small_text * (0.65 * static_cast<double>(digits) + 0.7));
    for (std::size_t panel = 0; panel < layout.panel_columns && !layout.column_name.empty();
         ++panel) {
        const auto x = left + layout.panel(0, panel).first;
        for (std::size_t column = 0; column < layout.columns; column += column_step)
            drawing.text(x + (static_cast<double>(column) + 0.5) * layout.cell, top - 6,
                         fmt::format("{}", column), {quiet, small_text, false, "middle"});
    }
    const auto row_step = apart(layout.rows, layout.cell, small_text * 1.4);
    const auto first_of_row = layout.column_name.empty() ? layout.columns : 1;
    for (std::size_t panel = 0; panel < layout.panel_rows && !layout.row_name.empty(); ++panel) {
        const auto y = top + layout.panel(panel, 0).second;
        for (std::size_t row = 0; row < layout.rows; row += row_step)
            drawing.text(left - 7, y + (static_cast<double>(row) + 0.5) * layout.cell + 4,
                         fmt::format("{}", row * first_of_row), {quiet, small_text, false, "end"});
    }
}

// Which axis goes where, in words
std::string axes_of(const Layout& layout) {
    std::string words = layout.row_name.empty() ? "" : layout.row_name + " ↓";
    if (!layout.column_name.empty())
        words += (words.empty() ? "" : ", ") + layout.column_name + " →";
    if (layout.panel_column_name.empty())
        return words;
    std::string panels = layout.panel_row_name.empty() ? "" : layout.panel_row_name + " ↓, ";
    return fmt::format("panels: {}{} →; in each: {}", panels, layout.panel_column_name, words);
}

// Which place a row of panels has in the axes before the last three: "1", or "0, 2" of two axes
std::string panel_row_number(const Shape& shape, std::size_t row) {
    const auto index = text(index_at(Shape(shape.begin(), shape.end() - 3), row));
    return index.substr(1, index.size() - 2);
}

// The name of an axis and a place on it
std::string named(const std::string& axis, const std::string& place) {
    return axis + (axis.starts_with("axis") ? " = " : " ") + place;
}

double width_of(const std::string& words) {
    return letter_width * small_text * static_cast<double>(letters_of(words));
}

// The names of the panels, or their numbers where they are too small for names
void draw_panel_names(Drawing& drawing, const Layout& layout, const Shape& shape, double left,
                      double top) {
    if (layout.panel_column_name.empty())
        return;
    const double pitch = layout.panel_width() + panel_gap;
    const auto column_words = [&](std::size_t panel) {
        return named(layout.panel_column_name, fmt::format("{}", panel));
    };
    const bool whole = width_of(column_words(layout.panel_columns - 1)) <= pitch - 6;
    const auto column_step = apart(layout.panel_columns, pitch, 26);
    for (std::size_t panel = 0; panel < layout.panel_columns; panel += column_step)
        drawing.text(left + layout.panel(0, panel).first + layout.panel_width() / 2, top - 24,
                     whole ? column_words(panel) : fmt::format("{}", panel),
                     {ink, small_text, true, "middle"});
    if (layout.panel_row_name.empty())
        return;
    const double height = layout.panel_height() + panel_gap;
    const auto row_words = [&](std::size_t panel) {
        return named(layout.panel_row_name, panel_row_number(shape, panel));
    };
    const bool upright =
        shape.size() == 4 && width_of(row_words(layout.panel_rows - 1)) <= height - 6;
    const auto row_step = apart(layout.panel_rows, height, small_text * 1.4);
    for (std::size_t panel = 0; panel < layout.panel_rows; panel += row_step) {
        const double y = top + layout.panel(panel, 0).second + layout.panel_height() / 2;
        if (upright)
            drawing.upright(margin + 10, y, row_words(panel));
        else
            drawing.text(margin, y + 4, panel_row_number(shape, panel), {ink, small_text, true});
    }
}

// How wide the names of the rows of panels are
double panel_row_room(const Layout& layout, const Shape& shape) {
    if (layout.panel_row_name.empty())
        return 0;
    return 10 + 1.2 * width_of(panel_row_number(shape, layout.panel_rows - 1));
}

// What is under the mouse, where an entry fails
void draw_tooltips(Drawing& drawing, const Layout& layout, const TensorReport& tensor, double left,
                   double top) {
    for (auto place : range(std::min(most_tooltips, tensor.failing.size()))) {
        const auto& entry = tensor.failing[place];
        std::size_t position = 0;
        for (auto axis : range(tensor.shape.size()))
            position = position * tensor.shape[axis] + entry.index[axis];
        const auto [x, y] = layout.at(position);
        drawing.mark(fmt::format(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\"0\">"
            "<title>{}{} is {}, should be {} ± {}: {}, {}</title></rect>\n",
            px(left + x), px(top + y), px(layout.cell), px(layout.cell), escaped(tensor.name),
            text(entry.index), number(entry.analytic), number(entry.numeric), rough(entry.bound),
            to_text(entry.verdict), times_of(times_bound(entry))));
    }
}

void draw_worst(Drawing& drawing, const Layout& layout, const TensorReport& tensor, double left,
                double top) {
    std::size_t position = 0;
    for (auto axis : range(tensor.shape.size()))
        position = position * tensor.shape[axis] + tensor.worst.index[axis];
    const auto [x, y] = layout.at(position);
    for (const auto& [colour, width] : {std::pair{"#ffffff", 4.5}, std::pair{"#000000", 2.2}})
        drawing.mark(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" "
                                 "fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                                 px(left + x - 1.5), px(top + y - 1.5), px(layout.cell + 2),
                                 px(layout.cell + 2), colour, width));
}

// Does any entry differ from what it should be?
bool differs(const TensorReport& tensor) {
    return !tensor.failing.empty() ||
           std::any_of(tensor.times_bound.begin(), tensor.times_bound.end(),
                       [](double times) { return times > 0; });
}

std::string worst_of(const TensorReport& tensor) {
    if (!differs(tensor))
        return "Every entry is right to the last digit.";
    const auto& worst = tensor.worst;
    return fmt::format("The worst entry is framed: {}{} is {}, should be {} ± {}: {}.", tensor.name,
                       text(worst.index), number(worst.analytic), number(worst.numeric),
                       rough(worst.bound), times_of(times_bound(worst)));
}

void draw(Drawing& drawing, const TensorReport& tensor) {
    drawing.y += 14;
    drawing.line(fmt::format("{} {}: {}", tensor.name, text(tensor.shape), verdict_of(tensor)),
                 {tensor.passed() ? ink : alarm, text_size + 1, true});
    if (!tensor.pattern.empty())
        drawing.line(capitalized(tensor.pattern) + ".");
    for (const auto& mistake : tensor.mistakes)
        drawing.line("Likely mistake: " + mistake.name + ".", {alarm});
    if (!tensor.problem.empty() || tensor.times_bound.empty())
        return;
    drawing.line(worst_of(tensor), {quiet});

    const auto layout = layout_of(tensor);
    if (const auto axes = axes_of(layout); !axes.empty())
        drawing.line(axes, {quiet, small_text});
    const double left =
        margin + panel_row_room(layout, tensor.shape) + (layout.row_name.empty() ? 0 : 30);
    drawing.y +=
        8 + (layout.column_name.empty() ? 0 : 16) + (layout.panel_column_name.empty() ? 0 : 18);
    const double top = drawing.y;
    draw_frames(drawing, layout, left, top);
    draw_cells(drawing, layout, tensor.times_bound, kinds_of(tensor), left, top);
    draw_numbers(drawing, layout, left, top);
    draw_panel_names(drawing, layout, tensor.shape, left, top);
    draw_tooltips(drawing, layout, tensor, left, top);
    if (differs(tensor))
        draw_worst(drawing, layout, tensor, left, top);
    drawing.wide(left + layout.width());
    drawing.y += layout.height() + 10;
}

// What the colours mean
void draw_legend(Drawing& drawing) {
    constexpr double size = 18, step = 58;
    drawing.y += line_height;
    const double words = drawing.y;
    drawing.text(margin, words - 5, "error / bound", {quiet, small_text});
    drawing.y += 6;
    double x = margin;
    const auto swatch = [&](const std::string& fill, const char* below, bool crossed) {
        drawing.mark(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" "
                                 "fill=\"{}\" stroke=\"#b9b8b0\" stroke-width=\"0.7\"/>\n",
                                 px(x), px(drawing.y), px(size), px(size), fill));
        if (crossed)
            drawing.mark(fmt::format("<path fill=\"none\" stroke=\"#ffffff\" stroke-width=\"1.6\" "
                                     "stroke-linecap=\"round\" d=\"M{} {}l7 7m0 -7l-7 7\"/>\n",
                                     px(x + 5.5), px(drawing.y + 5.5)));
        drawing.text(x, drawing.y + size + 15, below, {quiet, small_text});
        x += step;
    };
    const auto group = [&](const char* name) {
        drawing.text(x, words - 5, name, {ink, small_text, true});
    };
    x += 104;
    group("verified");
    for (const auto& each : verified_steps)
        swatch(each.colour, each.words, false);
    x += 10;
    group("wrong ×");
    for (const auto& each : wrong_steps)
        swatch(each.colour, each.words, true);
    x += 10;
    group("undecided");
    swatch("url(#undecided)", "", false);
    drawing.wide(x);
    drawing.y += size + 20;
}

// The picture in words, for who cannot see it
std::string description_of(const CheckReport& report) {
    if (!report.problem.empty())
        return report.problem;
    std::string words;
    for (const auto& tensor : report.tensors) {
        words += fmt::format("{}{} {}: {}.", words.empty() ? "" : " ", tensor.name,
                             text(tensor.shape), verdict_of(tensor));
        if (!tensor.pattern.empty())
            words += " " + capitalized(tensor.pattern) + ".";
        for (const auto& mistake : tensor.mistakes)
            words += " Likely mistake: " + mistake.name + ".";
        if (tensor.problem.empty())
            words += " " + worst_of(tensor);
    }
    return words;
}

} // namespace

std::string to_svg(const CheckReport& report) {
    Drawing drawing;
    drawing.line(report.layer + (report.passed() ? ": every gradient is right" : ": WRONG"),
                 {report.passed() ? ink : alarm, text_size + 5, true});
    drawing.line(report.configuration, {quiet});
    if (!report.problem.empty())
        drawing.line(report.problem, {alarm});
    else
        draw_legend(drawing);
    for (const auto& tensor : report.tensors)
        draw(drawing, tensor);
    if (!report.findings.empty())
        drawing.y += 14;
    for (const auto& finding : report.findings)
        drawing.line("Broken: " + finding.rule + ". " + capitalized(finding.sentence) + ".",
                     {alarm});
    return drawing.svg(fmt::format("The errors of the gradients of {}", report.layer),
                       description_of(report));
}

std::string to_html(const std::vector<CheckReport>& reports) {
    std::string page = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>Gradient check</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.55;
    font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif }
h1 { font-size: 1.7rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
.picture, pre { overflow-x: auto }
pre { padding: 1rem; border: 1px solid #8886; border-radius: 8px; font-size: .82rem; line-height: 1.5;
    font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace }
</style>
</head>
<body>
<h1>Gradient check</h1>
)";
    page += "<p>" + escaped(count(reports)) + "</p>\n";
    for (const auto& report : reports) {
        page += fmt::format("<section>\n<h2>{}: {}</h2>\n<div class=\"picture\">\n{}</div>\n",
                            escaped(report.layer), escaped(report.configuration), to_svg(report));
        if (!report.passed())
            page += "<pre>" + escaped(to_text(report)) + "</pre>\n";
        page += "</section>\n";
    }
    return page + "</body>\n</html>\n";
}

} // namespace handgrad
