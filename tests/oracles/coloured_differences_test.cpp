// The Jacobian in one evaluation, and differences at four places at once

#include "oracles/coloured_differences.hpp"

#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/softmax.hpp"
#include "layers/tanh.hpp"
#include "scalars/dual.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_coloured_differences {
namespace {

using S = SparseDual<double>;

std::vector<std::uint32_t> inputs_of(S number) {
    std::vector<std::uint32_t> inputs;
    for (const auto& term : number.terms())
        inputs.push_back(term.input);
    return inputs;
}

double derivative(S number, std::uint32_t input) {
    for (const auto& term : number.terms())
        if (term.input == input)
            return term.derivative;
    return 0;
}

// The differences of a layer without parameters, with dy = 1, 2, 3, …
std::vector<Estimate> differences(const AnyRecipe& recipe, const Tensor<double>& z) {
    const auto structure =
        forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), {z}).structure;
    auto dy = zeros<double>({structure.first.size() - 1});
    for (auto j : range(dy.size()))
        dy.flat(j) = static_cast<double>(j + 1);
    return coloured_differences(*recipe.forward<Four>(), *recipe.forward<double>(), {z}, dy,
                                structure, std::vector<bool>(dy.size()));
}

// A layer that leaves the numbers' own arithmetic: it doubles what is above its limit
template <class T>
struct Doubled {
    Tensor<T> forward(const Tensor<T>& z) {
        return elementwise(z, [](const T& z) {
            const double number = static_cast<double>(value_of(z));
            return number > 1 ? T(2) * z : z;
        });
    }
    Tensor<T> backward(const Tensor<T>& dy) { return dy; }
};

} // namespace

TEST_SUITE_BEGIN("coloured_differences");

TEST_CASE("a sparse dual number has one term for each input that it was computed from") {
    const auto a = S::variable(3, 0), b = S::variable(4, 7);
    CHECK(inputs_of(S(5)).empty());
    CHECK(inputs_of(b * a + a) == std::vector<std::uint32_t>{0, 7});
    // Also where the derivative happens to be 0
    CHECK(inputs_of(a - a) == std::vector<std::uint32_t>{0});
    CHECK(derivative(a - a, 0) == 0);
}

TEST_CASE("+ - × ÷ of sparse dual numbers differentiate as those of dual numbers do") {
    const auto a = S::variable(3, 0), b = S::variable(4, 1);
    using D = Dual<double, 2>;
    const auto x = D::variable(3, 0), y = D::variable(4, 1);
    const auto same = [](const S& sparse, const D& dense) {
        CHECK(sparse.value == doctest::Approx(dense.value));
        for (std::uint32_t d : {0u, 1u})
            CHECK(derivative(sparse, d) == doctest::Approx(dense.derivative[d]));
    };
    same(a + b, x + y);
    same(a - b, x - y);
    same(a * b, x * y);
    same(a / b, x / y);
    same(-a, -x);
    same(exp(a) * tanh(b) + log(a) / sqrt(b) - sin(a) * cos(b),
         exp(x) * tanh(y) + log(x) / sqrt(y) - sin(x) * cos(y));

    // With itself, where it stands
    auto c = a;
    c += c;
    same(c, x + x);
    c *= c;
    same(c, (x + x) * (x + x));
    const auto itself = c;
    c -= itself;
    same(c, D(0.0));
}

TEST_CASE("a sum of many terms adds up those of one input") {
    S sum(0);
    for (std::uint32_t i = 0; i < 300; ++i)
        sum += S(i) * S::variable(1, i % 100);
    CHECK(inputs_of(sum).size() == 100);
    // 7 + 107 + 207
    CHECK(derivative(sum, 7) == 321);
}

TEST_CASE("four numbers are computed as each of them alone") {
    Four a, b;
    for (auto k : range(4)) {
        a.set(k, 0.5 + static_cast<double>(k));
        b.set(k, 3 - static_cast<double>(k) / 4);
    }
    const auto each = [&](const Four& four, double (*alone)(double, double)) {
        for (auto k : range(4))
            CHECK(four[k] == alone(a[k], b[k]));
    };
    each(a + b, [](double a, double b) { return a + b; });
    each(a - b, [](double a, double b) { return a - b; });
    each(a * b, [](double a, double b) { return a * b; });
    each(a / b, [](double a, double b) { return a / b; });
    each(-a, [](double a, double) { return -a; });
    each(exp(a), [](double a, double) { return std::exp(a); });
    each(log(a), [](double a, double) { return std::log(a); });
    each(tanh(a), [](double a, double) { return std::tanh(a); });
    each(sqrt(a), [](double a, double) { return std::sqrt(a); });
    each(sin(a), [](double a, double) { return std::sin(a); });
    each(cos(a), [](double a, double) { return std::cos(a); });
}

TEST_CASE("four numbers that want different branches say so") {
    Four a(1);
    const auto parted = [](auto question) {
        Witnesses::parted() = false;
        static_cast<void>(question());
        return Witnesses::parted();
    };
    CHECK(!parted([&] { return value_of(a) > 0; }));
    a.set(3, -1);
    CHECK(parted([&] { return value_of(a) > 0; }));
    CHECK(parted([&] { return value_of(a) < value_of(Four(0)); }));
    CHECK(parted([&] { return static_cast<double>(value_of(a)); }));
    CHECK(!parted([&] { return value_of(a) < 2; }));
    CHECK(value_of(a) > 0);
}

TEST_CASE("differences are right where the four places part on a branch") {
    // A step of 1/4 takes every one of these to the other side of the kink or the limit
    const Tensor<double> near_kink = xt::xarray<double>{{0.125, -0.125, 0.0625}};
    const auto relu = differences(recipe<ReLU>(), near_kink);
    CHECK(relu[0].value == doctest::Approx(1));
    CHECK(relu[1].value == doctest::Approx(0));
    CHECK(relu[2].value == doctest::Approx(3));

    const Tensor<double> near_limit = xt::xarray<double>{{1.0625, 0.9375}};
    const auto doubled = differences(recipe<Doubled>(), near_limit);
    CHECK(doubled[0].value == doctest::Approx(2));
    CHECK(doubled[1].value == doctest::Approx(2));
}

TEST_CASE("differences and forward mode agree where everything is smooth") {
    const Tensor<double> z = xt::xarray<double>{{0.5, -1.25, 2}, {-0.75, 1.5, 0.25}};
    const auto jacobian = forward_mode_jacobian<double>(recipe<Softmax>(), {z});
    const auto found = differences(recipe<Softmax>(), z);
    std::vector<double> expected(z.size());
    for (auto j : range(z.size()))
        for (auto [at, end] = jacobian.structure.row(j); at != end; ++at)
            expected[jacobian.structure.input[at]] +=
                static_cast<double>(j + 1) * jacobian.entries[at];
    for (auto i : range(z.size())) {
        CHECK(found[i].value == doctest::Approx(expected[i]));
        CHECK(std::abs(found[i].value - expected[i]) <= found[i].bound + 1e-15);
    }
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_coloured_differences
