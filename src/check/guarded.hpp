#pragma once

/// @file
/// A layer that nobody has reason to trust, made safe to examine.

#include "../oracles/any_layer.hpp"

#include <map>

namespace handgrad {

/// A layer that throws where it would give something that cannot be compared: nothing, another
/// shape than for the same shape of z before, or other parameters than before.
///
/// What the layer throws stays what it is; what is no `std::exception` becomes one. The processor's
/// direction of rounding is put back where the layer changes it, which is an error too.
class GuardedLayer final : public AnyLayer<double> {
public:
    /// @param layer what is guarded; must outlive it
    explicit GuardedLayer(AnyLayer<double>& layer) : layer_(layer) {}

    /// @throws ShapeError where y is empty, or has another shape than it had for such a z
    Tensor<double> forward(const Tensor<double>& z) override;

    /// @throws ShapeError where dz or a gradient has another shape than it had for such a z
    Tensor<double> backward(const Tensor<double>& dy) override;

    /// @throws ShapeError where they are not as many, or not of the shapes, that they first were
    /// @throws NameError where they are not called what they first were
    std::vector<Parameter<double>> parameters() override;

    std::string name() const override { return layer_.name(); }
    std::optional<Window> window() const override { return layer_.window(); }
    Arithmetic arithmetic() const override { return layer_.arithmetic(); }

private:
    AnyLayer<double>& layer_;
    Shape shape_of_z_; // of the last forward
    std::map<Shape, Shape> shape_of_y_;
    std::map<std::pair<Shape, std::string>, Shape> shape_of_gradient_; // for a z, by name
    std::optional<std::vector<std::pair<std::string, Shape>>> known_;  // the parameters

    void expect_same_gradient(const std::string& name, const Tensor<double>& gradient);
};

} // namespace handgrad
