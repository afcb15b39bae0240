#include "formula.hpp"

#include <array>

namespace handgrad {

namespace {

using GiNaC::ex;

// What differs between a terminal and the book
struct Style {
    bool latex;
    std::string times, minus, less, at_least, at_most, equal, unequal;

    std::string fraction(const std::string& above, const std::string& below) const {
        return latex ? "\\frac{" + above + "}{" + below + "}" : above + " / " + below;
    }
    std::string power(const std::string& base, const std::string& exponent) const {
        return latex ? base + "^{" + exponent + "}" : base + "^" + exponent;
    }
    std::string brackets(const std::string& inside) const {
        return latex ? "\\left(" + inside + "\\right)" : "(" + inside + ")";
    }
};

const Style text_style{false, "·", "-", " < ", " ≥ ", " ≤ ", " = ", " ≠ "};
const Style latex_style{true, " \\cdot ", "-", " < ", " \\ge ", " \\le ", " = ", " \\ne "};

std::string written(const ex& expression, const Style& style);

// Where a factor stands in a product: parameters, dy, z, and then what is no plain symbol
int rank(const ex& factor) {
    if (!GiNaC::is_a<GiNaC::symbol>(factor))
        return 3;
    const auto name = GiNaC::ex_to<GiNaC::symbol>(factor).get_name();
    const auto tensor = name.substr(0, name.find('_'));
    return tensor == "dy" ? 1 : tensor == "z" ? 2 : 0;
}

// A term: its number, and its other factors in the order in which they are written
struct Term {
    GiNaC::numeric number = 1;
    std::vector<ex> above, below;                 // of the fraction bar
    std::vector<std::pair<int, std::string>> key; // by which terms are sorted, dy first

    explicit Term(const ex& expression) {
        if (GiNaC::is_a<GiNaC::mul>(expression))
            for (const auto& factor : expression)
                add(factor);
        else
            add(expression);
        if (number.is_negative())
            turn_difference_round();
        for (auto* side : {&above, &below})
            std::sort(side->begin(), side->end(), [](const ex& a, const ex& b) {
                return std::pair(rank(a), written(a, text_style)) <
                       std::pair(rank(b), written(b, text_style));
            });
        for (const auto& factor : above)
            key.emplace_back(rank(factor) == 1 ? -1 : rank(factor), written(factor, text_style));
        std::sort(key.begin(), key.end());
    }

    void add(const ex& factor) {
        if (GiNaC::is_a<GiNaC::numeric>(factor))
            number = number.mul(GiNaC::ex_to<GiNaC::numeric>(factor));
        else if (GiNaC::is_a<GiNaC::power>(factor) &&
                 factor.op(1).info(GiNaC::info_flags::negative))
            below.push_back(GiNaC::pow(factor.op(0), -factor.op(1)));
        else
            above.push_back(factor);
    }

    // -a (b - 1) is written as a (1 - b)
    void turn_difference_round() {
        for (auto& factor : above)
            if (GiNaC::is_a<GiNaC::add>(factor) &&
                factor.op(factor.nops() - 1).info(GiNaC::info_flags::negative)) {
                // GiNaC keeps the number of a sum as its last operand
                factor = (-factor).expand();
                number = -number;
                return;
            }
    }
};

std::string number_text(const GiNaC::numeric& number, const Style& style) {
    std::ostringstream words;
    if (number.is_integer()) {
        words << number;
        return words.str();
    }
    words << number.numer();
    std::ostringstream below;
    below << number.denom();
    return style.fraction(words.str(), below.str());
}

// A factor, in brackets where it is a sum
std::string factor_text(const ex& factor, const Style& style) {
    const auto words = written(factor, style);
    return GiNaC::is_a<GiNaC::add>(factor) ? style.brackets(words) : words;
}

std::string product(const std::vector<ex>& factors, const Style& style) {
    std::string words;
    for (const auto& factor : factors)
        words += (words.empty() ? "" : style.times) + factor_text(factor, style);
    return words;
}

// A term without its sign
std::string term_text(const Term& term, const Style& style) {
    const GiNaC::numeric size = GiNaC::abs(term.number);
    std::string above = product(term.above, style);
    if (above.empty())
        above = number_text(size, style);
    else if (!size.is_equal(1))
        above = number_text(size, style) + style.times + above;
    if (term.below.empty())
        return above;
    auto below = product(term.below, style);
    if (!style.latex && (term.below.size() > 1))
        below = style.brackets(below);
    // Under a bar, a sum needs no brackets
    if (style.latex && term.below.size() == 1)
        below = written(term.below.front(), style);
    return style.fraction(above, below);
}

std::string sum(const ex& expression, const Style& style) {
    std::vector<Term> terms;
    if (GiNaC::is_a<GiNaC::add>(expression))
        for (const auto& term : expression)
            terms.emplace_back(term);
    else
        terms.emplace_back(expression);
    std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) {
        return std::pair(a.number.is_negative(), a.key) < std::pair(b.number.is_negative(), b.key);
    });
    std::string words;
    for (const auto& term : terms) {
        const bool negative = term.number.is_negative();
        if (words.empty())
            words = (negative ? style.minus : "") + term_text(term, style);
        else
            words += (negative ? " " + style.minus + " " : " + ") + term_text(term, style);
    }
    return words;
}

std::string written(const ex& expression, const Style& style) {
    if (GiNaC::is_a<GiNaC::symbol>(expression)) {
        const auto& symbol = GiNaC::ex_to<GiNaC::symbol>(expression);
        return style.latex ? symbol.get_TeX_name() : symbol.get_name();
    }
    if (GiNaC::is_a<GiNaC::function>(expression)) {
        const auto name = GiNaC::ex_to<GiNaC::function>(expression).get_name();
        return (style.latex ? "\\" : "") + name + style.brackets(written(expression.op(0), style));
    }
    if (GiNaC::is_a<GiNaC::power>(expression) &&
        !expression.op(1).info(GiNaC::info_flags::negative)) {
        const auto& base = expression.op(0);
        const bool plain = GiNaC::is_a<GiNaC::symbol>(base) ||
                           (!style.latex && GiNaC::is_a<GiNaC::function>(base));
        const auto words = written(base, style);
        const auto exponent = written(expression.op(1), style);
        if (expression.op(1).is_equal(GiNaC::numeric(1, 2)))
            return style.latex ? "\\sqrt{" + words + "}" : "sqrt(" + words + ")";
        return style.power(plain ? words : style.brackets(words), exponent);
    }
    return sum(expression, style);
}

std::string decision_in(const Decision& decision, const Style& style) {
    auto left = written(decision.left, style), right = written(decision.right, style);
    const bool less = decision.question == Decision::Question::Less;
    // A number stands on the right
    if (GiNaC::is_a<GiNaC::numeric>(decision.left)) {
        std::swap(left, right);
        if (less)
            return left + (decision.answer ? " > " : style.at_most) + right;
    }
    if (less)
        return left + (decision.answer ? style.less : style.at_least) + right;
    return left + (decision.answer ? style.equal : style.unequal) + right;
}

} // namespace

std::string formula_text(const ex& expression) {
    return written(expression, text_style);
}

std::string formula_latex(const ex& expression) {
    return written(expression, latex_style);
}

std::string decision_text(const Decision& decision) {
    return decision_in(decision, text_style);
}

std::string decision_latex(const Decision& decision) {
    return decision_in(decision, latex_style);
}

} // namespace handgrad
