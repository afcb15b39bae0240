#include "in_float32.hpp"

namespace handgrad {

namespace {

double to_double(float number) {
    return number;
}

Bounded<double> to_double(const Bounded<float>& number) {
    return {number.value, number.bound};
}

float to_float(double number) {
    return static_cast<float>(number);
}

// What rounding to float takes away is an error like any other
Bounded<float> to_float(const Bounded<double>& number) {
    const auto rounded = static_cast<float>(number.value);
    return {rounded, number.bound + std::abs(number.value - static_cast<double>(rounded))};
}

template <class To, class From, class Convert>
Tensor<To> converted(const Tensor<From>& tensor, Convert convert) {
    auto result = zeros<To>(shape_of(tensor));
    std::transform(tensor.begin(), tensor.end(), result.begin(), convert);
    return result;
}

// A layer over `Narrow` as one over `Wide`, which holds copies of its parameters
template <class Wide, class Narrow>
class Widened final : public AnyLayer<Wide> {
public:
    explicit Widened(std::unique_ptr<AnyLayer<Narrow>> layer) : layer_(std::move(layer)) {
        for (const auto& parameter : layer_->parameters())
            copies_.push_back({parameter.name, widen(parameter.value), widen(parameter.gradient)});
    }

    Tensor<Wide> forward(const Tensor<Wide>& z) override {
        return run(z, [this](const Tensor<Narrow>& z) { return layer_->forward(z); });
    }
    Tensor<Wide> backward(const Tensor<Wide>& dy) override {
        return run(dy, [this](const Tensor<Narrow>& dy) { return layer_->backward(dy); });
    }
    std::vector<Parameter<Wide>> parameters() override {
        std::vector<Parameter<Wide>> parameters;
        for (auto& copy : copies_)
            parameters.push_back({copy.name, copy.value, copy.gradient});
        return parameters;
    }
    std::string name() const override { return layer_->name(); }
    std::optional<Window> window() const override { return layer_->window(); }
    Arithmetic arithmetic() const override { return Arithmetic::float32(); }

private:
    struct Copy {
        std::string name;
        Tensor<Wide> value, gradient;
    };

    std::unique_ptr<AnyLayer<Narrow>> layer_;
    std::vector<Copy> copies_;

    static Tensor<Wide> widen(const Tensor<Narrow>& tensor) {
        return converted<Wide>(tensor, [](const Narrow& entry) { return to_double(entry); });
    }
    static Tensor<Narrow> narrow(const Tensor<Wide>& tensor) {
        return converted<Narrow>(tensor, [](const Wide& entry) { return to_float(entry); });
    }

    // Hands the parameters in, runs, and takes out what the layer made of them and of its argument
    template <class Pass>
    Tensor<Wide> run(const Tensor<Wide>& argument, Pass pass) {
        const auto own = layer_->parameters();
        for (auto place : range(own.size())) {
            own[place].value = narrow(copies_[place].value);
            own[place].gradient = narrow(copies_[place].gradient);
        }
        const auto given = narrow(argument);
        const auto before = given;
        const auto result = pass(given);
        // A changed argument shall be seen to have changed
        for (auto position : range(given.size()))
            if (value_of(given.flat(position)) != value_of(before.flat(position)))
                const_cast<Tensor<Wide>&>(argument).flat(position) =
                    to_double(given.flat(position));
        for (auto place : range(own.size())) {
            copies_[place].value = widen(own[place].value);
            copies_[place].gradient = widen(own[place].gradient);
        }
        return widen(result);
    }
};

} // namespace

std::unique_ptr<AnyLayer<double>> widened(std::unique_ptr<AnyLayer<float>> layer) {
    return std::make_unique<Widened<double, float>>(std::move(layer));
}

std::unique_ptr<AnyLayer<Bounded<double>>>
widened(std::unique_ptr<AnyLayer<Bounded<float>>> layer) {
    return std::make_unique<Widened<Bounded<double>, Bounded<float>>>(std::move(layer));
}

} // namespace handgrad
