#include "elementary_reference.hpp"
#include "playground/random.hpp"
#include "scalars/elementary.hpp"
#include "testing.hpp"

#include <cmath>
#include <cstdint>
#include <map>

namespace handgrad::testing::of_elementary {

namespace {

struct Function {
    double (*value)(double);
    double (*argument)(double u, int i); // as elementary_reference.hpp says
};

const std::map<std::string_view, Function> functions = {
    {"exp",
     {[](double x) { return elementary::exp(x); },
      [](double u, int i) { return (2 * u - 1) * (i % 2 == 0 ? 4 : 750); }}},
    {"tanh",
     {[](double x) { return elementary::tanh(x); },
      [](double u, int i) { return (2 * u - 1) * (i % 2 == 0 ? 3 : 23); }}},
    {"log",
     {elementary::log,
      [](double u, int i) { return i % 2 == 0 ? (u + 0x1p-40) * 1e6 : u * 4 + 0.0625; }}},
    {"sin",
     {elementary::sin, [](double u, int i) { return (2 * u - 1) * (i % 2 == 0 ? 7 : 1000); }}},
    {"cos",
     {elementary::cos, [](double u, int i) { return (2 * u - 1) * (i % 2 == 0 ? 7 : 1000); }}},
};

std::uint64_t bits_of(double x) {
    return __builtin_bit_cast(std::uint64_t, x);
}

// FNV-1a, a whole number at a time
std::uint64_t digest(std::uint64_t before, double x) {
    return (before ^ bits_of(x)) * 1099511628211u;
}

} // namespace

TEST_SUITE("elementary") {
    TEST_CASE("every value has the bits that V8 gives it") {
        REQUIRE(testing::reference_functions.size() == functions.size());
        for (const auto& reference : testing::reference_functions) {
            CAPTURE(reference.name);
            for (const auto& reference_value : reference.values) {
                const double x = reference_value.first, y = reference_value.second;
                CAPTURE(x);
                CHECK(bits_of(functions.at(reference.name).value(x)) == bits_of(y));
            }
        }
    }

    TEST_CASE("so have a million values of each function") {
        for (const auto& reference : testing::reference_functions) {
            CAPTURE(reference.name);
            const auto& function = functions.at(reference.name);
            playground::Random random("elementary " + std::string(reference.name));
            std::uint64_t all = 14695981039346656037u;
            for (int i = 0; i < 1000000; ++i)
                all = digest(all, function.value(function.argument(random(), i)));
            CHECK(all == reference.digest);
        }
    }

    TEST_CASE("what is no number stays none, and infinity has its limit") {
        const double nan = std::nan(""), infinity = testing::infinity;
        CHECK(std::isnan(elementary::exp(nan)));
        CHECK(std::isnan(elementary::tanh(nan)));
        CHECK(elementary::exp(infinity) == infinity);
        CHECK(elementary::exp(-infinity) == 0);
        CHECK(elementary::tanh(infinity) == 1);
        CHECK(elementary::tanh(-infinity) == -1);
    }

    TEST_CASE("an argument beyond the reductions is refused with a sentence") {
        const auto refusal = [](double (*function)(double), double x) {
            return testing::message_of<ValueError>([&] { function(x); });
        };
        CHECK(refusal(elementary::sin, 823550) ==
              "sin: x is 823550, it may be from -823549.5 to 823549.5");
        CHECK(refusal(elementary::cos, -1e300).find("cos: x is -1e+300") == 0);
        CHECK(refusal(elementary::sin, std::nan("")).find("sin: x is nan") == 0);
        CHECK(refusal(elementary::log, 0) == "log: x is 0, it may be any normal positive number");
        CHECK(refusal(elementary::log, -1).find("log: x is -1") == 0);
        CHECK(refusal(elementary::log, testing::infinity).find("log: x is inf") == 0);
    }
}

} // namespace handgrad::testing::of_elementary
