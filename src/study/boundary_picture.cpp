#include "boundary_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace handgrad::study {

namespace {

using playground::Point;

// In px: the plane, what is above and on the left of it, and the whole picture
constexpr double side = 360, top = 34, left = 34, width = 410, height = 470;

constexpr std::size_t shades = 31;                   // as many as the site has
constexpr std::string_view no_number_shade = "#bbb"; // none of those
constexpr double point_size = 6;                     // px, as on the site

// The colours of the site at −1, 0 and 1: red, green, blue
using Colour = std::array<double, 3>;
constexpr Colour negative = {245, 147, 34}, neutral = {232, 234, 235}, positive = {8, 119, 189};

// A position in px, in as few digits as can be seen
std::string px(double length) {
    return fmt::format("{:g}", std::round(10 * length) / 10);
}

// The colour of a shade; the site lays that of answers over white, with an opacity of 160 / 255
std::string colour(std::size_t shade, double opacity) {
    const double place = 2 * static_cast<double>(shade) / (shades - 1) - 1;
    const Colour& end = place < 0 ? negative : positive;
    std::string text = "#";
    for (std::size_t part = 0; part < 3; ++part) {
        const double share = std::abs(place);
        const double full = (1 - share) * neutral[part] + share * end[part];
        text += fmt::format("{:02x}", std::lround(255 - opacity * (255 - full)));
    }
    return text;
}

// Which of the shades a number from −1 to 1 has; what lies outside has the last one
std::size_t shade_of(double number) {
    const double share = (std::clamp(number, -1., 1.) + 1) / 2;
    return std::min(static_cast<std::size_t>(share * shades), shades - 1);
}

// Neighbours of one shade in a row are one stroke, as thick as a row; all of one shade are one path
std::string field(const Boundary& boundary, bool discretize) {
    std::map<std::string, std::string> paths;
    const auto shade = [&](double answer) -> std::string {
        if (std::isnan(answer))
            return std::string(no_number_shade);
        const double shown = !discretize ? answer : answer >= 0 ? 1 : -1;
        return colour(shade_of(shown), 160. / 255);
    };
    for (auto row : range(boundary.size)) {
        const auto& answers = boundary.values[row];
        for (std::size_t start = 0, end = 0; start < boundary.size; start = end) {
            const auto stroke = shade(answers[start]);
            while (end < boundary.size && shade(answers[end]) == stroke)
                ++end;
            paths[stroke] += fmt::format("M{} {}h{}", start, row, end - start);
        }
    }
    // Somewhat thicker, so that no white shows between the rows at any size
    const double cell = side / static_cast<double>(boundary.size);
    std::string text = fmt::format("<g transform=\"translate({} {}) scale({:g})\" "
                                   "stroke-width=\"1.05\" shape-rendering=\"crispEdges\">\n",
                                   px(left), px(top + cell / 2), cell);
    for (const auto& [stroke, path] : paths)
        text += fmt::format("<path stroke=\"{}\" d=\"{}\"/>\n", stroke, path);
    return text + "</g>\n";
}

// Where the answers are 0: between four neighbouring cells, on straight lines from edge to edge
std::string zero_line(const Boundary& boundary) {
    const double cell = side / static_cast<double>(boundary.size);
    std::string path;
    for (auto row : range(boundary.size - 1))
        for (auto column : range(boundary.size - 1)) {
            // The corners, clockwise
            constexpr std::array<std::array<std::size_t, 2>, 4> corners = {
                {{0, 0}, {0, 1}, {1, 1}, {1, 0}}};
            std::array<double, 4> y{};
            for (std::size_t corner = 0; corner < 4; ++corner)
                y[corner] = boundary.values[row + corners[corner][0]][column + corners[corner][1]];
            if (std::any_of(y.begin(), y.end(), [](double answer) { return std::isnan(answer); }))
                continue;

            // The edges on which the sign changes, clockwise: none, two, or all four
            std::vector<std::string> crossings;
            for (std::size_t corner = 0; corner < 4; ++corner) {
                const std::size_t next = (corner + 1) % 4;
                if ((y[corner] >= 0) == (y[next] >= 0))
                    continue;
                const double share = y[corner] / (y[corner] - y[next]);
                const auto between = [&](std::size_t axis, std::size_t first) {
                    const auto from = static_cast<double>(corners[corner][axis]),
                               to = static_cast<double>(corners[next][axis]);
                    return (static_cast<double>(first) + 0.5 + from + share * (to - from)) * cell;
                };
                crossings.push_back(
                    fmt::format("{} {}", px(left + between(1, column)), px(top + between(0, row))));
            }
            // Of four, each line cuts off a corner whose sign is not that of the middle
            const bool middle = y[0] + y[1] + y[2] + y[3] >= 0;
            if (crossings.size() == 4 && middle != (y[0] >= 0))
                std::rotate(crossings.begin(), crossings.begin() + 3, crossings.end());
            for (std::size_t place = 0; place + 1 < crossings.size(); place += 2)
                path += fmt::format("M{}L{}", crossings[place], crossings[place + 1]);
        }
    return path.empty() ? ""
                        : fmt::format("<path fill=\"none\" stroke=\"#000\" stroke-width=\"1.5\" "
                                      "stroke-linecap=\"round\" d=\"{}\"/>\n",
                                      path);
}

// The outline of a mark: a circle for labels from 0 on, else a square
std::string mark(double x, double y, bool is_positive) {
    constexpr double r = point_size / 2;
    return is_positive
               ? fmt::format("M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z", px(x - r), px(y),
                             fmt::arg("r", r), fmt::arg("d", 2 * r))
               : fmt::format("M{} {}h{d}v{d}h-{d}z", px(x - r), px(y - r), fmt::arg("d", 2 * r));
}

// Points of one shade are one path
std::string marks(const std::vector<Point>& points, double range, std::string_view rim) {
    std::map<std::size_t, std::string> paths;
    for (const auto& point : points)
        if (std::abs(point.x) <= range && std::abs(point.y) <= range)
            paths[shade_of(point.label)] +=
                mark(left + side * (point.x / range + 1) / 2,
                     top + side * (1 - point.y / range) / 2, point.label >= 0);
    std::string text = fmt::format("<g stroke=\"{}\">\n", rim);
    for (const auto& [shade, path] : paths)
        text += fmt::format("<path fill=\"{}\" d=\"{}\"/>\n", colour(shade, 1), path);
    return text + "</g>\n";
}

std::string words(double x, double y, std::string_view text, std::string_view anchor = "middle") {
    return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", px(x), px(y),
                       anchor, text);
}

std::string signed_number(double number) {
    return number < 0 ? fmt::format("−{:g}", -number) : fmt::format("{:g}", number);
}

std::string axes(double range) {
    std::string text, ticks;
    for (int tick = -2; tick <= 2; ++tick) {
        const double number = range * tick / 2, offset = side * (tick + 2) / 4;
        ticks += fmt::format("M{} {}v4M{} {}h-4", px(left + offset), px(top + side), px(left),
                             px(top + side - offset));
        text += words(left + offset, top + side + 16, signed_number(number));
        text += words(left - 7, top + side - offset + 4, signed_number(number), "end");
    }
    return fmt::format("<path fill=\"none\" stroke=\"#555\" d=\"M{} {}h{side}v{side}h-{side}z{}\"/>"
                       "\n",
                       px(left), px(top), ticks, fmt::arg("side", side)) +
           text;
}

// Two lines below the plane: what the shades mean, and what the marks
std::string legend(const Configuration& configuration, bool has_line, bool has_no_numbers) {
    const double first = top + side + 34, second = first + 22;
    std::string text = "<g shape-rendering=\"crispEdges\">\n";
    constexpr double swatch = 5;
    const double start = left + 70;
    for (auto shade : range(shades))
        text +=
            fmt::format("<path fill=\"{}\" d=\"M{} {}h{}v10H{}z\"/>\n", colour(shade, 160. / 255),
                        px(start + swatch * static_cast<double>(shade)), px(first), swatch,
                        px(start + swatch * static_cast<double>(shade)));
    text += "</g>\n" + words(left, first + 9, "answer −1", "start") +
            words(start + swatch * shades + 5, first + 9, "1", "start");
    const auto entry = [&](double x, double y, const std::string& shape, std::string_view meaning) {
        text += shape + words(x + 14, y + 9, meaning, "start");
    };
    if (has_line)
        entry(left + 255, first,
              fmt::format("<path stroke=\"#000\" stroke-width=\"1.5\" d=\"M{} {}h10\"/>\n",
                          px(left + 255), px(first + 5)),
              "answer 0");
    if (has_no_numbers)
        entry(left + 255, first,
              fmt::format("<path fill=\"{}\" d=\"M{} {}h10v10h-10z\"/>\n", no_number_shade,
                          px(left + 255), px(first)),
              "no number");

    const bool regression = configuration.problem == playground::Problem::regression;
    const auto point = [&](double x, double label, std::string_view rim, std::string_view meaning) {
        entry(x, second,
              fmt::format("<path fill=\"{}\" stroke=\"{}\" d=\"{}\"/>\n",
                          colour(shade_of(label), 1), rim, mark(x + 5, second + 5, label >= 0)),
              meaning);
    };
    point(left, 1, "#fff", regression ? "label from 0 to 1" : "label 1");
    point(left + 122, -1, "#fff", regression ? "label from −1 to 0" : "label −1");
    if (configuration.display.count("showTestData"))
        point(left + 262, 1, "#000", "black rim: test");
    return text;
}

} // namespace

std::string boundary_svg(const Configuration& configuration, const playground::Data& data,
                         const Boundary& boundary, const std::string& title) {
    const auto line = zero_line(boundary);
    const bool has_no_numbers =
        std::any_of(boundary.values.begin(), boundary.values.end(), [](const auto& row) {
            return std::any_of(row.begin(), row.end(), [](double y) { return std::isnan(y); });
        });
    const bool shows_test = configuration.display.count("showTestData") > 0;
    const auto description = fmt::format(
        "The plane from −{0:g} to {0:g}: orange where the network answers −1, blue where it "
        "answers "
        "1{1}{2}. On it {3} points that train{4}: circles where the label is {5}, squares where it "
        "is {6}.",
        boundary.range, line.empty() ? "" : ", with a black line where it answers 0",
        has_no_numbers ? ", grey where it answers no number" : "", data.train.size(),
        shows_test ? fmt::format(" and {} that test", data.test.size()) : "",
        configuration.problem == playground::Problem::regression ? "0 or more" : "1",
        configuration.problem == playground::Problem::regression ? "less" : "−1");

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\" aria-labelledby=\"title description\" "
        "font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"description\">{3}</desc>\n"
        "<path fill=\"#fff\" d=\"M0 0h{0}v{1}H0z\"/>\n",
        width, height, title, description);
    svg += words(left, top - 14, title, "start");
    svg += field(boundary, configuration.display.count("discretize") > 0) + line;
    svg += marks(data.train, boundary.range, "#fff");
    if (shows_test)
        svg += marks(data.test, boundary.range, "#000");
    svg += axes(boundary.range) + legend(configuration, !line.empty(), has_no_numbers);
    return svg + "</svg>\n";
}

} // namespace handgrad::study
