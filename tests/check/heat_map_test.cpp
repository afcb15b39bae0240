#include "check/check.hpp"
#include "check/heat_map.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_heat_map {

namespace {

// y = z³, wrong in chosen entries
struct SpoiledCube {
    static constexpr std::string_view name = "cube";
    std::vector<std::size_t> spoiled;
    Tensor<double> z = {};

    Tensor<double> forward(const Tensor<double>& input) {
        z = input;
        return elementwise(z, [](double z) { return z * z * z; });
    }
    Tensor<double> backward(const Tensor<double>& dy) {
        auto dz = elementwise(dy, z, [](double dy, double z) { return dy * 3 * z * z; });
        for (auto position : spoiled)
            if (position < dz.size()) // one sample alone has fewer
                dz.flat(position) *= -1;
        return dz;
    }
};

CheckReport report_on(const Shape& shape, std::vector<std::size_t> spoiled) {
    Draw draw(5);
    SpoiledCube cube{std::move(spoiled)};
    return check(cube, readable_probe(shape, draw));
}

std::size_t occurrences(const std::string& words, std::string_view part) {
    std::size_t count = 0;
    for (auto at = words.find(part); at != std::string::npos; at = words.find(part, at + 1))
        ++count;
    return count;
}

bool contains(const std::string& words, std::string_view part) {
    return occurrences(words, part) > 0;
}

constexpr std::size_t crosses_of_the_legend = 4;

// How many cells, and how many crosses: all cells of a colour are one path, each closed with z
std::size_t cells(const std::string& svg) {
    std::size_t count = 0;
    for (auto at = svg.find("<path fill=\"#"); at != std::string::npos;
         at = svg.find("<path fill=\"#", at + 1))
        count += occurrences(svg.substr(at, svg.find("/>", at) - at), "z");
    const auto striped = svg.find("<path fill=\"url(#undecided)");
    if (striped != std::string::npos)
        count += occurrences(svg.substr(striped, svg.find("/>", striped) - striped), "z");
    return count;
}
std::size_t crosses(const std::string& svg) {
    return occurrences(svg, "m0 -") - crosses_of_the_legend;
}

} // namespace

TEST_SUITE_BEGIN("heat_map");

TEST_CASE("every entry is a cell, and every wrong one has a cross and says its numbers") {
    for (const Shape& shape : {Shape{1}, Shape{6}, Shape{100}, Shape{3, 5}, Shape{3, 4, 5},
                               Shape{2, 3, 8, 8}, Shape{2, 1, 2, 3, 4}}) {
        const std::vector<std::size_t> spoiled =
            shape == Shape{1} ? std::vector<std::size_t>{0} : std::vector<std::size_t>{1, 4};
        const auto report = report_on(shape, spoiled);
        CAPTURE(text(shape));
        const auto svg = to_svg(report);
        CHECK(cells(svg) == report.tensors[0].times_bound.size());
        CHECK(crosses(svg) == spoiled.size());
        CHECK(occurrences(svg, ": wrong, ") == spoiled.size());
    }
    CHECK(crosses(to_svg(report_on({3, 5}, {}))) == 0);
}

TEST_CASE("small cells of one colour are joined, and none is lost") {
    const auto svg = to_svg(report_on({2, 400}, {}));
    CHECK(cells(svg) < 800);
    CHECK(contains(svg, "dz (2, 400): verified"));
    CHECK(contains(to_svg(report_on({2, 400}, {399})), "dz(0, 399) is"));
}

TEST_CASE("axes, panels and the worst entry are named") {
    const auto report = report_on({2, 3, 8, 8}, {130});
    const auto svg = to_svg(report);
    CHECK(contains(svg, "panels: sample ↓, channel →; in each: row ↓, column →"));
    for (const auto* name : {">channel 0<", ">channel 2<", ">sample 0<", ">sample 1<"})
        CHECK(occurrences(svg, name) == 1);
    CHECK(!contains(svg, ">channel 3<"));
    CHECK(contains(svg, "The worst entry is framed: dz(0, 2, 0, 2) is "));
    CHECK(occurrences(svg, "stroke=\"#000000\"") == 1);
    CHECK(contains(svg, "<title>The errors of the gradients of cube</title>"));
    CHECK(contains(svg, "<desc>dz (2, 3, 8, 8): WRONG in 1 of 384. One entry fails."));
}

TEST_CASE("undecided entries are striped and have no cross") {
    auto report = report_on({2, 3}, {4});
    auto& dz = report.tensors[0];
    dz.failing[0].verdict = dz.worst.verdict = Verdict::Undecided;
    dz.undecided = std::exchange(dz.wrong, 0);
    const auto svg = to_svg(report);
    CHECK(contains(svg, "<path fill=\"url(#undecided)"));
    CHECK(crosses(svg) == 0);
    CHECK(cells(svg) == 6);
}

TEST_CASE("a gradient without entries to compare is a sentence") {
    auto report = report_on({2, 3}, {});
    report.tensors[0].problem = "dz is (2), it must be (2, 3)";
    report.tensors[0].times_bound.clear();
    CHECK(contains(to_svg(report), "dz is (2), it must be (2, 3)"));
    report.tensors.clear();
    report.problem = "forward threw";
    CHECK(contains(to_svg(report), "forward threw"));
}

TEST_CASE("what a layer throws cannot spoil the picture") {
    CheckReport report;
    report.layer = "<script>";
    report.problem = "a < b && \"c\" \xff \x01 ü \xe2\x82";
    const auto svg = to_svg(report);
    CHECK(contains(svg, "&lt;script&gt;"));
    CHECK(contains(svg, "a &lt; b &amp;&amp; &quot;c&quot; \ufffd \ufffd ü \ufffd"));
    CHECK(!contains(to_html({report}), "<script>"));
}

TEST_CASE("a page holds every report, and the text of those that fail") {
    const auto page = to_html({report_on({2, 3}, {}), report_on({2, 3}, {4})});
    CHECK(occurrences(page, "<svg ") == 2);
    CHECK(occurrences(page, "<pre>") == 1);
    CHECK(contains(page, "1 configuration fails."));
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_heat_map
