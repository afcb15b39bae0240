// Proofs of right backward passes, and refutations of wrong ones

#include "handgrad.hpp"
#include "oracles/symbolic_proof.hpp"

#include "testing.hpp"

#include <set>

namespace handgrad::testing::of_symbolic_proof {
namespace {

// The hint's convolution, with or without a mistake
template <template <class> class L>
Proof prove_hint() {
    return symbolic_proof(
        recipe<L>(signed_numbers({1, 1, 2, 2}), signed_numbers({1}), Conv2dOptions{}),
        signed_numbers({1, 1, 3, 3}));
}

// A layer of curves, on three entries
template <template <class> class L>
Proof prove_row(const Tensor<double>& z = {{0.5, -1, 2}}) {
    return symbolic_proof(recipe<L>(), z);
}

// dweight_01 and dweight_10 exchanged
template <class T>
struct SwappedTaps : Conv2d<T> {
    using Conv2d<T>::Conv2d;
    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Conv2d<T>::backward(dy);
        std::swap(this->dweight(0, 0, 0, 1), this->dweight(0, 0, 1, 0));
        return dz;
    }
};

// dy (1 − y) in place of dy (1 − y²)
template <class T>
struct ForgottenSquare : Tanh<T> {
    Tensor<T> forward(const Tensor<T>& z) { return y = Tanh<T>::forward(z); }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * (T(1) - y); });
    }
    Tensor<T> y;
};

// dy (1 − y) in place of dy y (1 − y)
template <class T>
struct MissingFactor : Sigmoid<T> {
    Tensor<T> forward(const Tensor<T>& z) { return y = Sigmoid<T>::forward(z); }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * (T(1) - y); });
    }
    Tensor<T> y;
};

// dy y (1 − y), as if no entry of softmax depended on the others
template <class T>
struct DiagonalOnly : Softmax<T> {
    Tensor<T> forward(const Tensor<T>& z) { return y = Softmax<T>::forward(z); }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, y, [](const T& dy, const T& y) { return dy * y * (T(1) - y); });
    }
    Tensor<T> y;
};

// Opens the gate where dy is positive, not where z is
template <class T>
struct GateOfDy : ReLU<T> {
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, [](const T& dy) { return value_of(dy) <= 0 ? T(0) : dy; });
    }
};

// y = f(z), dz = dy df(z)
template <class T, class F, class DF>
struct Curve {
    Tensor<T> forward(const Tensor<T>& input) { return elementwise(z = input, F()); }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, z, [](const T& dy, const T& z) { return dy * DF()(z); });
    }
    Tensor<T> z;
};

struct Square {
    template <class T>
    T operator()(const T& sine) const {
        using std::sin;
        return sin(sine) * sin(sine);
    }
};
struct DoubleAngle {
    template <class T>
    T operator()(const T& z) const {
        using std::sin;
        return sin(T(2) * z);
    }
};
struct LostCosine {
    template <class T>
    T operator()(const T& z) const {
        using std::sin;
        return T(2) * sin(z);
    }
};
// 2 log(1 + e) with e = exp(z / 2), and its derivative e / (1 + e), extended by e − 1
struct Softplus {
    template <class T>
    T operator()(const T& z) const {
        using std::exp;
        using std::log;
        return T(2) * log(T(1) + exp(T(0.5) * z));
    }
};
struct ExtendedFraction {
    template <class T>
    T operator()(const T& z) const {
        using std::exp;
        return (exp(z) - exp(T(0.5) * z)) / (exp(z) - T(1));
    }
};
template <class T>
using SineSquared = Curve<T, Square, DoubleAngle>;
template <class T>
using WrongSineSquared = Curve<T, Square, LostCosine>;
template <class T>
using HalvedExponential = Curve<T, Softplus, ExtendedFraction>;

struct AddInfinity {
    template <class T>
    T operator()(const T& z) const {
        return z + T(std::numeric_limits<double>::infinity());
    }
};
struct One {
    template <class T>
    T operator()(const T&) const {
        return T(1);
    }
};
template <class T>
using PlusInfinity = Curve<T, AddInfinity, One>;

// A gradient of another shape than its variable
template <class T>
struct WrongShape : Tanh<T> {
    Tensor<T> backward(const Tensor<T>& dy) { return reshaped(dy, {dy.size()}); }
};

const TensorProof& tensor_of(const Proof& proof, std::string_view name) {
    for (const auto& tensor : proof.tensors)
        if (tensor.name == name)
            return tensor;
    throw NameError(fmt::format("the proof has no {}", name));
}

TEST_SUITE("symbolic_proof") {
    TEST_CASE("conv2d on the hint's shape") {
        CHECK(to_text(prove_hint<Conv2d>()) ==
              "conv2d, z (1, 1, 3, 3), weight (1, 1, 2, 2), bias (1): proven\n"
              "  dz 9 of 9, dweight 4 of 4, dbias 1 of 1\n"
              "  for all numbers\n");
    }

    TEST_CASE("swapped taps are refuted, entry by entry") {
        const auto proof = prove_hint<SwappedTaps>();
        CHECK(proof.verdict() == ProofVerdict::Refuted);
        CHECK(tensor_of(proof, "dz").proven == 9);
        CHECK(tensor_of(proof, "dbias").proven == 1);
        const auto& dweight = tensor_of(proof, "dweight");
        CHECK(dweight.proven == 2);
        REQUIRE(dweight.failing.size() == 2);
        const auto& first = dweight.failing[0];
        CHECK(first.entry == "dweight_01");
        CHECK(first.verdict == ProofVerdict::Refuted);
        CHECK(first.derivative == "dy_00·z_01 + dy_01·z_02 + dy_10·z_11 + dy_11·z_12");
        CHECK(first.claimed == "dy_00·z_10 + dy_01·z_11 + dy_10·z_20 + dy_11·z_21");
        CHECK(dweight.failing[1].entry == "dweight_10");
        CHECK(to_text(proof).find("  dweight_01 is refuted\n"
                                  "    derivative of forward: dy_00·z_01 + ") != std::string::npos);
    }

    TEST_CASE("curves") {
        CHECK(prove_row<Tanh>().verdict() == ProofVerdict::Proven);
        CHECK(prove_row<Sigmoid>().verdict() == ProofVerdict::Proven);
        CHECK(prove_row<Softmax>().verdict() == ProofVerdict::Proven);

        const auto square = prove_row<ForgottenSquare>();
        CHECK(square.verdict() == ProofVerdict::Refuted);
        REQUIRE(tensor_of(square, "dz").failing.size() == 3);
        CHECK(tensor_of(square, "dz").failing[0].claimed == "dy_0·(1 - tanh(z_0))");

        CHECK(prove_row<MissingFactor>().verdict() == ProofVerdict::Refuted);
        CHECK(prove_row<DiagonalOnly>().verdict() == ProofVerdict::Refuted);
    }

    TEST_CASE("what has no normal form is told by numbers") {
        // sin(2z) = 2 sin(z) cos(z), and exp(z) = exp(z / 2)², but no step of a proof says so
        for (const auto& proof : {prove_row<SineSquared>(), prove_row<HalvedExponential>()}) {
            CHECK(proof.verdict() == ProofVerdict::Unknown);
            const auto& dz = tensor_of(proof, "dz");
            REQUIRE(dz.failing.size() == 3);
            CHECK(dz.failing[0].tried == "it is 0 to 20 digits at 8 random points");
        }
        const auto wrong = prove_row<WrongSineSquared>();
        CHECK(wrong.verdict() == ProofVerdict::Refuted);
        CHECK(tensor_of(wrong, "dz").failing[0].tried.substr(0, 6) == "it is ");
        CHECK(tensor_of(wrong, "dz").failing[0].tried.find(" at dy_0 = ") != std::string::npos);
    }

    TEST_CASE("a region, and its border") {
        const auto proof = prove_row<ReLU>();
        CHECK(proof.verdict() == ProofVerdict::Proven);
        CHECK(proof.region == std::vector<std::string>{"z_0 > 0", "z_1 ≤ 0", "z_2 > 0"});
        CHECK(proof.region_latex[1] == "z_{1} \\le 0");

        const auto tied = prove_row<ReLU>({{1, 0, -1}});
        CHECK(tied.verdict() == ProofVerdict::Unknown);
        CHECK(tied.problem == "z_1 ≤ 0 was decided by two equal numbers, and a derivative needs "
                              "room on both sides; choose a z away from there");
    }

    TEST_CASE("all regions of a window") {
        const auto pool = symbolic_proofs(recipe<MaxPool2d>(MaxPool2dOptions{}), {1, 1, 2, 2});
        CHECK(pool.complete);
        CHECK(pool.proofs.size() == 8);
        CHECK(pool.verdict() == ProofVerdict::Proven);

        // Two windows with two entries in common: not every combination of answers is possible
        const MaxPool2dOptions overlapping{.kernel = {2, 2}, .stride = {1, 1}};
        const auto pools = symbolic_proofs(recipe<MaxPool2d>(overlapping), {1, 1, 2, 3}, 64);
        std::set<std::vector<std::string>> regions;
        Tensor<double> order = tensor({1, 1, 2, 3}, {1., 2., 3., 4., 5., 6.});
        do
            regions.insert(symbolic_proof(recipe<MaxPool2d>(overlapping), order).region);
        while (std::next_permutation(order.begin(), order.end()));
        CHECK(pools.proofs.size() == regions.size());
        CHECK(pools.complete);
        CHECK(pools.verdict() == ProofVerdict::Proven);

        // One region of eight says so
        const auto one = symbolic_proofs(recipe<ReLU>(), {1, 3}, 1);
        CHECK(one.proofs.size() == 1);
        CHECK_FALSE(one.complete);
    }

    TEST_CASE("a backward that is right in some regions only") {
        const auto proofs = symbolic_proofs(recipe<GateOfDy>(), {1, 1});
        CHECK(proofs.verdict() == ProofVerdict::Refuted);
        CHECK(proofs.proofs.size() == 2);
        CHECK(std::count_if(proofs.proofs.begin(), proofs.proofs.end(), [](const Proof& proof) {
                  return proof.verdict() == ProofVerdict::Proven;
              }) == 1);
    }

    TEST_CASE("a number that is not finite is a problem") {
        const auto proof = prove_row<PlusInfinity>();
        CHECK(proof.verdict() == ProofVerdict::Unknown);
        CHECK(proof.problem ==
              "a formula is made of a number that is not finite, or its value at z is not");
        CHECK(prove_row<HalvedExponential>({{3000, 1, 2}}).problem == proof.problem);
    }

    TEST_CASE("a gradient of another shape is a problem") {
        CHECK(prove_row<WrongShape>().problem == "dz is (3), it must be (1, 3), the shape of z");
    }
}

} // namespace
} // namespace handgrad::testing::of_symbolic_proof
