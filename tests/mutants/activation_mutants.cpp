#include "layers/relu.hpp"
#include "layers/sigmoid.hpp"
#include "layers/softmax.hpp"
#include "layers/tanh.hpp"
#include "spoiled.hpp"

#include <set>

namespace handgrad::mutants {

namespace of_activation {

// What the wrong activations share
template <template <class> class Right, class T>
class Activation : public Spoiled<Right<T>, T> {
public:
    using Spoiled<Right<T>, T>::Spoiled;

protected:
    using Spoiled<Right<T>, T>::y;
    using Spoiled<Right<T>, T>::z;

    // dz = dy times a derivative made of z and y, entry by entry
    template <class Derivative>
    Tensor<T> times(const Tensor<T>& dy, Derivative derivative) const {
        auto dz = dy;
        for (auto position : range(dz.size()))
            dz.flat(position) *= derivative(z.flat(position), y.flat(position));
        return dz;
    }
};

template <class T>
class TanhMutant : public Activation<Tanh, T> {
public:
    using Activation<Tanh, T>::Activation;

    Tensor<T> backward(const Tensor<T>& dy) {
        const auto dz = Spoiled<Tanh<T>, T>::backward(dy);
        const T one(1);
        if (this->is("derivative left out"))
            return dy;
        if (this->is("1 − z²"))
            return this->times(dy, [=](const T& z, const T&) { return one - z * z; });
        if (this->is("tanh applied twice"))
            return this->times(dy, [=](const T&, const T& y) {
                using std::tanh;
                const T again = tanh(y);
                return one - again * again;
            });
        if (this->is("1 − y"))
            return this->times(dy, [=](const T&, const T& y) { return one - y; });
        if (this->is("1 + y²"))
            return this->times(dy, [=](const T&, const T& y) { return one + y * y; });
        if (this->is("y²"))
            return this->times(dy, [=](const T&, const T& y) { return y * y; });
        if (this->is("y (1 − y)"))
            return this->times(dy, [=](const T&, const T& y) { return y * (one - y); });
        if (this->is("y² − 1"))
            return this->times(dy, [=](const T&, const T& y) { return y * y - one; });
        if (this->is("(1 − y²)²"))
            return this->times(dy,
                               [=](const T&, const T& y) { return (one - y * y) * (one - y * y); });
        if (this->is("1 − y⁴"))
            return this->times(dy, [=](const T&, const T& y) { return one - y * y * y * y; });
        if (this->is("dz = y"))
            return this->times(dy, [=](const T&, const T& y) { return y; });
        return this->expect_known(dz);
    }
};

template <class T>
class SigmoidMutant : public Activation<Sigmoid, T> {
public:
    using Activation<Sigmoid, T>::Activation;

    Tensor<T> backward(const Tensor<T>& dy) {
        const auto dz = Spoiled<Sigmoid<T>, T>::backward(dy);
        const T one(1);
        if (this->is("derivative left out"))
            return dy;
        if (this->is("z (1 − z)"))
            return this->times(dy, [=](const T& z, const T&) { return z * (one - z); });
        if (this->is("sigmoid applied twice"))
            return this->times(dy, [=](const T&, const T& y) {
                using std::exp;
                const T again = one / (one + exp(-y));
                return again * (one - again);
            });
        if (this->is("y"))
            return this->times(dy, [=](const T&, const T& y) { return y; });
        if (this->is("1 − y"))
            return this->times(dy, [=](const T&, const T& y) { return one - y; });
        if (this->is("1 − y²"))
            return this->times(dy, [=](const T&, const T& y) { return one - y * y; });
        if (this->is("y (1 + y)"))
            return this->times(dy, [=](const T&, const T& y) { return y * (one + y); });
        if (this->is("y (y − 1)"))
            return this->times(dy, [=](const T&, const T& y) { return y * (y - one); });
        if (this->is("y² (1 − y)"))
            return this->times(dy, [=](const T&, const T& y) { return y * y * (one - y); });
        if (this->is("exp(−z)"))
            return this->times(dy, [=](const T& z, const T&) {
                using std::exp;
                return T(exp(-z));
            });
        return this->expect_known(dz);
    }
};

template <class T>
class ReLUMutant : public Activation<ReLU, T> {
public:
    using Activation<ReLU, T>::Activation;

    Tensor<T> backward(const Tensor<T>& dy) {
        const auto dz = Spoiled<ReLU<T>, T>::backward(dy);
        const auto gate = [&](double negative, double at_zero, double positive) {
            return this->times(dy, [=](const T& z, const T&) {
                return T(value_of(z) < 0 ? negative : value_of(z) > 0 ? positive : at_zero);
            });
        };
        if (this->is("derivative left out"))
            return dy;
        if (this->is("gate the wrong way round"))
            return gate(1, 0, 0);
        if (this->is("negative side leaks"))
            return gate(0.01, 0, 1);
        if (this->is("gated by dy"))
            return elementwise(dy, [](const T& dy) { return value_of(dy) > 0 ? dy : T(0); });
        if (this->is("gated by dy and z"))
            return this->times(
                elementwise(dy, [](const T& dy) { return value_of(dy) > 0 ? dy : T(0); }),
                [](const T& z, const T&) { return T(value_of(z) > 0 ? 1 : 0); });
        if (this->is("y for the derivative"))
            return this->times(dy, [](const T&, const T& y) { return y; });
        if (this->is("gate at 1"))
            return this->times(dy, [](const T& z, const T&) { return T(value_of(z) > 1 ? 1 : 0); });
        if (this->is("gate is the sign of z"))
            return gate(-1, 0, 1);
        if (this->is("gate by |z| > 1/2"))
            return this->times(
                dy, [](const T& z, const T&) { return T(std::abs(value_of(z)) > 0.5 ? 1 : 0); });
        if (this->is("at 0 the slope is −1/2"))
            return gate(0, -0.5, 1);
        if (this->is("at 0 the slope is 3/2"))
            return gate(0, 1.5, 1);
        if (this->is("at 0 the slope is not a number"))
            return gate(0, std::numeric_limits<double>::quiet_NaN(), 1);
        if (this->is("right: at 0 the slope is 1"))
            return gate(0, 1, 1);
        if (this->is("right: at 0 the slope is 1/2"))
            return gate(0, 0.5, 1);
        return this->expect_known(dz);
    }
};

template <class T>
class SoftmaxMutant : public Activation<Softmax, T> {
public:
    using Activation<Softmax, T>::Activation;

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Spoiled<Softmax<T>, T>::backward(dy);
        const auto& y = this->y;
        const auto K = y.shape(y.dimension() - 1);
        // dz from y, dy and the sum of the row's dy, each with some weight
        const auto with_sum = [&](auto weight, auto entry) {
            auto result = dz;
            for (auto row : range(y.size() / K)) {
                T sum = T(0);
                for (auto b : range(K))
                    sum += dy.flat(row * K + b) * weight(row * K + b);
                for (auto a : range(K))
                    result.flat(row * K + a) =
                        entry(dy.flat(row * K + a), y.flat(row * K + a), sum);
            }
            return result;
        };
        const auto by_y = [&](std::size_t position) { return y.flat(position); };
        const auto by_one = [](std::size_t) { return T(1); };

        if (this->is("derivative left out"))
            return dy;
        if (this->is("only the diagonal"))
            return this->times(dy, [](const T&, const T& y) { return y * (T(1) - y); });
        if (this->is("the sum left out"))
            return this->times(dy, [](const T&, const T& y) { return y; });
        if (this->is("the sum outside"))
            return with_sum(by_y,
                            [](const T& dy, const T& y, const T& sum) { return y * dy - sum; });
        if (this->is("the sum not weighted"))
            return with_sum(by_one,
                            [](const T& dy, const T& y, const T& sum) { return y * (dy - sum); });
        if (this->is("the sum added"))
            return with_sum(by_y,
                            [](const T& dy, const T& y, const T& sum) { return y * (dy + sum); });
        if (this->is("the sum's mean"))
            return with_sum(
                by_y, [K](const T& dy, const T& y, const T& sum) { return y * (dy - sum / T(K)); });
        if (this->is("the leading y left out"))
            return with_sum(by_y, [](const T& dy, const T&, const T& sum) { return dy - sum; });
        if (this->is("y − dy, as with cross-entropy"))
            return elementwise(y, dy, [](const T& y, const T& dy) { return y - dy; });
        if (this->is("the sum over the whole batch")) {
            T sum = T(0);
            for (auto position : range(y.size()))
                sum += dy.flat(position) * y.flat(position);
            for (auto position : range(y.size()))
                dz.flat(position) = y.flat(position) * (dy.flat(position) - sum);
            return dz;
        }
        return this->expect_known(dz);
    }
};

template <template <class> class Wrong>
std::vector<Mutant> in_any_shape(std::uint64_t seed, const std::vector<Row>& own,
                                 const std::set<std::string>& without = {}) {
    Draw draw(seed);
    std::vector<Mutant> all;
    const auto z = readable_probe({3, 4}, draw);
    const auto add = [&](const Row& row) {
        if (!without.count(row.name))
            all.push_back(mutant<Wrong>("3 × 4", row, z));
    };
    add({"right"});
    for (const auto& row : rows_of_any_layer())
        add(row);
    for (const auto& row : rows_of_any_memory("dz"))
        add(row);
    for (const auto& row : own)
        add(row);
    add({"dy added", "dz", "upstream added"});
    return all;
}

} // namespace of_activation

using namespace of_activation;

std::vector<Mutant> tanh_mutants() {
    auto all = in_any_shape<TanhMutant>(
        4, {
               {"derivative left out", "dz", "derivative left out"},
               {"1 − z²", "dz", "1 − z² for 1 − y²"},
               {"tanh applied twice", "dz", "the derivative at y instead of z"},
               {"1 − y", "dz", "1 − y for 1 − y²"},
               {"1 + y²", "dz", "1 + y² for 1 − y²"},
               {"y²", "dz", "y² for 1 − y²"},
               {"y (1 − y)", "dz", "the derivative of sigmoid"},
               {"y² − 1", "dz", "wrong sign"},
               {"(1 − y²)²", "dz", "derivative squared"},
               {"1 − y⁴", "dz"},
               {"dz = y", "dz", "y for the derivative"},
           });
    // One entry of a thousand
    Draw draw(40);
    const auto large = readable_probe({1, 1000}, draw);
    for (const auto& row : std::vector<Row>{{"right"}, {"one entry wrong", "dz"}})
        all.push_back(mutant<TanhMutant>("1000 entries", row, large));
    return all;
}

std::vector<Mutant> sigmoid_mutants() {
    return in_any_shape<SigmoidMutant>(5,
                                       {
                                           {"derivative left out", "dz", "derivative left out"},
                                           {"z (1 − z)", "dz", "z (1 − z) for y (1 − y)"},
                                           {"sigmoid applied twice", "dz", "sigmoid applied twice"},
                                           {"y", "dz", "y for the derivative"},
                                           {"1 − y", "dz", "1 − y for y (1 − y)"},
                                           {"1 − y²", "dz", "the derivative of tanh"},
                                           {"y (1 + y)", "dz", "y (1 + y) for y (1 − y)"},
                                           {"y (y − 1)", "dz", "wrong sign"},
                                           {"y² (1 − y)", "dz", "multiplied by y once more"},
                                           {"exp(−z)", "dz"},
                                       });
}

std::vector<Mutant> relu_mutants() {
    auto all = in_any_shape<ReLUMutant>(
        8,
        {
            {"derivative left out", "dz", "derivative left out"},
            {"gate the wrong way round", "dz", "gate the wrong way round"},
            {"negative side leaks", "dz", "negative side leaks"},
            {"gated by dy", "dz", "gated by dy instead of z"},
            // With a ReLU this is the same as dropping negative dy
            {"gated by dy and z", "dz", "gated by both dy and z", "linear in dy"},
            {"y for the derivative", "dz", "y for the derivative"},
            {"gate at 1", "dz", "gate in the wrong place"},
            {"gate is the sign of z", "dz", "sign of z for the gate"},
            {"gate by |z| > 1/2", "dz", "gate in the wrong place"},
        },
        {"negative dy dropped"});
    // Zeros among the others
    Draw draw(60);
    const auto zeros_among = elementwise(readable_probe({2, 5}, draw),
                                         [](double z) { return std::abs(z) < 0.7 ? 0.0 : z; });
    for (const auto& row : std::vector<Row>{
             {"right"},
             {"right: at 0 the slope is 1"},
             {"right: at 0 the slope is 1/2"},
             {"at 0 the slope is −1/2", "dz", "", "subgradient at kinks"},
             {"at 0 the slope is 3/2", "dz", "", "subgradient at kinks"},
             {"at 0 the slope is not a number", "dz", "not a number", "subgradient at kinks"},
         })
        all.push_back(mutant<ReLUMutant>("zeros", row, zeros_among));
    return all;
}

std::vector<Mutant> softmax_mutants() {
    return in_any_shape<SoftmaxMutant>(
        7,
        {
            {"derivative left out", "dz", "derivative left out"},
            {"only the diagonal", "dz", "only the diagonal of the Jacobian"},
            {"the sum left out", "dz", "y for the derivative"},
            {"one output with the wrong sign", "dz", "an output with another factor"},
            {"the sum outside", "dz", "mean subtracted outside"},
            {"the sum not weighted", "dz", "sum not weighted by y"},
            {"the sum added", "dz", "sum added"},
            {"the sum's mean", "dz", "sum divided by K"},
            {"the leading y left out", "dz", "leading y left out"},
            {"y − dy, as with cross-entropy", "dz", "y − dy"},
            {"the sum over the whole batch", "dz", "sum over the whole batch"},
        },
        // The entries of y add up to 1, so that a dy of ones gives 0 up to rounding
        {"dy ignored"});
}

} // namespace handgrad::mutants
