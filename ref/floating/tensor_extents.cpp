// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/tensor_extents.hpp"

namespace wagesim::floating {

std::string tensor_name(std::size_t layer, const std::string& name)
{
    return "layer" + std::to_string(layer) + "/" + name;
}

FloatExtents weight_extents(const std::vector<LayerGeometry>& layers, bool batch_norm)
{
    FloatExtents out;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        out[tensor_name(i, "weight_stored")] = layers[i].weight_shape();
        if (!batch_norm || !layers[i].hidden) continue;
        for (const char* name : {"batch_norm_scale", "batch_norm_shift", "batch_norm_mean", "batch_norm_variance"}) {
            out[tensor_name(i, name)] = {static_cast<std::size_t>(layers[i].out_c)};
        }
    }
    return out;
}

FloatExtents velocity_extents(const std::vector<LayerGeometry>& layers, bool batch_norm)
{
    FloatExtents out;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        out[tensor_name(i, "weight_velocity")] = layers[i].weight_shape();
        if (!batch_norm || !layers[i].hidden) continue;
        for (const char* name : {"batch_norm_scale_velocity", "batch_norm_shift_velocity"}) {
            out[tensor_name(i, name)] = {static_cast<std::size_t>(layers[i].out_c)};
        }
    }
    return out;
}

}  // namespace wagesim::floating
