// Prints the reports of layers that fail in every way there is, as JSON; and of each the heat map
// and the text, in files of a folder that is given.

#include "check/heat_map.hpp"
#include "mutant.hpp"

#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>

using namespace handgrad;
using namespace handgrad::mutants;

namespace {

// Layers that fail before an entry can be compared
struct Throws {
    static constexpr std::string_view name = "throws";
    Tensor<double> forward(const Tensor<double>&) {
        throw std::runtime_error("not \xff yet & never");
    }
    Tensor<double> backward(const Tensor<double>& dy) { return dy; }
};
struct WrongShape {
    static constexpr std::string_view name = "wrong_shape";
    Tensor<double> forward(const Tensor<double>& z) { return z; }
    Tensor<double> backward(const Tensor<double>& dy) { return reshaped(dy, {dy.size()}); }
};
struct NotANumber {
    static constexpr std::string_view name = "not_a_number";
    Tensor<double> forward(const Tensor<double>& z) { return z; }
    Tensor<double> backward(const Tensor<double>& dy) {
        return filled<double>(shape_of(dy), std::numeric_limits<double>::quiet_NaN());
    }
};

template <class L>
CheckReport checked() {
    L layer;
    Draw draw(3);
    return check(layer, readable_probe({2, 3}, draw));
}

} // namespace

int main(int argc, char** argv) {
    std::vector<CheckReport> reports{checked<Throws>(), checked<WrongShape>(),
                                     checked<NotANumber>()};
    // One mutant of each rule and mistake is enough
    std::set<std::string> seen;
    for (const auto& mutant : all_mutants())
        if (!is_right(mutant.row) &&
            seen.insert(mutant.row.rule + "|" + mutant.row.tensor + "|" + mutant.row.mistake)
                .second)
            reports.push_back(mutant.check());
    std::cout << to_json(reports) << "\n";
    if (argc < 2)
        return 0;
    const std::string folder = argv[1];
    for (auto place : range(reports.size())) {
        std::ofstream(fmt::format("{}/{}.svg", folder, place)) << to_svg(reports[place]);
        std::ofstream(fmt::format("{}/{}.txt", folder, place)) << to_text(reports[place]);
    }
    std::ofstream(folder + "/all.html") << to_html(reports);
}
