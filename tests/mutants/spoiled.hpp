#pragma once

/// @file
/// The mistakes that can be made in any layer.

#include "mutant.hpp"

namespace handgrad::mutants {

/// A right layer `Base` over `T`, spoiled by the mistake that its first argument names.
template <class Base, class T>
class Spoiled : public Base {
public:
    /// @param mistake a name from `rows_of_any_layer`, or "right"
    template <class... Arguments>
    explicit Spoiled(std::string mistake, Arguments... arguments)
        : Base(arguments...), mistake_(std::move(mistake)) {}

    Tensor<T> forward(const Tensor<T>& input) {
        auto y = Base::forward(input);
        ++forwards_;
        backwards_ = 0;
        previous_z = shape_of(z) == shape_of(input) ? z : input;
        if (shape_of(first_z) != shape_of(input))
            first_z = input;
        z = input;
        if (is("y changes from call to call"))
            y.flat(0) += T(1e-9 * static_cast<double>(forwards_));
        if (is("z changed by forward"))
            const_cast<Tensor<T>&>(input).flat(0) += T(1);
        this->y = y;
        return y;
    }

    Tensor<T> backward(const Tensor<T>& dy) {
        ++backwards_;

        // dy
        if (is("dy ignored"))
            return from_upstream(dy, [](const T&) { return T(1); });
        if (is("dy squared"))
            return from_upstream(dy, [](const T& dy) { return dy * dy; });
        if (is("negative dy dropped"))
            return from_upstream(dy, [](const T& dy) { return value_of(dy) < 0 ? T(0) : dy; });
        if (is("positive dy dropped"))
            return from_upstream(dy, [](const T& dy) { return value_of(dy) > 0 ? T(0) : dy; });
        if (is("dy without its sign"))
            return from_upstream(dy, [](const T& dy) { return value_of(dy) < 0 ? -dy : dy; });
        if (is("only the sign of dy"))
            return from_upstream(dy, [](const T& dy) { return T(value_of(dy) < 0 ? -1 : 1); });
        if (is("dy clipped to ±1"))
            return from_upstream(dy, [](const T& dy) {
                return value_of(dy) > 1 ? T(1) : value_of(dy) < -1 ? T(-1) : dy;
            });
        if (is("dy set to 0 in place")) {
            const auto dz = Base::backward(dy);
            std::fill(const_cast<Tensor<T>&>(dy).begin(), const_cast<Tensor<T>&>(dy).end(), T(0));
            return dz;
        }

        // The batch
        if (is("only the first sample"))
            return from_samples(dy, [](std::size_t i, std::size_t) { return i == 0; });
        if (is("the last sample overwrites"))
            return from_samples(dy, [](std::size_t i, std::size_t N) { return i == N - 1; });

        if (is("samples in another order")) {
            // Each sample gets the gradient of the next one
            const auto right = Base::backward(dy);
            auto turned = right;
            const auto sample = right.size() / right.shape(0);
            for (auto position : range(right.size()))
                turned.flat(position) = right.flat((position + sample) % right.size());
            return turned;
        }
        if (is("one output with the wrong sign"))
            return from_positions(dy, [&](std::size_t position, const T& dy) {
                return position == this->y.size() / 2 ? T(-dy) : dy;
            });
        if (is("dy added")) {
            const auto right = Base::backward(dy);
            return elementwise(right, dy, [](const T& dz, const T& dy) { return T(dz + dy); });
        }

        // What was there before
        if (is("the z of the first forward"))
            return at(first_z, dy);
        if (is("the z of the forward before"))
            return at(previous_z, dy);
        if (is("gradients accumulated")) {
            std::vector<Tensor<T>> before;
            for (const auto& parameter : parameters_of<T>(base()))
                before.push_back(parameter.gradient);
            const auto dz = Base::backward(dy);
            const auto parameters = parameters_of<T>(base());
            for (auto place : range(parameters.size()))
                for (auto position : range(before[place].size()))
                    parameters[place].gradient.flat(position) += before[place].flat(position);
            return dz;
        }
        if (is("dz accumulated")) {
            const auto dz = Base::backward(dy);
            if (shape_of(sum_of_dz_) != shape_of(dz))
                sum_of_dz_ = zeros<T>(shape_of(dz));
            for (auto position : range(dz.size()))
                sum_of_dz_.flat(position) += dz.flat(position);
            return sum_of_dz_;
        }
        if (is("an entry never assigned")) {
            const auto& gradient = parameters_of<T>(base()).front().gradient;
            const T before = gradient.flat(0);
            const auto dz = Base::backward(dy);
            parameters_of<T>(base()).front().gradient.flat(0) = before;
            return dz;
        }
        if (is("a parameter changed")) {
            const auto dz = Base::backward(dy);
            parameters_of<T>(base()).front().value.flat(0) += T(1);
            return dz;
        }

        // Single places, each by one part in a million
        auto dz = Base::backward(dy);
        const auto spoil = [&](std::size_t position) { dz.flat(position) *= T(1 + 1e-6); };
        // The entry at `position` or, while it is 0, the one before
        const auto spoil_near = [&](std::size_t position) {
            while (position > 0 && value_of(dz.flat(position)) == 0)
                --position;
            spoil(position);
        };
        if (is("one entry wrong"))
            spoil_near(dz.size() / 2);
        if (is("wrong in the second call"))
            if (backwards_ > 1)
                spoil_near(dz.size() - 1);
        if (is("wrong in a batch"))
            if (dz.shape(0) > 1)
                spoil_near(dz.size() - 1);
        if (is("wrong in the last row and column"))
            for (auto position : range(dz.size())) {
                const auto index = index_at(shape_of(dz), position);
                const auto rank = index.size();
                if (index[rank - 1] + 1 == dz.shape(rank - 1) ||
                    index[rank - 2] + 1 == dz.shape(rank - 2))
                    spoil(position);
            }
        if (is("last column of dz left at 0"))
            for (auto position : range(dz.size()))
                if ((position + 1) % dz.shape(dz.dimension() - 1) == 0)
                    dz.flat(position) = T(0);

        // Every gradient times one number
        const auto N = static_cast<double>(dz.shape(0));
        double factor = 1;
        if (is("wrong sign"))
            factor = -1;
        if (is("mean over the batch"))
            factor = 1 / N;
        if (is("multiplied by N"))
            factor = N;
        if (factor != 1) {
            const auto scale = [&](Tensor<T>& gradient) {
                for (auto& entry : gradient)
                    entry = entry * T(factor);
            };
            scale(dz);
            for (const auto& parameter : parameters_of<T>(base()))
                scale(parameter.gradient);
        }
        return dz;
    }

protected:
    Tensor<T> z, y;                ///< of the last forward
    Tensor<T> first_z, previous_z; ///< of the first forward, and of the one before the last

    /// Is this the mistake to make?
    bool is(std::string_view mistake) {
        known_ = known_ || mistake_ == mistake;
        return mistake_ == mistake;
    }

    /// dz, unless nobody made the mistake that was asked for.
    /// @throws NameError if no code asked `is` for it
    Tensor<T> expect_known(const Tensor<T>& dz) {
        if (!is("right") && !known_)
            throw NameError(fmt::format("there is no mutant \"{}\" of {}", mistake_, Base::name));
        return dz;
    }

private:
    std::string mistake_;
    bool known_ = false; // did any `is` ask for this mistake?
    std::size_t forwards_ = 0, backwards_ = 0;
    Tensor<T> sum_of_dz_;

    Base& base() { return *this; }

    // The right backward of another dy
    template <class Change>
    Tensor<T> from_upstream(const Tensor<T>& dy, Change change) {
        return Base::backward(elementwise(dy, change));
    }

    // The right backward of the samples that `keep` keeps
    template <class Keep>
    Tensor<T> from_samples(const Tensor<T>& dy, Keep keep) {
        const auto N = dy.shape(0), sample = dy.size() / N;
        return from_positions(dy, [&](std::size_t position, const T& dy) {
            return keep(position / sample, N) ? dy : T(0);
        });
    }

    // The right backward of another dy, entry by entry
    template <class Change>
    Tensor<T> from_positions(const Tensor<T>& dy, Change change) {
        auto changed = dy;
        for (auto position : range(dy.size()))
            changed.flat(position) = change(position, dy.flat(position));
        return Base::backward(changed);
    }

    // The right backward at another z
    Tensor<T> at(const Tensor<T>& other, const Tensor<T>& dy) {
        Base::forward(other);
        const auto dz = Base::backward(dy);
        Base::forward(z);
        return dz;
    }
};

/// Mistakes of any layer whose z has several samples.
inline std::vector<Row> rows_of_any_layer() {
    return {
        {"dy ignored", "dz", "upstream ignored", "linear in dy"},
        {"dy squared", "dz", "upstream squared", "linear in dy"},
        {"negative dy dropped", "dz", "upstream clamped at 0", "linear in dy"},
        {"positive dy dropped", "dz", "positive upstream dropped", "linear in dy"},
        {"dy without its sign", "dz", "upstream without its sign", "linear in dy"},
        {"only the sign of dy", "dz", "only the sign of the upstream", "linear in dy"},
        {"dy clipped to ±1", "dz", "upstream clipped to ±1", "linear in dy"},
        {"dy set to 0 in place", "", "", "argument unchanged"},
        {"z changed by forward", "", "", "argument unchanged"},
        {"y changes from call to call", "", "", "same answer twice"},
        {"wrong in the second call", "", "", "same answer twice"},
        {"dz accumulated", "", "", "same answer twice"},
        {"only the first sample", "dz", "only the first sample", ""},
        {"the last sample overwrites", "dz", "only the last sample", ""},
        {"samples in another order", "dz", "samples in another order", "a batch is its samples"},
        {"wrong in a batch", "dz", "", "a batch is its samples"},
        {"wrong in the last row and column", "dz", "a factor of 1.000001 in some entries", ""},
        {"last column of dz left at 0", "dz", "last column left at 0", ""},
        {"one entry wrong", "dz", "", ""},
        {"wrong sign", "dz", "wrong sign", ""},
        {"mean over the batch", "dz", "mean over the batch", "a batch is its samples"},
        {"multiplied by N", "dz", "multiplied by N", "a batch is its samples"},
    };
}

/// Mistakes of any layer whose gradients depend on z.
inline std::vector<Row> rows_of_any_memory(const std::string& tensor) {
    return {
        {"the z of the first forward", tensor, "the z of an earlier forward", ""},
        {"the z of the forward before", tensor, "the z of an earlier forward", "no stale memory"},
    };
}

/// Mistakes of any layer with parameters.
inline std::vector<Row> rows_of_any_parameters() {
    return {
        {"gradients accumulated", "dweight", "not assigned", "set, not accumulated"},
        {"an entry never assigned", "dweight", "not assigned", "set, not accumulated"},
        {"a parameter changed", "", "", "parameter unchanged"},
    };
}

} // namespace handgrad::mutants
