#pragma once

/// @file
/// Gradient descent as the site does it, with this project's backward passes.

#include "../losses/squared_error.hpp"
#include "network.hpp"

namespace handgrad::playground {

/// A network that learns the points of one configuration, epoch by epoch.
///
/// The bits of a run depend on the configuration alone.
template <class T = double>
class Trainer {
public:
    /// Draws the data and the first weights, as the seed of the configuration says.
    explicit Trainer(const Configuration& configuration)
        : Trainer(configuration, Random(configuration.seed)) {}

    /// The points that train and those that test.
    const Data& data() const { return data_; }

    /// Weights and biases of every layer, first layer first.
    const std::vector<Parameter<T>>& parameters() const { return parameters_; }

    /// Goes through the training points once, in order, and updates the weights after every
    /// `batch_size` of them.
    ///
    /// Points left over at the end have no update of their own: their gradients wait and count in
    /// the first batch of the next epoch. No weight changes in between, so they and that batch are
    /// one larger batch.
    void epoch() {
        for (auto position : range(batches_.size()))
            learn(position == 0 && epochs_ > 0 ? first_with_left_over_ : batches_[position]);
        ++epochs_;
    }

    /// How many epochs have been trained.
    std::size_t epochs() const { return epochs_; }

    /// The mean of ½ (y − label)² over the training points.
    T train_loss() { return mean_loss(train_); }

    /// The mean of ½ (y − label)² over the test points.
    T test_loss() { return mean_loss(test_); }

    /// What the network answers at `points`, label or not.
    /// @return (N, 1)
    Tensor<T> output(const std::vector<Point>& points) {
        return network_.forward(make_input<T>(configuration_, points));
    }

    /// How many weights L1 regularization has set to 0 for good.
    std::size_t dead_weights() const {
        std::size_t count = 0;
        for (const auto& dead : dead_)
            count += static_cast<std::size_t>(std::count(dead.begin(), dead.end(), true));
        return count;
    }

private:
    // Points as the network takes them: z (N, number of inputs) and target (N, 1)
    struct Samples {
        Tensor<T> z, target;
    };

    Configuration configuration_;
    Data data_;
    Sequential<T> network_;
    SquaredError<T> loss_;
    std::vector<Parameter<T>> parameters_;
    std::vector<std::vector<bool>> dead_; // one entry a weight, as in parameters_
    Samples train_, test_;
    std::vector<Samples> batches_;
    Samples first_with_left_over_;
    std::size_t epochs_ = 0;

    Trainer(const Configuration& configuration, Random random)
        : configuration_(configuration), data_(make_data(configuration, random)),
          network_(make_network<T>(configuration, random)), parameters_(network_.parameters()),
          train_(samples(data_.train)), test_(samples(data_.test)) {
        for (const auto& parameter : parameters_)
            dead_.emplace_back(parameter.value.size(), false);
        make_batches();
    }

    Samples samples(const std::vector<Point>& points) const {
        return {make_input<T>(configuration_, points), make_target<T>(points)};
    }

    void make_batches() {
        const auto size = static_cast<std::ptrdiff_t>(configuration_.batch_size);
        auto start = data_.train.begin();
        for (; data_.train.end() - start >= size; start += size)
            batches_.push_back(samples({start, start + size}));
        if (batches_.empty())
            return;

        std::vector<Point> points(start, data_.train.end());
        points.insert(points.end(), data_.train.begin(), data_.train.begin() + size);
        first_with_left_over_ = samples(points);
    }

    T mean_loss(const Samples& samples) {
        const T sum = loss_.forward(network_.forward(samples.z), samples.target);
        return sum / T(static_cast<double>(samples.target.size()));
    }

    void learn(const Samples& batch) {
        loss_.forward(network_.forward(batch.z), batch.target);
        network_.backward(loss_.backward());
        const T N = T(static_cast<double>(batch.target.size()));
        for (auto position : range(parameters_.size())) {
            auto& [name, value, gradient] = parameters_[position];
            if (value.dimension() == 1)
                update_bias(value, gradient, N);
            else
                update_weight(value, gradient, N, dead_[position]);
        }
    }

    // Step against the mean gradient; biases are not regularized
    void update_bias(Tensor<T>& bias, const Tensor<T>& dbias, T N) const {
        const T rate = T(configuration_.learning_rate);
        for (auto j : range(bias.size()))
            bias.flat(j) -= rate * dbias.flat(j) / N;
    }

    void update_weight(Tensor<T>& weight, const Tensor<T>& dweight, T N,
                       std::vector<bool>& dead) const {
        const T rate = T(configuration_.learning_rate);
        const T decay = rate * T(configuration_.regularization_rate);
        for (auto position : range(weight.size())) {
            if (dead[position])
                continue;
            T& w = weight.flat(position);
            // Step against the mean gradient
            const T stepped = w - rate / N * dweight.flat(position);
            // Then against the regularization, as it was before that step
            const T regularized = stepped - decay * regularization_slope(w);
            // L1 kills a weight that it would carry across 0
            const bool l1 = configuration_.regularization == Regularization::L1;
            dead[position] = l1 && stepped * regularized < 0;
            w = dead[position] ? T(0) : regularized;
        }
    }

    // The derivative of |w| or ½w²
    T regularization_slope(const T& w) const {
        switch (configuration_.regularization) {
        case Regularization::L1:
            return w < 0 ? T(-1) : (w > 0 ? T(1) : T(0));
        case Regularization::L2:
            return w;
        case Regularization::none:
            break;
        }
        return T(0);
    }
};

} // namespace handgrad::playground
