#pragma once

/// @file
/// Outputs without a derivative: a maximum that is tied, a ReLU at 0. A backward pass is right
/// there when it gives a subgradient: a mean, with weights that are not negative and add up to 1,
/// of the derivatives of the smooth pieces that meet. Source: Clarke, "Optimization and Nonsmooth
/// Analysis" (1983), section 2.1.

#include "../oracles/jacobian.hpp"
#include "contract.hpp"

namespace handgrad {

/// A gradient of ⟨y, dy⟩ by z and all parameters as one long vector.
using Flat = std::vector<double>;

/// A long vector of which only the entries that are not 0 are kept.
class FewEntries {
public:
    FewEntries() = default;
    /// The entries of `all` that are not 0.
    explicit FewEntries(const Flat& all);

    /// Adds an entry behind all others.
    void add(std::uint32_t index, double entry) { entries_.emplace_back(index, entry); }

    /// The entry at `index`; 0 where none is kept.
    double operator[](std::size_t index) const;

    /// @{ Pairs of an index and an entry, in ascending order.
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }
    std::size_t size() const { return entries_.size(); }
    /// @}

private:
    std::vector<std::pair<std::uint32_t, double>> entries_;
};

/// Which outputs stand on a kink: where the derivative to one side of a random direction is not the
/// derivative to the other.
/// @param structure, jacobian of the layer at `inputs`, as forward mode gives them
/// @param no_derivative gets the outputs whose derivative is the same to both sides, and is not
///        what forward mode says
std::vector<std::size_t> outputs_on_kinks(const AnyRecipe& recipe,
                                          const std::vector<Tensor<double>>& inputs,
                                          const Structure& structure,
                                          const std::vector<long double>& jacobian,
                                          std::vector<std::size_t>& no_derivative);

/// What backward gives for one output alone, and the derivatives of the pieces that meet there.
struct KinkedOutput {
    std::size_t output = 0; ///< its row-major position in y
    FewEntries claimed;     ///< the gradient of dy·y at that output, as backward gives it
    /// the gradients of the smooth pieces, in the order of their first entry
    std::vector<FewEntries> pieces;
    bool subgradient = false; ///< is `claimed` a mean of the pieces?
    std::string convention;   ///< in words
};

/// Judges what backward gives at each output that stands on a kink.
///
/// The pieces are found by moving z a little in random directions, and where these do not suffice
/// towards every entry that backward credits, and differentiating there. How far a piece bends on
/// the way is seen halfway; how far rounding takes backward, `Bounded` says.
/// @param outputs their positions in y
std::vector<KinkedOutput> judge_kinks(AnyLayer<double>& layer, const AnyRecipe& recipe,
                                      const std::vector<Tensor<double>>& inputs,
                                      const Tensor<double>& dy,
                                      const std::vector<std::size_t>& outputs);

} // namespace handgrad
