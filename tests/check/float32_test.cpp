// The verdict on a layer that computes in float32

#include "check/catalogue.hpp"
#include "handgrad.hpp"
#include "oracles/in_float32.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_float32 {
namespace {

// Linear with one entry of dweight off by a relative error
template <class T>
struct OneEntryOff : Linear<T> {
    double error;
    OneEntryOff(double error, Tensor<T> weight, Tensor<T> bias)
        : Linear<T>(std::move(weight), std::move(bias)), error(error) {}

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Linear<T>::backward(dy);
        this->dweight(1, 1) = this->dweight(1, 1) * T(1 + error);
        return dz;
    }
};

// Tanh whose backward adds to dy in place
template <class T>
struct ArgumentChanged : Tanh<T> {
    Tensor<T> backward(const Tensor<T>& dy) {
        const auto dz = Tanh<T>::backward(dy);
        const_cast<Tensor<T>&>(dy).flat(0) += T(1);
        return dz;
    }
};

Tensor<double> probe(const Shape& shape, std::uint64_t seed) {
    Draw draw(seed);
    return readable_probe(shape, draw);
}

CheckReport off_by(double error) {
    return check(in_float32(recipe<OneEntryOff>(error, probe({3, 40}, 1), probe({3}, 2))),
                 probe({5, 40}, 3));
}

} // namespace

TEST_SUITE_BEGIN("float32");

TEST_CASE("every layer is verified in float32, in every entry") {
    for (const auto& subject : subjects())
        for (auto setting : subject.settings) {
            setting.float32 = true;
            const auto report = subject.check(setting);
            INFO(subject.name, "\n", to_text(report));
            CHECK(report.passed());
            CHECK(report.configuration.find("in float32") != std::string::npos);
            // The values really went through float: they are not those of double, whose rounding
            // is beneath a billionth of the bound
            double widest = 0;
            for (const auto& tensor : report.tensors)
                widest = std::max(widest, tensor.worst.bound);
            if (subject.name != "flatten" && subject.name != "max_pool2d" && subject.name != "relu")
                CHECK(widest > 1e-9);
        }
}

TEST_CASE("what rounding explains is verified, what it does not is wrong") {
    // dweight(1, 1) is a sum of five products: some ten roundings of 6e-8, of its own size or, as
    // signs differ, of a few times that
    CHECK(off_by(0).passed());
    const auto wrong = off_by(1e-4);
    CHECK(wrong.tensor("dweight").wrong == 1);
    CHECK(wrong.tensor("dweight").worst.index == std::vector<std::size_t>{1, 1});
    CHECK(wrong.tensor("dz").passed());
}

TEST_CASE("the same error passes in neither arithmetic by the tolerance of the other") {
    // A relative error of 1e-8 is below the rounding of float, far above that of double
    CHECK(off_by(1e-8).passed());
    CHECK(!check(recipe<OneEntryOff>(1e-8, probe({3, 40}, 1), probe({3}, 2)), probe({5, 40}, 3))
               .passed());
}

TEST_CASE("large sums that cancel are no fault of the layer") {
    // Σ over 2000 samples of terms up to 4: rounding in float reaches 1e-4, beyond a fixed
    // tolerance
    const auto recipe_of_sum = recipe<Linear>(probe({1, 2}, 1), probe({1}, 2));
    const auto report = check(in_float32(recipe_of_sum), probe({2000, 2}, 3));
    INFO(to_text(report));
    CHECK(report.passed());
}

TEST_CASE("the contract holds in float32 too") {
    const auto report = check(in_float32(recipe<ArgumentChanged>()), probe({2, 3}, 4));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "argument unchanged");
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_float32
