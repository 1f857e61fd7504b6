// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a float companion keeps between steps, by name and shape: the entries of its weights and checkpoint files.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/float_tensors.hpp"

namespace wagesim::floating {

/// "layer2/weight_stored".
[[nodiscard]] std::string tensor_name(std::size_t layer, const std::string& name);

/// What prediction needs: layerN/weight_stored in weight_shape(); with batch normalization, of each hidden layer,
/// batch_norm_scale, batch_norm_shift, batch_norm_mean and batch_norm_variance, one element a channel.
[[nodiscard]] FloatExtents weight_extents(const std::vector<LayerGeometry>& layers, bool batch_norm);

/// What training with momentum needs besides: a velocity for everything that is trained, NAME_velocity.
[[nodiscard]] FloatExtents velocity_extents(const std::vector<LayerGeometry>& layers, bool batch_norm);

}  // namespace wagesim::floating
