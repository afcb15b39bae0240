// The Jacobian by the complex step

#include "oracles/complex_step.hpp"

#include "handgrad.hpp"
#include "losses/loss_layer.hpp"
#include "random.hpp"
#include "rounding.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_complex_step {
namespace {

// What both oracles find at z and the recipe's parameters
struct Found {
    std::vector<double> complex_step;
    std::vector<long double> forward_mode;
};

Found jacobians(const AnyRecipe& recipe, const Tensor<double>& z) {
    std::vector<Tensor<double>> inputs{z};
    const auto layer = recipe.layer<double>();
    for (const auto& parameter : layer->parameters())
        inputs.push_back(parameter.value);
    auto [structure, entries] =
        forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), inputs);
    return {complex_step_jacobian(*recipe.forward<std::complex<double>>(), inputs, structure),
            std::move(entries)};
}

// Both oracles agree in every entry to within so many roundings
// @param magnitude the size of what is rounded on the way to an entry, given the entry's own
void check_agreement(const AnyRecipe& recipe, const Tensor<double>& z, std::size_t roundings,
                     double (*magnitude)(double)) {
    const auto found = jacobians(recipe, z);
    REQUIRE(!found.complex_step.empty());
    for (auto at : range(found.complex_step.size())) {
        CAPTURE(at);
        const auto expected = found.forward_mode[at];
        const double bound =
            rounding_bound<double>(roundings, magnitude(std::abs(static_cast<double>(expected))));
        CHECK(std::abs(found.complex_step[at] - expected) <= bound);
    }
}

double own_size(double size) {
    return size;
}

// An entry-by-entry layer around one function, a backward of which nobody asks
template <class T, class Function>
struct EntryByEntry {
    Tensor<T> forward(const Tensor<T>& z) { return elementwise(z, Function()); }
    Tensor<T> backward(const Tensor<T>& dy) { return dy; }
};

struct AbsoluteValue {
    template <class T>
    T operator()(const T& z) const {
        using std::abs;
        return T(abs(z));
    }
};

struct AbsoluteValueByBranch {
    template <class T>
    T operator()(const T& z) const {
        return value_of(z) < 0 ? T(-z) : z;
    }
};

struct Reciprocal {
    template <class T>
    T operator()(const T& z) const {
        return T(1) / z;
    }
};

// z, unless a square is negative
struct UnlessSquareIsNegative {
    template <class T>
    T operator()(const T& z) const {
        return value_of(T(z * z)) < 0 ? T(0) : z;
    }
};

template <class Function>
const auto layer_of = []<class T>() { return EntryByEntry<T, Function>(); };

} // namespace

TEST_SUITE("complex_step") {
    TEST_CASE("by hand") {
        // y = weight z + bias: ∂y/∂z = weight, ∂y/∂weight = z, ∂y/∂bias = 1
        const auto linear = recipe<Linear>(tensor({1, 1}, {7}), Tensor<double>{2});
        CHECK(jacobians(linear, tensor({1, 1}, {3})).complex_step == std::vector<double>{7, 3, 1});
    }

    TEST_CASE("layers that only add, multiply and choose: no rounding") {
        const auto check_exact = [](const AnyRecipe& recipe, const Tensor<double>& z) {
            check_agreement(recipe, z, exact, own_size);
        };
        const auto image = quarters({2, 2, 5, 6}, 1);
        check_exact(recipe<Conv2d>(quarters({3, 2, 2, 3}, 2), quarters({3}, 3)), image);
        const Conv2dOptions options{
            .stride = {2, 1}, .padding = Sides{1, 0, 0, 2}, .dilation = {1, 2}};
        check_exact(recipe<Conv2d>(quarters({3, 2, 2, 3}, 2), quarters({3}, 3), options), image);
        check_exact(recipe<MaxPool2d>(), image);
        check_exact(recipe<MaxPool2d>(
                        MaxPool2dOptions{.kernel = {3, 2}, .stride = {1, 2}, .padding = Same{}}),
                    image);
        check_exact(recipe<Flatten>(), image);
        check_exact(recipe<ReLU>(), image);
        check_exact(recipe<Linear>(quarters({4, 3}, 4), quarters({4}, 5)), quarters({2, 3}, 6));
        check_exact(recipe<LossLayer<SquaredError>::Over>(quarters({2, 3}, 7)),
                    quarters({2, 3}, 8));
        check_exact(
            []<class T>() {
                return Sequential<T>(Linear<T>(lift<T>(quarters({4, 3}, 4)), zeros<T>({4})),
                                     ReLU<T>(),
                                     Linear<T>(lift<T>(quarters({2, 4}, 5)), zeros<T>({2})));
            },
            quarters({2, 3}, 6));
    }

    TEST_CASE("tanh: a complex tanh has the derivative in its imaginary part") {
        check_agreement(recipe<Tanh>(), quarters({2, 20}, 1), elementary, own_size);
    }

    TEST_CASE("sigmoid: exp, sum, division") {
        // Of y, exp and sum, above and below; the division. For z < 0 it subtracts a quotient of at
        // most 1/2 from 1, which at most doubles what errors come to
        check_agreement(recipe<Sigmoid>(), quarters({2, 20}, 1),
                        2 * (elementary + 1) + complex_division,
                        [](double size) { return 2 * size; });
    }

    TEST_CASE("softmax and cross-entropy: terms of at most 1") {
        constexpr std::size_t K = 4;
        const auto at_most_1 = [](double) { return 1.0; };
        // exp above and below, K sums, the division
        constexpr std::size_t roundings = 2 * elementary + K + complex_division;
        check_agreement(recipe<Softmax>(), quarters({3, K}, 1), roundings, at_most_1);

        // A logarithm, and for each of K classes a difference, a product and a sum
        const Tensor<double> target = {{0, 1, 0, 0}, {0.5, 0, 0.25, 0.25}, {0, 0, 0, 1}};
        check_agreement(recipe<LossLayer<CrossEntropy>::Over>(target), quarters({3, K}, 1),
                        roundings + elementary + 3 * K, at_most_1);
    }

    TEST_CASE("the step is small beside every z, and never lost beside one") {
        for (double z : {1e-100, 1e-8, 0.25, 3.0, 1e8, 1e60}) {
            CAPTURE(z);
            // 1 / z is a division, whose derivative −1 / z² has one size
            check_agreement(layer_of<Reciprocal>, tensor({1, 1}, {z}), complex_division, own_size);
        }
    }

    TEST_CASE("a saturated tanh, whose derivative is lost in 1 − tanh²") {
        const auto found = jacobians(recipe<Tanh>(), {{30, -30}});
        // tanh′ = 4 / (exp(z) + exp(−z))², where exp(−30)² is no part of the last place
        const double expected = 4 * std::exp(-60.0);
        CHECK(std::abs(found.complex_step[0] - expected) <=
              rounding_bound<double>(2 * elementary, expected));
        CHECK(found.complex_step[1] == found.complex_step[0]);
        CHECK(found.forward_mode[0] == 0);
    }

    TEST_CASE("the step moves no real part, so that branches are those of double") {
        CHECK(complex_step * complex_step == 0);
        const auto found = jacobians(layer_of<UnlessSquareIsNegative>, {{0, 2}});
        CHECK(found.complex_step == std::vector<double>{1, 1});
    }

    TEST_CASE("an absolute value cannot be differentiated in this way, a branch can") {
        const Tensor<double> z = {{2, -3}};
        const auto by_modulus = jacobians(layer_of<AbsoluteValue>, z);
        CHECK(by_modulus.forward_mode == std::vector<long double>{1, -1});
        CHECK(by_modulus.complex_step == std::vector<double>{0, 0});

        const auto by_branch = jacobians(layer_of<AbsoluteValueByBranch>, z);
        CHECK(by_branch.complex_step == std::vector<double>{1, -1});
    }
}

} // namespace handgrad::testing::of_complex_step
