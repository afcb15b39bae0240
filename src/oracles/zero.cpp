#include "zero.hpp"

#include "../scalars/formula.hpp"

#include <map>
#include <random>

namespace handgrad {

namespace {

using GiNaC::ex;

// Turns exponentials into variables
class ExponentialsToVariables : public GiNaC::map_function {
public:
    // Are they variables that fulfil no equation? They are if every exponent is a sum of whole
    // multiples of different products of variables (Ax, "On Schanuel's conjectures", 1971)
    bool independent = true;

    ex operator()(const ex& expression) override {
        if (GiNaC::is_the_function<GiNaC::tanh_SERIAL>(expression)) {
            // tanh(u) = (exp(2u) − 1) / (exp(2u) + 1)
            const ex square = exponential(2 * expression.op(0));
            return (square - 1) / (square + 1);
        }
        if (GiNaC::is_the_function<GiNaC::exp_SERIAL>(expression))
            return exponential(expression.op(0));
        return expression.map(*this);
    }

private:
    std::map<ex, GiNaC::symbol, GiNaC::ex_is_less> variables_; // exp of what, and its name

    // exp(a + b) = exp(a) exp(b), exp(−2a) = exp(a)^(−2)
    ex exponential(const ex& exponent) {
        const ex terms = exponent.expand();
        if (!GiNaC::is_a<GiNaC::add>(terms))
            return exponential_of_term(terms);
        ex product = 1;
        for (const auto& term : terms)
            product *= exponential_of_term(term);
        return product;
    }

    ex exponential_of_term(const ex& term) {
        GiNaC::numeric multiple = 1;
        ex base = term;
        if (GiNaC::is_a<GiNaC::numeric>(term)) {
            multiple = GiNaC::ex_to<GiNaC::numeric>(term);
            base = 1;
        } else if (GiNaC::is_a<GiNaC::mul>(term)) {
            for (const auto& factor : term)
                if (GiNaC::is_a<GiNaC::numeric>(factor))
                    multiple = GiNaC::ex_to<GiNaC::numeric>(factor);
            base = term / multiple;
        }
        if (!multiple.is_integer()) {
            // exp(a / 2) and exp(a) are not independent
            independent = false;
            base = term;
            multiple = 1;
        }
        if (!base.info(GiNaC::info_flags::polynomial))
            independent = false;
        return GiNaC::pow(variables_.try_emplace(base, "E").first->second, multiple);
    }
};

// Draws points near the witnesses, the same in every run
class Points {
public:
    explicit Points(const std::vector<Assignment>& witnesses) : witnesses_(witnesses) {}

    GiNaC::exmap next() {
        GiNaC::exmap point;
        for (const auto& [variable, value] : witnesses_) {
            // At most an eighth away, in steps that are short in decimal
            const auto step = static_cast<long>(draw_() % 17) - 8;
            point[variable] = Symbolic::exactly(value) + GiNaC::numeric(step, 64);
        }
        return point;
    }

private:
    const std::vector<Assignment>& witnesses_;
    std::mt19937 draw_;
};

bool inside(const std::vector<Decision>& region, const GiNaC::exmap& point) {
    for (const auto& decision : region) {
        const ex distance = (decision.right - decision.left).subs(point).evalf();
        if (!GiNaC::is_a<GiNaC::numeric>(distance))
            return false;
        const auto& number = GiNaC::ex_to<GiNaC::numeric>(distance);
        const bool answer =
            decision.question == Decision::Question::Less ? number.is_positive() : number.is_zero();
        if (answer != decision.answer)
            return false;
    }
    return true;
}

std::string point_text(const GiNaC::exmap& point, const ex& formula) {
    std::vector<std::string> words;
    for (const auto& [variable, value] : point)
        if (formula.has(variable))
            words.push_back(fmt::format("{} = {:.6g}", formula_text(variable),
                                        GiNaC::ex_to<GiNaC::numeric>(value).to_double()));
    std::sort(words.begin(), words.end());
    std::string joined;
    for (const auto& word : words)
        joined += (joined.empty() ? "" : ", ") + word;
    return joined;
}

// GiNaC computes with as many digits as this global number says
class MoreDigits {
public:
    explicit MoreDigits(long digits) : before_(GiNaC::Digits) { GiNaC::Digits = digits; }
    ~MoreDigits() { GiNaC::Digits = before_; }
    MoreDigits(const MoreDigits&) = delete;
    MoreDigits& operator=(const MoreDigits&) = delete;

private:
    long before_;
};

ZeroVerdict try_points(const ex& formula, const std::vector<Assignment>& witnesses,
                       const std::vector<Decision>& region) {
    // 50 digits round terms as large as 10¹⁰ to within 10⁻⁴⁰: half of that is no rounding
    const MoreDigits digits(50);
    const auto least = GiNaC::pow(GiNaC::numeric(10), -20);
    constexpr int enough = 8, at_most = 64;
    int tried = 0;
    Points points(witnesses);
    for (int drawn = 0; drawn < at_most && tried < enough; ++drawn) {
        const auto point = points.next();
        const ex value = formula.subs(point).evalf();
        if (!inside(region, point) || !GiNaC::is_a<GiNaC::numeric>(value))
            continue;
        ++tried;
        if (GiNaC::ex_to<GiNaC::numeric>(GiNaC::abs(value).evalf()) >
            GiNaC::ex_to<GiNaC::numeric>(least))
            return {ProofVerdict::Refuted, formula,
                    fmt::format("it is {:.6g} at {}",
                                GiNaC::ex_to<GiNaC::numeric>(value).to_double(),
                                point_text(point, formula))};
    }
    return {ProofVerdict::Unknown, formula,
            fmt::format("it is 0 to 20 digits at {} random points", tried)};
}

} // namespace

ZeroVerdict is_zero(const ex& formula, const std::vector<Assignment>& witnesses,
                    const std::vector<Decision>& region) {
    // Multiply out
    const ex expanded = formula.expand();
    if (expanded.is_zero())
        return {ProofVerdict::Proven, expanded, ""};

    // Exponentials become variables, fractions one fraction
    ExponentialsToVariables rewrite;
    const ex numerator = rewrite(expanded).normal().numer().expand();
    if (numerator.is_zero())
        return {ProofVerdict::Proven, numerator, ""};

    // A polynomial with terms left is not 0; of anything else, ask numbers
    auto verdict = try_points(expanded, witnesses, region);
    if (rewrite.independent && numerator.info(GiNaC::info_flags::polynomial))
        verdict.verdict = ProofVerdict::Refuted;
    return verdict;
}

} // namespace handgrad
