#pragma once

/// @file
/// The site's network for speed: the sums of this project's layers, in their order, without their
/// checks and without memory that is asked for anew at every batch.
///
/// Every sum is taken over the same terms from first to last as in `Linear`, `Tanh` and the others,
/// so that the bits are the same; only which sums are computed side by side differs.

#include "../scalars/abreast.hpp"
#include "network.hpp"

namespace handgrad::playground {

namespace detail {

/// A few sums at once, so that what they share is loaded once: 4 × 2 of them and their terms fit
/// into the registers.
inline constexpr std::size_t rows_at_once = 4, columns_at_once = 2;

/// c(i, j) = start(i, j) + a(i, 0) b(j, 0) + a(i, 1) b(j, 1) + …, for `rows` × `columns` of them.
///
/// @param terms how many products are added
/// @param a, b a(i, t) and b(j, t), called with i or j and t
/// @param start, put start(i, j) is called first, put(i, j, c) last
template <std::size_t rows, std::size_t columns, class T, class A, class B, class Start, class Put>
inline void sum_block(std::size_t terms, A a, B b, Start start, Put put) {
    T c[rows][columns];
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            c[i][j] = start(i, j);
    for (std::size_t t = 0; t < terms; ++t)
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j)
                c[i][j] += a(i, t) * b(j, t);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            put(i, j, c[i][j]);
}

/// The same for any number of rows and columns, block by block.
template <class T, class A, class B, class Start, class Put>
inline void sums(std::size_t rows, std::size_t columns, std::size_t terms, A a, B b, Start start,
                 Put put) {
    const auto block = [&]<std::size_t block_rows, std::size_t block_columns>(std::size_t i,
                                                                              std::size_t j) {
        sum_block<block_rows, block_columns, T>(
            terms, [=](std::size_t r, std::size_t t) { return a(i + r, t); },
            [=](std::size_t c, std::size_t t) { return b(j + c, t); },
            [=](std::size_t r, std::size_t c) { return start(i + r, j + c); },
            [=](std::size_t r, std::size_t c, const T& sum) { put(i + r, j + c, sum); });
    };
    std::size_t i = 0;
    for (; i + rows_at_once <= rows; i += rows_at_once) {
        std::size_t j = 0;
        for (; j + columns_at_once <= columns; j += columns_at_once)
            block.template operator()<rows_at_once, columns_at_once>(i, j);
        for (; j < columns; ++j)
            block.template operator()<rows_at_once, 1>(i, j);
    }
    for (; i < rows; ++i) {
        std::size_t j = 0;
        for (; j + rows_at_once <= columns; j += rows_at_once)
            block.template operator()<1, rows_at_once>(i, j);
        for (; j < columns; ++j)
            block.template operator()<1, 1>(i, j);
    }
}

} // namespace detail

/// A linear layer and the activation behind it, as in layers/linear.hpp and its neighbours.
template <class T>
class FlatStage {
public:
    /// @param linear the first weights and biases
    FlatStage(const Linear<T>& linear, Activation activation)
        : weight(linear.weight), bias(linear.bias), dweight(linear.dweight), dbias(linear.dbias),
          activation_(activation) {}

    Tensor<T> weight;  ///< (d_out, d_in)
    Tensor<T> bias;    ///< (d_out)
    Tensor<T> dweight; ///< dL/dweight, set by `backward`
    Tensor<T> dbias;   ///< dL/dbias, set by `backward`

    /// @param input z, N times d_in numbers
    /// @return y, N times d_out numbers
    const T* forward(const T* input, std::size_t N) {
        z = input;
        samples = N;
        y.resize(N * d_out());
        // y(i, j) = bias(j) + … + weight(j, k) * z(i, k) + …
        const T *w = weight.data(), *b = bias.data();
        T* out = y.data();
        const std::size_t outputs = d_out(), inputs = d_in();
        detail::sums<T>(
            outputs, N, inputs, [=](std::size_t j, std::size_t k) { return w[j * inputs + k]; },
            [=](std::size_t i, std::size_t k) { return input[i * inputs + k]; },
            [=](std::size_t j, std::size_t) { return b[j]; },
            [=](std::size_t j, std::size_t i, const T& sum) { out[i * outputs + j] = sum; });
        activate();
        return y.data();
    }

    /// @param dy dL/dy, N times d_out numbers, which become those before the activation
    /// @param wants_dz false for the first layer, whose dz nobody needs
    /// @return dL/dz, N times d_in numbers
    T* backward(T* dy, bool wants_dz) {
        differentiate_activation(dy);
        const std::size_t outputs = d_out(), inputs = d_in();
        const T *w = weight.data(), *in = z;

        T* db = dbias.data();
        for (auto j : range(outputs)) {
            T sum(0);
            for (auto i : range(samples))
                sum += dy[i * outputs + j];
            db[j] = sum;
        }

        // dweight(j, k) = … + dy(i, j) * z(i, k) + …
        T* dw = dweight.data();
        detail::sums<T>(
            outputs, inputs, samples,
            [=](std::size_t j, std::size_t i) { return dy[i * outputs + j]; },
            [=](std::size_t k, std::size_t i) { return in[i * inputs + k]; },
            [](std::size_t, std::size_t) { return T(0); },
            [=](std::size_t j, std::size_t k, const T& sum) { dw[j * inputs + k] = sum; });
        if (!wants_dz)
            return nullptr;

        // dz(i, k) = … + dy(i, j) * weight(j, k) + …
        dz.resize(samples * inputs);
        T* out = dz.data();
        detail::sums<T>(
            inputs, samples, outputs,
            [=](std::size_t k, std::size_t j) { return w[j * inputs + k]; },
            [=](std::size_t i, std::size_t j) { return dy[i * outputs + j]; },
            [](std::size_t, std::size_t) { return T(0); },
            [=](std::size_t k, std::size_t i, const T& sum) { out[i * inputs + k] = sum; });
        return dz.data();
    }

private:
    Activation activation_;
    const T* z = nullptr;    // remembered by forward
    std::size_t samples = 0; // N, of the last forward
    std::vector<T> y, dz;

    std::size_t d_out() const { return weight.shape(0); }
    std::size_t d_in() const { return weight.shape(1); }

    void activate() {
        switch (activation_) {
        case Activation::relu:
            for (T& y : y)
                y = select(y <= T(0), T(0), y);
            return;
        case Activation::tanh:
            return replace([](const auto& z) { return tanh(z); });
        case Activation::sigmoid:
            return replace([]<class V>(const V& z) { return V(1) / (V(1) + exp(-z)); });
        case Activation::linear:
            return;
        }
    }

    // Puts function(y) in the place of every y: registers of several lanes eight at once where
    // there are 32 of them, as with AVX-512, else four. Training with tanh is half again as fast as
    // with one after the other
    template <class Function>
    void replace(Function function) {
        T* const numbers = y.data();
        std::size_t place = 0;
        const auto in_groups = [&]<std::size_t count>() {
            for (; place + count <= y.size(); place += count)
                function(Abreast<T, count>::load(numbers + place)).store(numbers + place);
        };
        if constexpr (T::lanes > 1) {
            in_groups.template operator()<T::lanes == 8 ? 8 : 4>();
            in_groups.template operator()<2>();
        }
        for (; place < y.size(); ++place)
            numbers[place] = function(numbers[place]);
    }

    void differentiate_activation(T* dy) const {
        const std::size_t size = y.size();
        switch (activation_) {
        case Activation::relu:
            for (auto place : range(size))
                dy[place] = select(y[place] <= T(0), T(0), dy[place]);
            return;
        case Activation::tanh:
            for (auto place : range(size))
                dy[place] = dy[place] * (T(1) - y[place] * y[place]);
            return;
        case Activation::sigmoid:
            for (auto place : range(size))
                dy[place] = dy[place] * (y[place] * (T(1) - y[place]));
            return;
        case Activation::linear:
            return;
        }
    }
};

/// What `LayerNetwork` computes, bit by bit, on memory that stays.
template <class T>
class FlatNetwork {
public:
    /// Draws the first weights of every run.
    explicit FlatNetwork(Runs& runs) {
        auto d_in = runs.common().used_features().size();
        for (const auto& [d_out, activation] : stages(runs.common())) {
            stages_.emplace_back(make_linear<T>(d_in, d_out, runs), activation);
            d_in = d_out;
        }
    }

    /// Weight and bias of every layer, first layer first.
    std::vector<Parameter<T>> parameters() {
        std::vector<Parameter<T>> all;
        for (auto place : range(stages_.size())) {
            auto& stage = stages_[place];
            all.push_back({fmt::format("{}.weight", place), stage.weight, stage.dweight});
            all.push_back({fmt::format("{}.bias", place), stage.bias, stage.dbias});
        }
        return all;
    }

    /// @param z (N, number of inputs)
    /// @return y, (N, 1)
    Tensor<T> forward(const Tensor<T>& z) {
        const T* y = output(z);
        auto result = zeros<T>({z.shape(0), 1});
        std::copy(y, y + z.shape(0), result.begin());
        return result;
    }

    /// Sets the gradients of the sum of ½ (y − target)².
    void learn(const Samples<T>& samples) {
        const T *y = output(samples.z), *target = samples.target.data();
        dy_.resize(samples.size());
        for (auto i : range(samples.size()))
            dy_[i] = y[i] - target[i];
        T* dy = dy_.data();
        for (auto place = stages_.size(); place-- > 0;)
            dy = stages_[place].backward(dy, place > 0);
    }

private:
    std::vector<FlatStage<T>> stages_;
    std::vector<T> dy_;

    const T* output(const Tensor<T>& z) {
        const T* y = z.data();
        for (auto& stage : stages_)
            y = stage.forward(y, z.shape(0));
        return y;
    }
};

} // namespace handgrad::playground
