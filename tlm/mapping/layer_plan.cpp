// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Types follow from bounds, and bounds from the network alone: no data decides a width.
#include "tlm/mapping/layer_plan.hpp"

#include <algorithm>

#include "ref/quantize_update/registers.hpp"
#include "tlm/mac_partition/pooling_unit.hpp"

namespace wagesim::chip {
namespace {

ElementType sum_type(std::int64_t bound)
{
    return std::max(signed_type_for(bound), ElementType::int32);
}

int ceil_log2(int n)
{
    int out = 0;
    while ((1 << out) < n) ++out;
    return out;
}

void check(std::vector<std::string>& faults, std::size_t layer, const char* what, std::int64_t bound, int bits,
           const char* where)
{
    const std::int64_t limit = (std::int64_t{1} << (std::min(bits, 63) - 1)) - 1;
    if (bound <= limit) return;
    faults.push_back("layers[" + std::to_string(layer) + "]: " + what + " may reach " + std::to_string(bound) +
                     ", allowed " + std::to_string(limit) + " (" + std::to_string(bits) + " bits of " + where + ")");
}

}  // namespace

std::vector<LayerPlan> plan_layers(const Network& network, const Widths& widths, InputRange range, std::size_t batch)
{
    const std::vector<LayerGeometry> geometry = make_geometry(network, widths);
    const std::vector<LayerBounds> bounds = make_bounds(geometry, widths, static_cast<std::int64_t>(batch));
    std::vector<LayerPlan> out(geometry.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        LayerPlan& plan = out[i];
        plan.geometry = geometry[i];
        plan.bounds = bounds[i];
        plan.input_nonnegative = i > 0 || range == InputRange::unit;
        plan.operand_bits = widths.e + 2 * ceil_log2(geometry[i].pool_overlap());
        plan.sums = sum_type(bounds[i].acc);
        if (geometry[i].pool) plan.winners = winner_type(*geometry[i].pool);
        plan.error_in = sum_type(bounds[i].error_in);
        plan.error_out = i > 0 ? sum_type(bounds[i].error_out) : ElementType::int32;
        plan.error_q = signed_type_for(numerics::max_code(widths.e));
        plan.operands = signed_type_for(bounds[i].error_mac);
        plan.gradients = sum_type(bounds[i].gradient);
    }
    return out;
}

std::vector<std::string> bound_faults(const std::vector<LayerPlan>& layers, const ChipConfig& config)
{
    std::vector<std::string> faults;
    const int partition = std::min(config.partitions.accumulator_bits, kQuantizeUpdateOperandBits);
    const int gradient = std::min(config.gradient.accumulator_bits, kQuantizeUpdateOperandBits);
    const char* const adders = "the partitions' accumulators and the quantize/update unit";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerPlan& layer = layers[i];
        check(faults, i, "an accumulator", layer.bounds.acc, partition, adders);
        if (i > 0) check(faults, i, "an error sum", layer.bounds.error_out, partition, adders);
        if (!layer.geometry.hidden) {
            check(faults, i, "the output error", layer.bounds.error_in, kQuantizeUpdateOperandBits,
                  "the quantize/update unit");
        }
        check(faults, i, "a gradient", layer.bounds.gradient, gradient,
              "the gradient array's accumulators and the quantize/update unit");
    }
    return faults;
}

}  // namespace wagesim::chip
