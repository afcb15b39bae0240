#include "picture.hpp"

#include <algorithm>
#include <cmath>

namespace handgrad::pictures {

namespace {

// The four hues are Okabe and Ito's blue, orange, bluish green and reddish purple, which colour-
// blind readers tell apart; the fills grow darker from z to weight to y, which tells them apart in
// grey. `ink` has a contrast of at least 4.5 : 1 on the card, so that small text can be read.
struct Colours {
    const char* ink;  // text and thick lines
    const char* line; // outlines of cells
    const char* fill; // cells
};

Colours colours(Role role) {
    switch (role) {
    case Role::Z:
        return {"#0b5394", "#7fb0dc", "#e6f1fb"};
    case Role::Weight:
        return {"#8f4a00", "#d99a3d", "#ffdfa6"};
    case Role::Y:
        return {"#0a5f47", "#4fa589", "#a8dcc6"};
    case Role::Gradient:
        return {"#b0175f", "#b0175f", "#f8dce9"};
    case Role::Muted:
        return {"#666666", "#c9c9c4", "#f0f0ec"};
    case Role::Plain:
        break;
    }
    return {"#222222", "#222222", "#ffffff"};
}

constexpr auto card = "#fdfdfb"; // near white: the same on a light and on a dark page
constexpr auto card_border = "#dcdbd4";
// What the reader's system offers, text staying text; the last but one is Debian's
constexpr auto fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', "
                       "'Noto Sans', 'DejaVu Sans', sans-serif";

// Lowers text whose middle shall stand at y to its baseline: digits are about 0.7 em high
constexpr double baseline = 0.35;

// A coordinate: a tenth of a px is finer than any screen
std::string px(double value) {
    std::string text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0"))
        text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string escaped(const std::string& text) {
    std::string result;
    for (char character : text)
        switch (character) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        default:
            result += character;
        }
    return result;
}

// How far a script stands from the line, in em: down is positive
double shift(Script script) {
    return script == Script::Sub ? 0.22 : script == Script::Super ? -0.36 : 0.0;
}

// The runs of a line as tspans; each moves by the difference of its shift and the last one's
std::string spans(const Line& line, double size) {
    std::string result;
    double height = 0;
    for (const Run& run : line) {
        std::string attributes;
        if (run.role != Role::Plain)
            attributes += fmt::format(" fill=\"{}\"", colours(run.role).ink);
        if (run.script != Script::None)
            attributes += fmt::format(" font-size=\"{}\"", px(0.72 * size));
        if (shift(run.script) != height)
            attributes += fmt::format(" dy=\"{}\"", px((shift(run.script) - height) * size));
        height = shift(run.script);
        result += attributes.empty() ? escaped(run.text)
                                     : "<tspan" + attributes + ">" + escaped(run.text) + "</tspan>";
    }
    return result;
}

// What the entry in row h and column w is called, such as "y(0,1)"
std::string entry_name(const GridStyle& style, std::size_t h, std::size_t w) {
    if (style.name.empty())
        return "";
    return style.vector ? fmt::format("{}({})", style.name, h + w)
                        : fmt::format("{}({},{})", style.name, h, w);
}

double corner_radius(Role role, double cell) {
    return role == Role::Weight ? cell / 5 : 0;
}

} // namespace

Line operator+(Line left, const Line& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

std::string number(double value) {
    std::string text = fmt::format("{:.3f}", std::abs(value));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return fmt::format("{}{}", value < 0 && text != "0" ? "−" : "", text);
}

std::string factor(double value) {
    return value < 0 ? fmt::format("({})", number(value)) : number(value);
}

Box Grid::at(std::size_t row, std::size_t column, std::size_t rows, std::size_t columns) const {
    return {box.x + cell * static_cast<double>(column), box.y + cell * static_cast<double>(row),
            cell * static_cast<double>(columns), cell * static_cast<double>(rows)};
}

Point Axes::at(Point data) const {
    return {box.x + box.width * (data.x - smallest.x) / (largest.x - smallest.x),
            box.y + box.height * (largest.y - data.y) / (largest.y - smallest.y)};
}

Picture::Picture(std::string name, std::string title, std::string description, double height)
    : name_(std::move(name)), title_(std::move(title)), description_(std::move(description)),
      height_(height) {}

void Picture::text(Point at, const Line& line, TextStyle style) {
    std::string attributes;
    if (std::string_view(style.anchor) != "middle")
        attributes += fmt::format(" text-anchor=\"{}\"", style.anchor);
    if (style.bold)
        attributes += " font-weight=\"700\"";
    body_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}>{}</text>\n", px(at.x),
                         px(at.y + baseline * style.size), px(style.size), attributes,
                         spans(line, style.size));
}

Grid Picture::grid(Point corner, const Tensor<double>& matrix, const GridStyle& style) {
    const auto rows = matrix.shape(0), columns = matrix.shape(1);
    const Grid grid{{corner.x, corner.y, style.cell * static_cast<double>(columns),
                     style.cell * static_cast<double>(rows)},
                    style.cell};
    for (auto h : range(rows))
        for (auto w : range(columns))
            cell(grid.at(h, w), matrix(h, w), style, entry_name(style, h, w),
                 std::count(style.strong.begin(), style.strong.end(), std::array{h, w}) > 0);
    if (style.gradient)
        rectangle(grid.box.grown(5), "none", colours(Role::Gradient).line, 2, 7);

    // The name, and the row and column numbers
    const bool number_columns = style.indices && !(style.vector && columns == 1);
    const bool number_rows = style.indices && !(style.vector && rows == 1);
    if (style.heading && !style.name.empty())
        text({grid.box.centre().x, corner.y - (number_columns ? 38 : 24)},
             {{style.name, style.role}}, {20, true});
    for (auto w : range(number_columns ? columns : 0))
        text({grid.at(0, w).centre().x, corner.y - 15}, {{fmt::format("{}", w), Role::Muted}},
             {12.5});
    for (auto h : range(number_rows ? rows : 0))
        text({corner.x - 16, grid.at(h, 0).centre().y}, {{fmt::format("{}", h), Role::Muted}},
             {12.5});
    return grid;
}

void Picture::cell(Box box, double value, const GridStyle& style, const std::string& entry,
                   bool strong) {
    const auto [ink, line, fill] = colours(style.role);
    rectangle(box, strong ? ink : fill, strong ? ink : line, 1.2,
              corner_radius(style.role, box.height));
    std::string attributes = strong ? " font-weight=\"700\" fill=\"#ffffff\"" : "";
    if (!entry.empty())
        attributes += fmt::format(" data-entry=\"{}\"", entry);
    body_ += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}>{}</text>\n",
                         px(box.centre().x), px(box.centre().y + baseline * style.number),
                         px(style.number), attributes, number(value));
}

void Picture::outline(Box box, Role role) {
    rectangle(box, "none", colours(role).ink, 3.2, 5);
}

void Picture::chip(Box cell, double value, Role role) {
    const auto words = fmt::format("×{}", number(value));
    const double width = value < 0 ? 29 : 22, height = 17;
    const Box box{cell.x + cell.width - width - 3, cell.y + cell.height - height - 3, width,
                  height};
    rectangle(box, colours(role).fill, colours(role).line, 1, 5);
    text(box.centre(), {{words, role}}, {12, true});
}

void Picture::node(Point centre, double radius, Role role, const Line& line) {
    body_ +=
        fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\" stroke=\"{}\" "
                    "stroke-width=\"2\"/>\n",
                    px(centre.x), px(centre.y), px(radius), colours(role).fill, colours(role).ink);
    text(centre, line, {20, true});
}

void Picture::arrow(Point from, Point to, Role role) {
    const auto third = [](double a, double b) { return a + (b - a) / 3; };
    arrow(from, {third(from.x, to.x), third(from.y, to.y)},
          {third(to.x, from.x), third(to.y, from.y)}, to, role);
}

void Picture::arrow(Point from, Point leave, Point arrive, Point to, Role role) {
    // The head: a slim triangle whose notched base the line runs into
    constexpr double length = 12, half_width = 5, notch = 9;
    const double distance = std::hypot(to.x - arrive.x, to.y - arrive.y);
    const Point along{(to.x - arrive.x) / distance, (to.y - arrive.y) / distance};
    const auto back = [&](double by, double aside) {
        return px(to.x - by * along.x - aside * along.y) + " " +
               px(to.y - by * along.y + aside * along.x);
    };
    const auto path = fmt::format("M{} {}C{} {} {} {} {}", px(from.x), px(from.y), px(leave.x),
                                  px(leave.y), px(arrive.x), px(arrive.y), back(notch, 0));
    // A wider stroke in the card's colour keeps crossing arrows apart
    for (const auto& [colour, width] : {std::pair{card, 6.0}, std::pair{colours(role).ink, 2.0}})
        body_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                             path, colour, px(width));
    body_ += fmt::format("<path d=\"M{} {}L{}L{}L{}Z\" fill=\"{}\"/>\n", px(to.x), px(to.y),
                         back(length, half_width), back(notch, 0), back(length, -half_width),
                         colours(role).ink);
}

void Picture::line(Point from, Point to, Role role, double width) {
    body_ += fmt::format("<path d=\"M{} {}L{} {}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
                         px(from.x), px(from.y), px(to.x), px(to.y), colours(role).ink, px(width));
}

void Picture::axes(const Axes& axes, const std::vector<double>& x_ticks,
                   const std::vector<double>& y_ticks, const Line& x_name) {
    const auto origin = axes.at({0, 0});
    for (double y : y_ticks)
        body_ += fmt::format("<path d=\"M{} {}H{}\" stroke=\"{}\"/>\n", px(axes.box.x),
                             px(axes.at({0, y}).y), px(axes.box.x + axes.box.width),
                             colours(Role::Muted).line);
    line({axes.box.x, origin.y}, {axes.box.x + axes.box.width, origin.y}, Role::Muted, 1.4);
    line({origin.x, axes.box.y}, {origin.x, axes.box.y + axes.box.height}, Role::Muted, 1.4);
    for (double x : x_ticks) {
        const auto at = axes.at({x, 0});
        line(at, {at.x, at.y + 5}, Role::Muted, 1.4);
        text({at.x, axes.box.y + axes.box.height + 18}, {{number(x), Role::Muted}}, {14});
    }
    for (double y : y_ticks)
        text({axes.box.x - 10, axes.at({0, y}).y}, {{number(y), Role::Muted}}, {14, false, "end"});
    text({axes.box.x + axes.box.width + 18, axes.box.y + axes.box.height + 18}, x_name, {18, true});
}

void Picture::curve(const std::vector<Point>& points, Role role, bool dashed) {
    std::string path;
    for (const Point& point : points)
        path += fmt::format("{}{} {}", path.empty() ? "M" : " ", px(point.x), px(point.y));
    body_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"3\" "
                         "stroke-linejoin=\"round\"{}/>\n",
                         path, colours(role).ink, dashed ? " stroke-dasharray=\"9 5\"" : "");
}

void Picture::dot(Point at, Role role, bool open) {
    body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"5.5\" fill=\"{}\" stroke=\"{}\" "
                         "stroke-width=\"2.5\"/>\n",
                         px(at.x), px(at.y), open ? card : colours(role).ink, colours(role).ink);
}

void Picture::shade(Box box, Role role) {
    rectangle(box, colours(role).fill, "none", 0, 0);
}

void Picture::bar(Point zero, double width, double height, Role role) {
    rectangle({zero.x - width / 2, height < 0 ? zero.y : zero.y - height, width, std::abs(height)},
              colours(role).fill, colours(role).ink, 1.5, 0);
}

std::string Picture::svg() const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\" aria-labelledby=\"{2}-title {2}-desc\" "
        "xml:space=\"preserve\" font-family=\"{3}\" text-anchor=\"middle\" fill=\"{4}\">\n"
        "<title id=\"{2}-title\">{5}</title>\n<desc id=\"{2}-desc\">{6}</desc>\n"
        "<rect x=\"0.5\" y=\"0.5\" width=\"{7}\" height=\"{8}\" rx=\"14\" fill=\"{9}\" "
        "stroke=\"{10}\"/>\n{11}</svg>\n",
        px(page_width), px(height_), name_, fonts, colours(Role::Plain).ink, escaped(title_),
        escaped(description_), px(page_width - 1), px(height_ - 1), card, card_border, body_);
}

void Picture::rectangle(Box box, const std::string& fill, const std::string& stroke, double width,
                        double radius) {
    body_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}{}/>\n",
                         px(box.x), px(box.y), px(box.width), px(box.height), fill,
                         stroke == "none"
                             ? ""
                             : fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", stroke, px(width)),
                         radius > 0 ? fmt::format(" rx=\"{}\"", px(radius)) : "");
}

std::vector<double> side_by_side(const std::vector<double>& widths, double gap) {
    double total = gap * static_cast<double>(widths.size() - 1);
    for (double width : widths)
        total += width;
    std::vector<double> left;
    double x = (page_width - total) / 2;
    for (double width : widths) {
        left.push_back(x);
        x += width + gap;
    }
    return left;
}

Tensor<double> image(const Tensor<double>& images) {
    const auto H = images.shape(2), W = images.shape(3);
    auto result = zeros<double>({H, W});
    for (auto h : range(H))
        for (auto w : range(W))
            result(h, w) = images(0, 0, h, w);
    return result;
}

Tensor<double> matrix(const Tensor<double>& tensor, std::size_t rows) {
    return reshaped(tensor, {rows, tensor.size() / rows});
}

} // namespace handgrad::pictures
