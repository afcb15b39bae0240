// Dual numbers

#include "scalars/dual.hpp"

#include "random.hpp"
#include "rounding.hpp"
#include "testing.hpp"

#include <complex>

namespace handgrad::testing::of_dual {
namespace {

using D = Dual<double>;
using D3 = Dual<double, 3>;
using DD = Dual<D>;

// A function with its first and second derivative, and where it is tried
struct Function {
    const char* name;
    D (*of_dual)(const D&);
    DD (*of_nested)(const DD&);
    double (*of_double)(double);
    double (*first)(double);
    double (*second)(double);
    std::vector<double> at;
};

const std::vector<double> anywhere = {-2.25, -1, -0.5, 0, 0.25, 1, 2.25};
const std::vector<double> positive = {0.125, 0.5, 1, 2.25};

const std::vector<Function> functions = {
    {"exp", [](const D& z) { return exp(z); }, [](const DD& z) { return exp(z); },
     [](double z) { return std::exp(z); }, [](double z) { return std::exp(z); },
     [](double z) { return std::exp(z); }, anywhere},
    {"log", [](const D& z) { return log(z); }, [](const DD& z) { return log(z); },
     [](double z) { return std::log(z); }, [](double z) { return 1 / z; },
     [](double z) { return -1 / (z * z); }, positive},
    {"tanh", [](const D& z) { return tanh(z); }, [](const DD& z) { return tanh(z); },
     [](double z) { return std::tanh(z); },
     [](double z) { return 1 / (std::cosh(z) * std::cosh(z)); },
     [](double z) { return -2 * std::tanh(z) / (std::cosh(z) * std::cosh(z)); }, anywhere},
    {"sqrt", [](const D& z) { return sqrt(z); }, [](const DD& z) { return sqrt(z); },
     [](double z) { return std::sqrt(z); }, [](double z) { return 0.5 * std::pow(z, -0.5); },
     [](double z) { return -0.25 * std::pow(z, -1.5); }, positive},
    {"sin", [](const D& z) { return sin(z); }, [](const DD& z) { return sin(z); },
     [](double z) { return std::sin(z); }, [](double z) { return std::cos(z); },
     [](double z) { return -std::sin(z); }, anywhere},
    {"cos", [](const D& z) { return cos(z); }, [](const DD& z) { return cos(z); },
     [](double z) { return std::cos(z); }, [](double z) { return -std::sin(z); },
     [](double z) { return -std::cos(z); }, anywhere},
};

// Two elementary functions and three operations on either side; the largest second derivative on
// its way passes through terms of this size
double tolerance(double size) {
    return rounding_gap<double>(2 * elementary + 3, size);
}

// z with the derivatives 1, −2 and 0.5
D3 moving(double value, double a, double b, double c) {
    return {value, {a, b, c}};
}

bool equal(const D3& a, const D3& b) {
    return a.value == b.value && a.derivative == b.derivative;
}

} // namespace

TEST_SUITE("dual") {
    TEST_CASE("a constant does not move, a variable moves in one direction") {
        CHECK(equal(D3(5), moving(5, 0, 0, 0)));
        CHECK(equal(D3(), moving(0, 0, 0, 0)));
        CHECK(equal(D3::variable(5), moving(5, 1, 0, 0)));
        CHECK(equal(D3::variable(5, 2), moving(5, 0, 0, 1)));
    }

    TEST_CASE("+ − × ÷ by hand, in three directions") {
        const auto a = moving(6, 1, -2, 0.5), b = moving(2, 3, 0, -1);
        CHECK(equal(a + b, moving(8, 4, -2, -0.5)));
        CHECK(equal(a - b, moving(4, -2, -2, 1.5)));
        // a′ b + a b′ = 1·2 + 6·3, −2·2 + 6·0, 0.5·2 − 6·1
        CHECK(equal(a * b, moving(12, 20, -4, -5)));
        // (a′ − (a / b) b′) / b = (1 − 3·3) / 2, (−2 − 0) / 2, (0.5 + 3·1) / 2
        CHECK(equal(a / b, moving(3, -4, -1, 1.75)));
        CHECK(equal(-a, moving(-6, -1, 2, -0.5)));
    }

    TEST_CASE("numbers and duals mix, on either side") {
        const auto a = moving(6, 1, -2, 0.5);
        CHECK(equal(a + 2.0, moving(8, 1, -2, 0.5)));
        CHECK(equal(2.0 - a, moving(-4, -1, 2, -0.5)));
        CHECK(equal(2.0 * a, moving(12, 2, -4, 1)));
        CHECK(equal(a / 2.0, moving(3, 0.5, -1, 0.25)));
        // (12 / a)′ = −12 a′ / a²
        CHECK(equal(12.0 / a, moving(2, -2.0 / 6, 4.0 / 6, -1.0 / 6)));
    }

    TEST_CASE("a number combined with itself in place") {
        auto sum = moving(6, 1, -2, 0.5), difference = sum, product = sum, quotient = sum;
        sum += sum;
        CHECK(equal(sum, moving(12, 2, -4, 1)));
        // Behind a function, for compilers warn of a number that is subtracted from itself
        const auto subtract = [](D3& a, const D3& b) { a -= b; };
        subtract(difference, difference);
        CHECK(equal(difference, moving(0, 0, 0, 0)));
        product *= product;
        CHECK(equal(product, moving(36, 12, -24, 6)));
        const auto divide = [](D3& a, const D3& b) { a /= b; };
        divide(quotient, quotient);
        CHECK(equal(quotient, moving(1, 0, 0, 0)));
    }

    TEST_CASE("functions have their first and second derivatives") {
        for (const auto& f : functions)
            for (double z : f.at) {
                CAPTURE(f.name);
                CAPTURE(z);
                // Direction 3: the chain rule multiplies by it
                const D y = f.of_dual(D(z, {3}));
                CHECK(std::abs(y.derivative[0] - 3 * f.first(z)) <=
                      tolerance(3 * (1 + std::abs(f.first(z)))));

                // A dual number of dual numbers: value, both first derivatives, and the second
                const DD yy = f.of_nested(DD(D(z, {1}), {D(1)}));
                CHECK(yy.value.value == y.value);
                CHECK(yy.value.derivative[0] == yy.derivative[0].value);
                CHECK(std::abs(yy.value.derivative[0] - f.first(z)) <=
                      tolerance(1 + std::abs(f.first(z))));
                CHECK(std::abs(yy.derivative[0].derivative[0] - f.second(z)) <=
                      tolerance(2 * (1 + std::abs(f.second(z)))));
            }
    }

    TEST_CASE("the value is the double's, to the bit") {
        for (const auto& f : functions)
            for (double z : f.at)
                CHECK(f.of_dual(D::variable(z)).value == f.of_double(z));
        const auto numbers = quarters({20}, 1);
        for (double a : numbers)
            for (double b : numbers) {
                CHECK((D(a) + D(b)).value == a + b);
                CHECK((D(a) - D(b)).value == a - b);
                CHECK((D(a) * D(b)).value == a * b);
                CHECK((D(a) / D(b)).value == a / b);
            }
        // −0 is not 0
        CHECK(std::signbit((-D(0.0)).value));
        CHECK_FALSE(std::signbit((-D(-0.0)).value));
    }

    TEST_CASE("derivatives of a product of three, one direction each") {
        // ∂(a b c)/∂a = b c, and so on
        const auto a = D3::variable(2, 0), b = D3::variable(-3, 1), c = D3::variable(5, 2);
        CHECK(equal(a * b * c, moving(-30, -15, 10, -6)));
    }

    TEST_CASE("mixed second derivatives") {
        // ∂²(a² b)/∂a∂b = 2 a
        const DD a(D(3, {1}), {D(0)}), b(D(7, {0}), {D(1)});
        const DD y = a * a * b;
        CHECK(y.value.value == 63);
        CHECK(y.value.derivative[0] == 42);
        CHECK(y.derivative[0].value == 9);
        CHECK(y.derivative[0].derivative[0] == 6);
    }

    TEST_CASE("other numbers underneath") {
        const auto y = tanh(Dual<float>::variable(0.5f));
        CHECK(y.value == std::tanh(0.5f));
        CHECK(y.derivative[0] == 1 - y.value * y.value);
        const auto wide = exp(Dual<long double>::variable(1.0L));
        CHECK(wide.derivative[0] == std::exp(1.0L));
        using Complex = std::complex<double>;
        const auto turned = Dual<Complex>::variable({0, 1}) * Dual<Complex>(Complex(0, 1));
        CHECK(turned.value == Complex(-1, 0));
        CHECK(turned.derivative[0] == Complex(0, 1));
    }

    TEST_CASE("NaN and infinity show") {
        CHECK(std::isnan((D(std::nan("")) + D(1)).value));
        const D y = D(1) / D(0, {1});
        CHECK(std::isinf(y.value));
        CHECK_FALSE(std::isfinite(y.derivative[0]));
    }

    TEST_CASE("branches are decided by the value") {
        CHECK(value_of(D(3, {-5})) == 3);
        CHECK(value_of(DD(D(3, {1}), {D(2)})) == 3);
        CHECK(value_of(Dual<std::complex<float>>(std::complex<float>(4, 9))) == 4);
        CHECK(value_of(2.5f) == 2.5f);
        CHECK(value_of(std::complex<double>(-1, 7)) == -1);
        static_assert(std::is_same_v<decltype(value_of(Dual<float>())), float>);
    }

    TEST_CASE("what is a scalar, and what is not") {
        static_assert(Scalar<float> && Scalar<double> && Scalar<long double>);
        static_assert(Scalar<std::complex<double>> && Scalar<D> && Scalar<D3> && Scalar<DD>);
        static_assert(!Scalar<int> && !Scalar<std::string>);
    }
}

} // namespace handgrad::testing::of_dual
