#pragma once

/// @file
/// Layers one after the other. Derivation: derivations/chain_rule.md.

#include "layer.hpp"

#include <memory>

namespace handgrad {

/// A chain of layers: the output of each is the input of the next.
///
/// Forward runs first to last, backward last to first. Parameters are named by the place of their
/// layer: "0.weight", "0.bias", "2.weight", …
template <class T>
class Sequential {
public:
    static constexpr std::string_view name = "sequential"; ///< as messages say it

    Sequential() = default;

    /// A chain of the given layers, first to last.
    template <class... Layers>
    requires(sizeof...(Layers) > 0 &&
             (Layer<Layers, T> && ...)) explicit Sequential(Layers... layers) {
        (append(std::move(layers)), ...);
    }

    /// Puts `layer` behind the last one.
    template <Layer<T> L>
    void append(L layer) {
        layers_.push_back(std::make_unique<Link<L>>(std::move(layer)));
    }

    /// How many layers there are.
    std::size_t size() const { return layers_.size(); }

    /// The parameters of all layers, first layer first.
    std::vector<Parameter<T>> parameters() {
        std::vector<Parameter<T>> all;
        for (auto position : range(layers_.size()))
            for (auto& [name, value, gradient] : layers_[position]->parameters())
                all.push_back({fmt::format("{}.{}", position, name), value, gradient});
        return all;
    }

    /// Computes y, and remembers what `backward` needs.
    /// @param z what the first layer takes
    /// @return y, what the last layer returns
    //! [forward]
    Tensor<T> forward(const Tensor<T>& z) {
        Tensor<T> y = z;
        for (auto layer = layers_.begin(); layer != layers_.end(); ++layer)
            y = (*layer)->forward(y);
        return y;
    }
    //! [forward]

    /// Computes dz, and lets every layer set the gradients of its parameters.
    /// @param dy dL/dy of the last layer's output
    /// @return dL/dz of the first layer's input
    //! [backward]
    Tensor<T> backward(const Tensor<T>& dy) {
        Tensor<T> dz = dy;
        for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer)
            dz = (*layer)->backward(dz);
        return dz;
    }
    //! [backward]

private:
    // Any layer behind one face
    struct AnyLayer {
        virtual ~AnyLayer() = default;
        virtual Tensor<T> forward(const Tensor<T>& z) = 0;
        virtual Tensor<T> backward(const Tensor<T>& dy) = 0;
        virtual std::vector<Parameter<T>> parameters() = 0;
    };

    template <class L>
    struct Link final : AnyLayer {
        explicit Link(L layer) : layer(std::move(layer)) {}
        Tensor<T> forward(const Tensor<T>& z) override { return layer.forward(z); }
        Tensor<T> backward(const Tensor<T>& dy) override { return layer.backward(dy); }
        std::vector<Parameter<T>> parameters() override { return parameters_of<T>(layer); }
        L layer;
    };

    std::vector<std::unique_ptr<AnyLayer>> layers_;
};

} // namespace handgrad
