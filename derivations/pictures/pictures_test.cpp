// The numbers in the pictures are the layers': another example gives another picture.

#include "pages.hpp"

#include "testing.hpp"

using namespace handgrad::pictures;

namespace handgrad::testing::of_pictures {
namespace {

// The number that `picture` draws in the cell called `entry`, or what is wrong
std::string drawn(const Picture& picture, const std::string& entry) {
    const auto svg = picture.svg(), mark = "data-entry=\"" + entry + "\">";
    const auto at = svg.find(mark);
    if (at == std::string::npos)
        return "no cell is called " + entry;
    const auto begin = at + mark.size();
    return svg.substr(begin, svg.find('<', begin) - begin);
}

// How many cells of `picture` have a name
std::size_t named_cells(const Picture& picture) {
    const auto svg = picture.svg();
    std::size_t count = 0;
    for (auto at = svg.find("data-entry"); at != std::string::npos;
         at = svg.find("data-entry", at + 1))
        ++count;
    return count;
}

// The words of `picture` with all marks taken out
std::string words(const Picture& picture) {
    std::string result;
    bool inside = false;
    for (char character : picture.svg()) {
        inside = character == '<' || (inside && character != '>');
        if (!inside && character != '>')
            result += character;
    }
    return result;
}

bool says(const Picture& picture, const std::string& sentence) {
    return words(picture).find(sentence) != std::string::npos;
}

} // namespace

TEST_SUITE("pictures") {
    TEST_CASE("numbers are short and their minus is a true one") {
        CHECK(number(28) == "28");
        CHECK(number(0.1 + 0.2) == "0.3");
        CHECK(number(100) == "100");
        CHECK(number(0.70538) == "0.705");
        CHECK(number(-0.29462) == "−0.295");
        CHECK(number(-0.0001) == "0");
        CHECK(factor(-2) == "(−2)");
        CHECK(factor(2) == "2");
    }

    TEST_CASE("text keeps its characters and scripts return to the line") {
        Picture picture("p", "a < b & c", "d > e", 10);
        picture.text({0, 0}, {{"y"}, {"1", Role::Plain, Script::Sub}, {"<2"}}, {10});
        picture.text({0, 0}, {{"y"}, {"2", Role::Plain, Script::Super}}, {10});
        const auto svg = picture.svg();
        CHECK(svg.find("dy=\"-3.6\">2</tspan>") != std::string::npos);
        CHECK(svg.find("<title id=\"p-title\">a &lt; b &amp; c</title>") != std::string::npos);
        CHECK(svg.find("dy=\"2.2\">1</tspan><tspan dy=\"-2.2\">&lt;2</tspan>") !=
              std::string::npos);
    }

    TEST_CASE("chain_rule: the products and their sum") {
        auto example = chain_rule_example();
        CHECK(says(chain_rule_paths(example), "dL/dz  =  1 · 2  +  4 · (−1)  +  2 · 3  =  4"));
        example.dy(1) = -2;
        CHECK(says(chain_rule_paths(example), "=  1 · 2  +  (−2) · (−1)  +  2 · 3  =  10"));
    }

    TEST_CASE("linear: y follows weight") {
        auto example = linear_example();
        CHECK(drawn(linear_forward(example), "y(0)") == "2");
        CHECK(drawn(linear_forward(example), "y(1)") == "3");
        example.weight(0, 1) = 2;
        CHECK(drawn(linear_forward(example), "y(0)") == "11");
        CHECK(says(linear_forward(example), "y(0)  =  1 · 2  +  2 · 3  +  2 · 1  +  1  =  11"));
    }

    TEST_CASE("conv2d: y(0,1) is 28 and follows weight") {
        auto example = conv2d_example();
        CHECK(drawn(conv2d_forward(example), "y(0,0)") == "23");
        CHECK(drawn(conv2d_forward(example), "y(0,1)") == "28");
        CHECK(drawn(conv2d_forward(example), "y(1,0)") == "38");
        CHECK(drawn(conv2d_forward(example), "y(1,1)") == "43");
        example.weight(0, 0, 0, 0) = 2;
        CHECK(drawn(conv2d_forward(example), "y(0,1)") == "30");
        CHECK(says(conv2d_forward(example), "2 · 2  +  (−1) · 3  +  2 · 5  +  3 · 6  +  1  =  30"));
    }

    TEST_CASE("conv2d: dz is the same in both pictures and follows dy") {
        auto example = conv2d_example();
        for (const auto& picture : {conv2d_dz(example), conv2d_full(example)}) {
            CHECK(drawn(picture, "dz(0,0)") == "1");
            CHECK(drawn(picture, "dz(1,1)") == "11");
            CHECK(drawn(picture, "dz(2,0)") == "−2");
            CHECK(drawn(picture, "dz(2,2)") == "9");
        }
        CHECK(says(conv2d_dz(example), "dz(1,1)  =  3  +  4  +  1  +  3  =  11"));
        CHECK(says(conv2d_full(example), "3 · 0  +  2 · 0  +  (−1) · 0  +  1 · 1  =  1"));
        example.dy(0, 0, 0, 0) = 5;
        CHECK(says(conv2d_dz(example), "dz(1,1)  =  15  +  4  +  1  +  3  =  23"));
        CHECK(says(conv2d_full(example), "(−1) · 0  +  1 · 5  =  5"));
    }

    TEST_CASE("conv2d: dweight follows z") {
        auto example = conv2d_example();
        CHECK(drawn(conv2d_dweight(example), "dweight(0,1)") == "21");
        CHECK(drawn(conv2d_dweight(example), "dweight(1,0)") == "31");
        example.z(0, 0, 0, 2) = 0;
        CHECK(drawn(conv2d_dweight(example), "dweight(0,1)") == "15");
        CHECK(says(conv2d_dweight(example), "1 · 2  +  2 · 0  +  (−1) · 5  +  3 · 6  =  15"));
    }

    TEST_CASE("max_pool2d: y and the sum at the winner follow z") {
        auto example = max_pool2d_example();
        CHECK(drawn(max_pool2d_forward(example), "y(0,1)") == "5");
        CHECK(drawn(max_pool2d_forward(example), "y(1,1)") == "8");
        CHECK(drawn(max_pool2d_dz(example), "dz(0,1)") == "3");
        CHECK(drawn(max_pool2d_dz(example), "dz(1,1)") == "0");
        CHECK(says(max_pool2d_dz(example), "The 5 won 2 windows:   dz(0,1)  =  1 + 2  =  3"));
        example.z(0, 0, 0, 0) = 6;
        CHECK(drawn(max_pool2d_forward(example), "y(0,0)") == "6");
        CHECK(says(max_pool2d_dz(example), "The 6 won 1 window:   dz(0,0)  =  1  =  1"));
    }

    TEST_CASE("curves: they pass through the layers' values at 0") {
        // Where tanh_curve draws (0, 0) and (0, 1), sigmoid_curve its two dots, relu_curve its
        // steps
        const auto tanh = tanh_curve().svg();
        CHECK(tanh.find(" 350 195 ") != std::string::npos);
        CHECK(tanh.find(" 350 72.3 ") != std::string::npos);
        CHECK(says(sigmoid_curve(), "0.25"));
        CHECK(says(sigmoid_curve(), "0.5"));
        const auto relu = relu_curve().svg();
        CHECK(relu.find("cx=\"535\" cy=\"186\"") != std::string::npos);
        CHECK(relu.find("cx=\"535\" cy=\"277.7\"") != std::string::npos);
    }

    TEST_CASE("softmax: probabilities and gradient follow the scores") {
        auto example = softmax_example();
        CHECK(says(softmax_bars(example), "0.705"));
        CHECK(says(softmax_bars(example), "−0.295"));
        example.z = {{1., 1., 1.}};
        CHECK(says(softmax_bars(example), "0.333"));
        CHECK(says(softmax_bars(example), "−0.667"));
    }

    TEST_CASE("flatten: entries keep their row-major order") {
        const auto picture = flatten_order(flatten_example());
        for (auto position : range(8))
            CHECK(drawn(picture, fmt::format("y({})", position)) ==
                  number(flatten_example().flat(position)));
        CHECK(drawn(picture, "z(0)(0,1)") == "2");
        CHECK(drawn(picture, "z(0)(1,0)") == "3");
        CHECK(drawn(picture, "z(1)(0,0)") == "5");
        CHECK(named_cells(picture) == 8 + 2 * 4);
        CHECK(says(picture, "4 · k + 2 · h + w"));
    }

    TEST_CASE("every cell has a name of its own") {
        for (const auto& picture : all_pictures()) {
            CAPTURE(picture.name());
            const auto svg = picture.svg();
            for (auto at = svg.find("data-entry"); at != std::string::npos;
                 at = svg.find("data-entry", at + 1)) {
                const auto name = svg.substr(at, svg.find('>', at) - at + 1);
                CHECK_MESSAGE(svg.find(name, at + 1) == std::string::npos, name);
            }
        }
    }
}

} // namespace handgrad::testing::of_pictures
