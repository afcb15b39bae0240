// Who is to blame where a gradient and the oracles do not agree

#include "check/arbitration.hpp"
#include "handgrad.hpp"
#include "testing.hpp"

#include <complex>

namespace handgrad::testing::of_arbitration {
namespace {

// y = |z|: over complex numbers this is the modulus, which has no derivative
template <class T>
struct AbsoluteValue {
    Tensor<T> z;

    Tensor<T> forward(const Tensor<T>& input) {
        z = input;
        return elementwise(z, [](const T& z) {
            using std::abs;
            if constexpr (requires { T(abs(z)); })
                return T(abs(z));
            else
                return select(value_of(z) < 0, T(T(0) - z), z);
        });
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(
            dy, z, [](const T& dy, const T& z) { return value_of(z) < 0 ? T(T(0) - dy) : dy; });
    }
};

// The same with a backward that forgets the sign
template <class T>
struct SignForgotten : AbsoluteValue<T> {
    Tensor<T> backward(const Tensor<T>& dy) { return dy; }
};

// y = z², of which dual numbers see only one factor: the other is converted to double
template <class T>
struct HalfOfASquare {
    Tensor<T> z;

    Tensor<T> forward(const Tensor<T>& input) {
        z = input;
        return elementwise(z, [](const T& z) {
            if constexpr (std::is_same_v<T, SparseDual<long double>>)
                return z * T(static_cast<double>(value_of(z)));
            else
                return z * z;
        });
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, z, [](const T& dy, const T& z) { return dy * (z + z); });
    }
};

// Tanh with the derivative of y where that of z belongs
template <class T>
struct SlopeOfZ : Tanh<T> {
    Tensor<T> z;

    Tensor<T> forward(const Tensor<T>& input) {
        z = input;
        return Tanh<T>::forward(input);
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, z, [](const T& dy, const T& z) { return dy * (T(1) - z * z); });
    }
};

bool begins(const std::string& sentence, const std::string& words) {
    return sentence.compare(0, words.size(), words) == 0;
}

// Who is to blame, when backward gives the first number and the oracles the others, each ± 0.1
std::string blamed(double backward, double forward_mode, std::optional<double> complex_step,
                   double differences) {
    const auto opinion = [](double value) { return Opinion{"", value, 0.1}; };
    std::optional<Opinion> third;
    if (complex_step)
        third = opinion(*complex_step);
    const auto sentence =
        arbitrate(opinion(backward), {opinion(forward_mode), third, opinion(differences)});
    return sentence.substr(0, sentence.find(':'));
}

} // namespace

TEST_SUITE_BEGIN("arbitration");

TEST_CASE("two oracles against one") {
    CHECK(blamed(1, 1, 1, 1) == "nobody");
    CHECK(blamed(5, 1, 1, 1) == "backward");
    CHECK(blamed(5, 1, 1, 9) == "backward");
    CHECK(blamed(1, 1, 1, 9) == "central differences");
    CHECK(blamed(1, 1, 9, 1) == "the complex step");
    CHECK(blamed(5, 1, 9, 1) == "backward");
    CHECK(blamed(5, 1, {}, 1) == "backward");
    CHECK(blamed(1, 9, 1, 1) == "forward, not backward");
    CHECK(blamed(5, 9, 1, 1) == "forward and backward");
    CHECK(blamed(1, 1, 5, 9) == "nobody can say");
    CHECK(blamed(1, 1, {}, 9) == "nobody can say");
}

TEST_CASE("a number that is not finite agrees with nothing") {
    CHECK(!agree({"", std::nan(""), 1}, {"", 1, 1}));
    CHECK(!agree({"", 1, 1}, {"", std::nan(""), 1}));
}

TEST_CASE("a wrong backward is to blame, and every oracle says what the entry is") {
    const auto report = check(recipe<SlopeOfZ>(), {{0.5, -1}});
    const auto& dz = report.tensor("dz");
    CHECK(begins(dz.blame, "backward: forward mode, the complex step and central differences"));
    CHECK(dz.disputed == dz.worst.index);
    REQUIRE(dz.opinions.size() == 3);
    for (const auto& opinion : dz.opinions) {
        INFO(opinion.oracle);
        CHECK(std::abs(opinion.value - dz.worst.numeric) <= opinion.bound + 1e-15);
        CHECK(opinion.bound < 1e-9);
    }
}

TEST_CASE("nobody is asked where all agree") {
    const auto report = check(recipe<Tanh>(), {{0.5, -1}});
    CHECK(report.passed());
    CHECK(report.tensor("dz").blame == "");
    CHECK(report.tensor("dz").opinions.empty());
}

TEST_CASE("a forward that complex numbers do not continue leaves two oracles") {
    CHECK(check(recipe<AbsoluteValue>(), {{0.5, -1}}).passed());
    const auto report = check(recipe<SignForgotten>(), {{0.5, -1}});
    CHECK(begins(report.tensor("dz").blame,
                 "backward: forward mode and central differences agree; over complex numbers"));
}

TEST_CASE("a forward that loses the derivative over dual numbers is to blame, not backward") {
    const auto report = check(recipe<HalfOfASquare>(), {{0.5, -1}});
    CHECK(!report.passed());
    CHECK(begins(report.tensor("dz").blame, "forward, not backward"));
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_arbitration
