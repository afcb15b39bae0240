// Prints the formulas of a page, as the layer computes them: formulas conv2d dz

#include "layers/conv2d.hpp"
#include "oracles/symbolic_proof.hpp"
#include "scalars/formula.hpp"

#include <iostream>

namespace {

using namespace handgrad;

// An entry, such as dz_{01}, and what it is equal to
struct Line {
    std::string left, right;
};

std::vector<Line> lines(const std::string& name, const Tensor<Symbolic>& formulas) {
    std::vector<Line> result;
    for (auto position : range(formulas.size())) {
        const auto entry = variable(name, entry_indices(shape_of(formulas), position), 0);
        result.push_back({formula_latex(entry.expression),
                          formula_latex(formulas.flat(position).expression.expand())});
    }
    return result;
}

// As the pages write formulas: one alone, or several below each other
std::string display(const std::vector<Line>& lines) {
    if (lines.size() == 1)
        return "$$\n" + lines[0].left + " = " + lines[0].right + "\n$$\n";
    std::string words;
    for (const auto& [left, right] : lines)
        words += (words.empty() ? "" : " \\cr\n") + left + " &= " + right;
    return "$$\n\\begin{aligned}\n" + words + "\n\\end{aligned}\n$$\n";
}

// The convolution of the homework's hint: nine numbers, four taps
std::string conv2d(const std::string& name) {
    const auto passes = symbolic_passes(
        recipe<Conv2d>(signed_numbers({1, 1, 2, 2}), signed_numbers({1}), Conv2dOptions{}),
        signed_numbers({1, 1, 3, 3}));
    if (name == "y")
        return display(lines("y", passes.y));
    for (auto place : range(passes.names.size()))
        if (name == "d" + passes.names[place])
            return display(lines(name, passes.gradients[place]));
    throw NameError(
        fmt::format("conv2d has no formulas of {}; it has y, dz, dweight, dbias", name));
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 3 || std::string(argv[1]) != "conv2d")
            throw NameError("formulas is called with conv2d and one of y, dz, dweight, dbias");
        std::cout << conv2d(argv[2]);
        return 0;
    } catch (const Error& error) {
        std::cerr << "formulas: " << error.what() << "\n";
        return 2;
    }
}
