#include "check/report.hpp"
#include "testing.hpp"

#include <cmath>

namespace handgrad::testing::of_report {

namespace {

Entry entry(std::vector<std::size_t> index, double analytic, double numeric, double bound,
            Verdict verdict) {
    return {std::move(index), analytic, numeric, std::abs(analytic - numeric), bound, verdict};
}

// A report with one wrong entry of six, written down
CheckReport wrong_report() {
    TensorReport dz;
    dz.name = "dz";
    dz.shape = {2, 3};
    dz.verified = 5;
    dz.wrong = 1;
    dz.worst = entry({1, 2}, 3, 1.5, 1e-15, Verdict::Wrong);
    dz.failing = {dz.worst};
    dz.pattern = "one entry fails";
    dz.mistakes = {{"wrong sign", "the sign is lost; keep it.", "tanh.md#where-it-goes-wrong"}};
    dz.disputed = {1, 2};
    dz.opinions = {{"forward mode", 1.5, 1e-18}, {"central differences", 1.5, 1e-12}};
    dz.blame = "backward: forward mode and central differences agree";
    CheckReport report;
    report.layer = "tanh";
    report.configuration = "z (2, 3)";
    report.oracles = {"forward mode", "central differences"};
    report.tensors = {dz};
    return report;
}

CheckReport undecided_report() {
    auto report = wrong_report();
    auto& dz = report.tensors[0];
    dz.wrong = 0;
    dz.undecided = 1;
    dz.worst.verdict = dz.failing[0].verdict = Verdict::Undecided;
    dz.mistakes.clear();
    dz.disputed.clear();
    dz.opinions.clear();
    dz.blame = "";
    return report;
}

CheckReport right_report() {
    auto report = wrong_report();
    auto& dz = report.tensors[0];
    dz.verified = 6;
    dz.wrong = 0;
    dz.worst = entry({1, 2}, 1.5, 1.5, 1e-15, Verdict::Verified);
    dz.failing.clear();
    dz.pattern = "";
    dz.mistakes.clear();
    dz.disputed.clear();
    dz.opinions.clear();
    dz.blame = "";
    return report;
}

bool contains(const std::string& words, std::string_view part) {
    return words.find(part) != std::string::npos;
}

// What is between the escape sequences of a terminal
std::string without_colours(const std::string& words) {
    std::string result;
    for (std::size_t place = 0; place < words.size(); ++place)
        if (words[place] == '\x1b')
            place = words.find('m', place);
        else
            result += words[place];
    return result;
}

} // namespace

TEST_SUITE_BEGIN("report");

TEST_CASE(
    "a failing report names the oracle, the entry, the mistake, the section and who is to blame") {
    CHECK(
        to_text(wrong_report()) ==
        "tanh: z (2, 3)\n"
        "  gradient  shape   entries  worst at  backward  forward mode  error    bound    verdict\n"
        "  dz        (2, 3)        6  (1, 2)    3         1.5           1.5e+00  1.0e-15  "
        "WRONG in 1 of 6\n"
        "\n"
        "  dz: one entry fails.\n"
        "    Likely mistake: wrong sign: the sign is lost; keep it.\n"
        "    See derivations/tanh.md#where-it-goes-wrong\n"
        "    dz(1, 2)  is 3  should be 1.5  ± 1.0e-15  wrong\n"
        "    Of dz(1, 2) the oracles say: forward mode 1.5 ± 1.0e-18, central differences 1.5 ± "
        "1.0e-12.\n"
        "\n"
        "  To blame: backward: forward mode and central differences agree.\n");
}

TEST_CASE("colours are added to the same letters, and only where they are asked for") {
    for (const auto& report : {wrong_report(), right_report(), undecided_report()}) {
        const auto coloured = to_text(report, Colour::Always);
        CHECK(!contains(to_text(report), "\x1b"));
        CHECK(contains(coloured, "\x1b"));
        CHECK(without_colours(coloured) == to_text(report));
        CHECK(without_colours(summary({report}, Colour::Always)) == summary({report}));
        CHECK(without_colours(count({report}, Colour::Always)) == count({report}));
    }
    CHECK(contains(to_text(wrong_report(), Colour::Always), "\x1b[31mWRONG in 1 of 6"));
    CHECK(contains(to_text(right_report(), Colour::Always), "\x1b[32mverified"));
    CHECK(contains(to_text(undecided_report(), Colour::Always), "\x1b[33mundecided in 1 of 6"));
}

TEST_CASE("no line ends in spaces, and the columns of a table stand below each other") {
    for (const auto colour : {Colour::Never, Colour::Always}) {
        const auto words = without_colours(to_text(wrong_report(), colour));
        CHECK(!contains(words, " \n"));
    }
}

TEST_CASE("sentences are broken where a line is full, with and without colours") {
    auto report = wrong_report();
    report.tensors[0].mistakes[0].sentence =
        "a sentence that is far too long to stand in one line of a terminal of a usual width, so "
        "that it has to go on in the next one; and a wordofmorethanahundredlettersisnotbroken" +
        std::string(100, 'x') + ".";
    report.smallest_case =
        "Smallest case: z (1, 40) = " + std::string(80, '1') + ", 2\nand so on\n";
    for (const auto colour : {Colour::Never, Colour::Always}) {
        const auto words = without_colours(to_text(report, colour));
        const auto start = words.find("    Likely mistake");
        const auto end = words.find('\n', start);
        CHECK(end - start <= 100);
        CHECK(end - start > 90);
        CHECK(words.substr(end + 1, 7).find_first_not_of(' ') == 6);
        CHECK(contains(words, "and a\n      wordofmore"));
        CHECK(contains(words, "\n  Smallest case: z (1, 40) =\n    1111"));
        CHECK(contains(words, "1, 2\n  and so on\n"));
    }
}

TEST_CASE("two numbers that differ are printed with the digit in which they do") {
    auto report = wrong_report();
    auto& dz = report.tensors[0];
    dz.worst = dz.failing[0] =
        entry({1, 2}, 0.1234567891234, 0.1234567891239, 1e-15, Verdict::Wrong);
    CHECK(contains(to_text(report), "is 0.1234567891234  should be 0.1234567891239"));
    dz.worst = dz.failing[0] = entry({1, 2}, 1, std::nextafter(1.0, 2.0), 1e-17, Verdict::Wrong);
    CHECK(contains(to_text(report), "is 1  should be 1.0000000000000002"));
    dz.worst = dz.failing[0] = entry({1, 2}, std::nan(""), 0.5, 1e-15, Verdict::Wrong);
    CHECK(contains(to_text(report), "is nan  should be 0.5"));
}

TEST_CASE("who is to blame") {
    CHECK(blame_of(right_report()) == "");
    CHECK(blame_of(wrong_report()) == "backward: forward mode and central differences agree.");
    CHECK(blame_of(undecided_report()).starts_with("nobody yet: forward mode and"));

    auto report = wrong_report();
    report.tensors[0].blame = ""; // a black box, of which only one oracle is asked
    report.oracles = {"central differences"};
    CHECK(blame_of(report).starts_with("backward, as central differences see it; with a recipe"));

    report = wrong_report();
    report.tensors[0].problem = "dz is (2), it must be (2, 3)";
    CHECK(blame_of(report) == "backward, which gives a gradient of a wrong shape.");
}

TEST_CASE("an error in units of its bound") {
    CHECK(times_bound(entry({}, 1, 1, 0, Verdict::Verified)) == 0);
    CHECK(times_bound(entry({}, 3, 1, 4, Verdict::Verified)) == 0.5);
    CHECK(std::isinf(times_bound(entry({}, 3, 1, 0, Verdict::Wrong))));
    CHECK(std::isinf(times_bound(entry({}, std::nan(""), 1, 1, Verdict::Wrong))));
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_report
