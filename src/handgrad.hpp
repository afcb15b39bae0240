#pragma once

/// @file
/// The whole library in one include: tensors, number types, layers, losses, and the checker.

#include "check/check.hpp"
#include "check/heat_map.hpp"
#include "layers/conv2d.hpp"
#include "layers/flatten.hpp"
#include "layers/linear.hpp"
#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/sequential.hpp"
#include "layers/sigmoid.hpp"
#include "layers/softmax.hpp"
#include "layers/tanh.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/squared_error.hpp"
#include "scalars/dual.hpp"
