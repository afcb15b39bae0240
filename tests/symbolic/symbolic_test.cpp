// Numbers that are formulas, and how they are written

#include "scalars/formula.hpp"

#include "testing.hpp"

namespace handgrad::testing::of_symbolic {
namespace {

std::string written(const Symbolic& number) {
    return formula_text(number.expression);
}

std::vector<std::string> path() {
    std::vector<std::string> words;
    for (const auto& decision : PathCondition::current().decisions())
        words.push_back(decision_text(decision));
    return words;
}

TEST_SUITE("symbolic") {
    TEST_CASE("the value goes along with the formula") {
        const auto a = variable("a", "", 0.75), b = variable("b", "", -2);
        const std::vector<std::pair<Symbolic, double>> numbers = {
            {a + b, 0.75 + -2},
            {a - b, 0.75 - -2},
            {a * b, 0.75 * -2},
            {a / b, 0.75 / -2},
            {-a, -0.75},
            {exp(a), std::exp(0.75)},
            {log(a), std::log(0.75)},
            {tanh(b), std::tanh(-2.0)},
            {sqrt(a), std::sqrt(0.75)},
            {sin(a), std::sin(0.75)},
            {cos(b), std::cos(-2.0)},
        };
        for (const auto& [symbolic, value] : numbers) {
            const Symbolic& number = symbolic; // clang 14 captures no structured bindings
            CAPTURE(written(number));
            CHECK(number.value == value);
            const auto computed =
                number.expression
                    .subs({{a.expression, Symbolic(0.75).expression}, {b.expression, -2}})
                    .evalf();
            // Computed by GiNaC with 17 digits and by the mathematics library: each rounds
            CHECK(GiNaC::ex_to<GiNaC::numeric>(computed).to_double() ==
                  doctest::Approx(value).epsilon(1e-15));
        }
    }

    TEST_CASE("a double is a fraction, exactly") {
        CHECK(written(Symbolic(0)) == "0");
        CHECK(written(Symbolic(-3)) == "-3");
        CHECK(written(Symbolic(0.375)) == "3 / 8");
        CHECK(written(Symbolic(0.1)) == "3602879701896397 / 36028797018963968");
        CHECK((Symbolic(0.1) + Symbolic(0.2)).expression != Symbolic(0.3).expression);
    }

    TEST_CASE("formulas are written in one order") {
        const auto z = variables("z", {{1, 2}}), dy = variables("dy", {{1, 2}}),
                   weight = variables("weight", {{1, 2}});
        const auto sum = z(0, 1) * dy(0, 1) + dy(0, 0) * z(0, 0);
        CHECK(written(sum) == "dy_0·z_0 + dy_1·z_1");
        CHECK(formula_latex(sum.expression) == "dy_{0} \\cdot z_{0} + dy_{1} \\cdot z_{1}");
        CHECK(formula_latex((dy(0, 0) * weight(0, 1)).expression) ==
              "\\mathrm{weight_{1}} \\cdot dy_{0}");
        CHECK(written(z(0, 0) - Symbolic(2) * z(0, 1) * z(0, 1)) == "z_0 - 2·z_1^2");
        CHECK(written(z(0, 0) / (z(0, 1) + Symbolic(1))) == "z_0 / (1 + z_1)");
        CHECK(formula_latex((exp(-z(0, 0)) / z(0, 1)).expression) ==
              "\\frac{\\exp\\left(-z_{0}\\right)}{z_{1}}");
        CHECK(written(Symbolic(0.5) * z(0, 0)) == "1 / 2·z_0");
    }

    TEST_CASE("names of entries") {
        const auto z = variables("z", zeros<double>({1, 1, 3, 3}));
        CHECK(written(z(0, 0, 0, 1)) == "z_01");
        CHECK(written(variables("bias", zeros<double>({1}))(0)) == "bias");
        CHECK(written(variables("z", zeros<double>({2, 11}))(1, 10)) == "z_1,10");
        CHECK(formula_latex(variables("z", zeros<double>({2, 11}))(1, 10).expression) ==
              "z_{1,10}");
    }

    TEST_CASE("a comparison is remembered once, and only if it says something") {
        const auto a = variable("a", "", 1), b = variable("b", "", 2);
        PathCondition::current().start();
        CHECK(value_of(a) < value_of(b));
        CHECK(value_of(b) > value_of(a));
        CHECK_FALSE(value_of(a) >= value_of(b));
        CHECK(path() == std::vector<std::string>{"a < b"});

        // The same for all numbers
        CHECK_FALSE(value_of(a) != value_of(a));
        CHECK(value_of(Symbolic(1)) < value_of(Symbolic(2)));
        CHECK(value_of(a) < value_of(a + Symbolic(1)));
        CHECK(value_of(a) > value_of(Symbolic(-std::numeric_limits<double>::infinity())));
        CHECK(isfinite(value_of(a)));
        CHECK(path().size() == 1);

        // Where doubles lose what formulas keep
        const auto huge = variable("huge", "", 1e300);
        CHECK(value_of(huge) < value_of(huge + Symbolic(1)));
        CHECK(path().size() == 1);
        // Both overflow, so nobody knows
        CHECK_FALSE(value_of(exp(huge)) < value_of(exp(huge + huge)));
        CHECK(PathCondition::current().decisions().back().tie);

        PathCondition::current().start();
        CHECK(value_of(a) >= 0);
        CHECK(value_of(b) <= 5);
        CHECK(value_of(b) != value_of(a));
        CHECK_FALSE(value_of(b) < 0);
        CHECK(path() == std::vector<std::string>{"a ≥ 0", "b ≤ 5", "b ≠ a", "b ≥ 0"});
        CHECK(decision_latex(PathCondition::current().decisions()[0]) == "a \\ge 0");
    }
}

} // namespace
} // namespace handgrad::testing::of_symbolic
