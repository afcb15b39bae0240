#pragma once

/// @file
/// Gradient descent as the site does it, with this project's backward passes.

#include "flat_network.hpp"

namespace handgrad::playground {

/// Networks that learn the points of their configurations, epoch by epoch: one run a lane.
///
/// The bits of a run depend on its configuration alone, not on what runs in the other lanes, nor on
/// how many there are.
/// @tparam T `Lanes` of any register
/// @tparam Network what computes y and the gradients
template <class T = Lanes<double>, template <class> class Network = FlatNetwork>
class Trainer {
public:
    /// Draws the data and the first weights, as the seed of the configuration says.
    explicit Trainer(const Configuration& configuration)
        : Trainer(std::vector<Configuration>{configuration}) {}

    /// The same for one configuration a lane; where there are fewer, the last runs in all lanes
    /// that are left.
    /// @throws ValueError if there are none, more than lanes, or they have not one shape
    explicit Trainer(std::vector<Configuration> configurations)
        : runs_(std::move(configurations), T::lanes), network_(runs_),
          parameters_(network_.parameters()), rate_(runs_.each<T>(&Configuration::learning_rate)),
          decay_(rate_ * runs_.each<T>(&Configuration::regularization_rate)) {
        for (const auto& parameter : parameters_)
            dead_.emplace_back(parameter.value.size(), T(0));
        train_ = make_samples<T>(runs_, train_points(), 0, data().train.size());
        test_ = make_samples<T>(
            runs_, [&](std::size_t lane) -> auto& { return runs_.data[lane].test; }, 0,
            data().test.size());
        make_batches();
    }

    Trainer(const Trainer&) = delete; // parameters_ points into network_
    Trainer& operator=(const Trainer&) = delete;

    /// The points that train and those that test, of the run in `lane`.
    const Data& data(std::size_t lane = 0) const { return runs_.data[lane]; }

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

    /// What the networks answer at `points`, label or not.
    /// @return (N, 1)
    Tensor<T> output(const std::vector<Point>& points) {
        const auto samples = make_samples<T>(
            runs_, [&](std::size_t) -> auto& { return points; }, 0, points.size());
        return network_.forward(samples.z);
    }

    /// How many weights L1 regularization has set to 0 for good, in the run in `lane`.
    std::size_t dead_weights(std::size_t lane = 0) const {
        std::size_t count = 0;
        for (const auto& dead : dead_)
            for (const T& flag : dead)
                count += flag.lane(lane) != 0;
        return count;
    }

private:
    Runs runs_;
    Network<T> network_;
    std::vector<Parameter<T>> parameters_;
    T rate_, decay_;                   // of the gradient, and of the regularization
    std::vector<std::vector<T>> dead_; // 1 where a weight is dead, else 0; as in parameters_
    Samples<T> train_, test_;
    std::vector<Samples<T>> batches_;
    Samples<T> first_with_left_over_;
    std::size_t epochs_ = 0;

    auto train_points() const {
        return [this](std::size_t lane) -> auto& {
            return runs_.data[lane].train;
        };
    }

    void make_batches() {
        const std::size_t size = runs_.common().batch_size, all = data().train.size();
        std::size_t start = 0;
        for (; start + size <= all; start += size)
            batches_.push_back(make_samples<T>(runs_, train_points(), start, start + size));
        if (batches_.empty())
            return;

        std::vector<std::vector<Point>> points;
        for (const auto& data : runs_.data) {
            const auto& train = data.train;
            points.emplace_back(train.begin() + static_cast<std::ptrdiff_t>(start), train.end());
            points.back().insert(points.back().end(), train.begin(),
                                 train.begin() + static_cast<std::ptrdiff_t>(size));
        }
        first_with_left_over_ = make_samples<T>(
            runs_, [&](std::size_t lane) -> auto& { return points[lane]; }, 0, all - start + size);
    }

    T mean_loss(const Samples<T>& samples) {
        const T sum = SquaredError<T>().forward(network_.forward(samples.z), samples.target);
        return sum / T(samples.size());
    }

    void learn(const Samples<T>& batch) {
        network_.learn(batch);
        const T N(batch.size());
        for (auto position : range(parameters_.size())) {
            auto& [name, value, gradient] = parameters_[position];
            if (value.dimension() == 1)
                update_bias(value, gradient, N);
            else
                update_weight(value, gradient, N, dead_[position]);
        }
    }

    // Step against the mean gradient; biases are not regularized
    void update_bias(Tensor<T>& bias, const Tensor<T>& dbias, const T& N) const {
        T* b = bias.data();
        const T* db = dbias.data();
        for (auto j : range(bias.size()))
            b[j] -= rate_ * db[j] / N;
    }

    void update_weight(Tensor<T>& weight, const Tensor<T>& dweight, const T& N,
                       std::vector<T>& dead) const {
        const Regularization kind = runs_.common().regularization;
        const T step = rate_ / N, zero(0), one(1);
        T* weights = weight.data();
        const T* dw = dweight.data();
        for (auto position : range(weight.size())) {
            T& w = weights[position];
            // Step against the mean gradient
            const T stepped = w - step * dw[position];
            // Then against the regularization, as it was before that step
            const T regularized = stepped - decay_ * regularization_slope(kind, w);
            if (kind != Regularization::L1) {
                w = regularized;
                continue;
            }
            // L1 kills a weight that it would carry across 0
            dead[position] = select(stepped * regularized < zero, one, dead[position]);
            w = select(dead[position] == one, zero, regularized);
        }
    }

    // The derivative of |w| or ½w²
    static T regularization_slope(Regularization kind, const T& w) {
        switch (kind) {
        case Regularization::L1:
            return select(w < T(0), T(-1), select(w > T(0), T(1), T(0)));
        case Regularization::L2:
            return w;
        case Regularization::none:
            break;
        }
        return T(0);
    }
};

} // namespace handgrad::playground
