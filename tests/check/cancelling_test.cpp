// Right layers whose forward pass cancels: what it computes has fewer digits than its numbers

#include "handgrad.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_cancelling {
namespace {

// y = exp(z − log Σ exp z): in a row that one class dominates, 1 − y is a difference of numbers
// that are nearly equal
template <class T>
struct SoftmaxByLogarithms {
    Tensor<T> y;

    Tensor<T> forward(const Tensor<T>& z) {
        using std::exp, std::log;
        y = z;
        for (auto n : range(z.shape(0))) {
            T sum(0);
            for (auto k : range(z.shape(1)))
                sum += exp(z(n, k));
            for (auto k : range(z.shape(1)))
                y(n, k) = exp(z(n, k) - log(sum));
        }
        return y;
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = dy;
        for (auto n : range(y.shape(0))) {
            T sum(0);
            for (auto k : range(y.shape(1)))
                sum += y(n, k) * dy(n, k);
            for (auto k : range(y.shape(1)))
                dz(n, k) = y(n, k) * (dy(n, k) - sum);
        }
        return dz;
    }
};

// The same, with a backward pass that loses no digit: dz = y Σ y (dy − dy), class by class
template <class T>
struct ExactBackward {
    Softmax<T> softmax;
    Tensor<T> y;

    Tensor<T> forward(const Tensor<T>& z) {
        y = softmax.forward(z);
        return SoftmaxByLogarithms<T>().forward(z);
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = dy;
        for (auto n : range(y.shape(0)))
            for (auto k : range(y.shape(1))) {
                T sum(0);
                for (auto other : range(y.shape(1)))
                    sum += y(n, other) * (dy(n, k) - dy(n, other));
                dz(n, k) = y(n, k) * sum;
            }
        return dz;
    }
};

// The first, with the sum over the classes forgotten
template <class T>
struct SumForgotten : SoftmaxByLogarithms<T> {
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(this->y, dy, [](const T& y, const T& dy) { return y * dy; });
    }
};

// y = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ): near 0 the difference has only the digits that 1 has there
template <class T>
struct TanhByExponentials {
    Tensor<T> y;

    Tensor<T> forward(const Tensor<T>& z) {
        y = elementwise(z, [](const T& z) {
            using std::exp;
            const T up = exp(z), down = exp(T(T(0) - z));
            return T((up - down) / (up + down));
        });
        return y;
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, y, [](const T& dy, const T& y) { return T(dy * (T(1) - y * y)); });
    }
};

// The same, with half the square
template <class T>
struct HalfTheSquare : TanhByExponentials<T> {
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, this->y,
                           [](const T& dy, const T& y) { return T(dy * (T(1) - T(0.5) * y * y)); });
    }
};

// y = 2 z, from a layer that refuses to work where numbers are not rounded to nearest
template <class T>
struct Strict {
    double factor; // 2 if backward is right

    Tensor<T> forward(const Tensor<T>& z) {
        const volatile double one = 1, little = 0x1p-60;
        if (one + little != one || one - little != one)
            throw Error("numbers are not rounded to nearest");
        return elementwise(z, [](const T& z) { return T(T(2) * z); });
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, [&](const T& dy) { return T(T(factor) * dy); });
    }
};

const std::vector<Tensor<double>> rows = {
    {{18, -18, 0}, {-18, 18, 3}},
    {{20, -17, 5}, {0.5, 0.25, -0.125}},
    {{1e-8, -3e-8, 2e-9}, {1, 1, 1 + 1e-9}},
    {{30, 0, -30}, {7, -29, 3}},
};

std::size_t wrong_entries(const CheckReport& report) {
    std::size_t wrong = 0;
    for (const auto& tensor : report.tensors)
        wrong += tensor.wrong;
    return wrong;
}

// Nothing is wrong with the layer, whether the check sees its numbers or not
template <template <class> class L>
void check_right(const Tensor<double>& z) {
    CAPTURE(z);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto report = check(recipe<L>(), z, seed);
        CAPTURE(to_text(report));
        CHECK(report.problem == "");
        CHECK(wrong_entries(report) == 0);
        CHECK(report.findings.empty());

        L<double> layer;
        const auto black_box = check(layer, z, seed);
        CAPTURE(to_text(black_box));
        CHECK(wrong_entries(black_box) == 0);
        CHECK(black_box.findings.empty());
    }
}

} // namespace

TEST_SUITE("cancelling") {
    TEST_CASE("a softmax by logarithms is not called wrong") {
        for (const auto& z : rows)
            check_right<SoftmaxByLogarithms>(z);
        for (const auto& z : rows)
            check_right<ExactBackward>(z);
    }

    TEST_CASE("a tanh by exponentials is not called wrong") {
        for (const auto& z : rows)
            check_right<TanhByExponentials>(z);
    }

    TEST_CASE("mistakes are seen where forward cancels") {
        for (const auto& z : rows) {
            CAPTURE(z);
            CHECK(wrong_entries(check(recipe<SumForgotten>(), z, 1)) > 0);
            SumForgotten<double> layer;
            CHECK(wrong_entries(check(layer, z, 1)) > 0);
        }
        const Tensor<double> z{{0.5, -0.25, 3e-8}};
        CHECK(wrong_entries(check(recipe<HalfTheSquare>(), z, 1)) == 2);
        HalfTheSquare<double> layer;
        CHECK(wrong_entries(check(layer, z, 1)) == 2);
    }

    TEST_CASE("a layer that minds how numbers are rounded gets its verdict") {
        const Tensor<double> z{{0.5, -3, 7}};
        for (const double factor : {2.0, 3.0}) {
            const std::size_t wrong = factor == 2 ? 0 : 3;
            const auto strict = [factor]<class T>() { return Strict<T>{factor}; };
            const auto report = check(strict, z, 1);
            CHECK(report.problem == "");
            CHECK(wrong_entries(report) == wrong);
            Strict<double> layer{factor};
            const auto black_box = check(layer, z, 1);
            CHECK(black_box.problem == "");
            CHECK(wrong_entries(black_box) == wrong);
        }
    }

    TEST_CASE("where the answer is known in fewer digits, the bound says so") {
        // 1 − y of the first class is e⁻³⁶, of which 64 bits leave 12
        const auto report = check(recipe<ExactBackward>(), {{18, -18, -18}}, 1);
        CAPTURE(to_text(report));
        const auto& dz = report.tensors[0];
        CHECK(dz.worst.bound > 1e-21);
        CHECK(dz.worst.bound < 1e-18);
    }
}

} // namespace handgrad::testing::of_cancelling
