// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the mapping knows of each layer before it places anything: extents, proven bounds, element types. SystemC-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/tensor/element_type.hpp"
#include "tlm/chip/chip_config.hpp"
#include "tlm/chip/chip_options.hpp"

namespace wagesim::chip {

struct LayerPlan {
    LayerGeometry geometry;
    LayerBounds bounds{};
    bool input_nonnegative = false;              ///< behind a ReLU, or image bytes of range unit
    int operand_bits = 0;                        ///< kE + growth, growth = 2 ceil(log2 overlap)
    ElementType sums = ElementType::int32;       ///< pooled accumulators
    ElementType winners = ElementType::uint8;    ///< pooled layers
    ElementType error_in = ElementType::int32;   ///< the error that the layer above delivers (last layer: computes)
    ElementType error_out = ElementType::int32;  ///< what this layer delivers
    ElementType error_q = ElementType::int8;
    ElementType operands = ElementType::int8;  ///< error_mac
    ElementType gradients = ElementType::int32;
};

/// The layers of a network on a chip. Bounds are those of exact sums; where converters are not exact, those of what
/// they may hand on. Throws what make_geometry and make_bounds throw.
[[nodiscard]] std::vector<LayerPlan> plan_layers(const Network& network, const ChipConfig& config,
                                                 const ChipOptions& options);

/// Bounds that some part of the chip is too narrow for, one line each, naming layer and bound.
[[nodiscard]] std::vector<std::string> bound_faults(const std::vector<LayerPlan>& layers, const ChipConfig& config);

}  // namespace wagesim::chip
