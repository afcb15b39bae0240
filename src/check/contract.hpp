#pragma once

/// @file
/// The rules of a layer's contract, each tried on the layer: see layers/layer.hpp.

#include "../oracles/any_layer.hpp"
#include "probe.hpp"
#include "report.hpp"

#include <functional>

namespace handgrad {

/// Everything that one forward and one backward pass of a layer gave.
struct Passes {
    Tensor<double> y;                      ///< what forward returned
    Tensor<double> dz;                     ///< what backward returned
    std::vector<Tensor<double>> gradients; ///< of every parameter, in the layer's order
};

/// Are two tensors equal in shape and in every bit, NaN and signed zeros included?
bool same_bits(const Tensor<double>& a, const Tensor<double>& b);

/// The parameters' values.
std::vector<Tensor<double>> parameter_values(AnyLayer<double>& layer);

/// Puts the parameters' values back, where they stood, so that references to entries stay good.
void put_back(AnyLayer<double>& layer, const std::vector<Tensor<double>>& values);

/// Runs forward on a copy of z, and puts back parameters that it changed: a layer that changes what
/// it was given must not spoil what it is compared with.
Tensor<double> forward_of_copy(AnyLayer<double>& layer, Tensor<double> z);

/// Runs backward on a copy of dy, with every gradient filled with NaN before, so that an entry
/// which is not assigned, or added to what was there, shows. Puts back parameters that it changed.
Passes backward_from_nan(AnyLayer<double>& layer, Tensor<double> dy);

/// Another z of the same shape, which forward accepts if it accepts z: the entries in reverse
/// order, drawn a little towards 1/2, so that they stay positive or between 0 and 1 where they
/// were.
Tensor<double> another(const Tensor<double>& z);

/// Lets the layer see another z first, as a layer in use has: one that remembers only the first z
/// that it ever saw will show. What it throws there says nothing about z.
void run_on_another(AnyLayer<double>& layer, const Tensor<double>& z);

/// How far rounding may take every entry of what a forward and a backward pass give, in the same
/// shapes; dy itself may be rounded once.
using RoundingOf =
    std::function<Passes(const Tensor<double>& z, const Tensor<double>& dy, const Passes& passes)>;

/// An allowance for rounding where nothing is known of what the layer computes: sums of so many
/// terms as dy has entries, of the size of the largest entry. Sums that cancel in every entry of a
/// tensor may be rounded by more.
/// @param epsilon of the arithmetic that the layer computes in
Passes rounding_of_largest(const Tensor<double>& dy, const Passes& passes, double epsilon);

/// Two results added up, entry by entry, where their shapes are the same.
Passes added(Passes a, const Passes& b);

/// The first entry in which two tensors differ by more than what is allowed; "" where they do not.
/// @param allowed of every entry, or a null pointer for nothing
/// @param smallest below this, numbers have no digits to lose
std::string difference(const std::string& name, const Tensor<double>& a, const Tensor<double>& b,
                       const Tensor<double>* allowed, double smallest);

/// The first entry of dz or a parameter's gradient in which two results differ by more than what
/// is allowed; "" where they do not.
/// @param names of the parameters' gradients
/// @param allowed for every entry, or a null pointer for nothing
std::string difference(const Passes& a, const Passes& b, const std::vector<std::string>& names,
                       const Passes* allowed, double smallest);

/// Tries the rules of the contract that need no oracle.
///
/// @param layer the layer; its gradients are overwritten
/// @param z, dy an input and an upstream gradient that fit
/// @param names of the parameters' gradients
/// @param first what the first passes gave, with gradients that were NaN before
/// @param rounding_of where sums may be added up in another order, how far apart rounding may take
///        them
/// @return a finding for each rule that is broken
std::vector<Finding> contract_findings(AnyLayer<double>& layer, const Tensor<double>& z,
                                       const Tensor<double>& dy,
                                       const std::vector<std::string>& names, const Passes& first,
                                       const RoundingOf& rounding_of);

} // namespace handgrad
