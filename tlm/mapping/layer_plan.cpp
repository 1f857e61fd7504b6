// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Types follow from bounds, and bounds from network and converters: no data decides a width.
#include "tlm/mapping/layer_plan.hpp"

#include <algorithm>

#include "ref/quantize_update/registers.hpp"
#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/converted_bound.hpp"
#include "tlm/mac_partition/cell_layout.hpp"
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

int operand_bits(const LayerGeometry& layer, const Widths& widths)
{
    return widths.e + 2 * ceil_log2(layer.pool_overlap());
}

bool is_exact(const CrossbarConfig& config, const PairRead& read)
{
    return config.adc_bits >= exact_adc_bits(config, read.is_signed);
}

/// An error sum as converters may hand it on: windows that cover the input add up, unless backward has cells of its
/// own.
std::int64_t converted_error(const LayerGeometry& layer, const ChipConfig& chip, const PairRead& read, int bits,
                             int weight_bits, std::int64_t windows)
{
    const CrossbarConfig& config = chip.crossbar;
    if (chip.backward == BackwardCells::shared) {
        return windows * converted_bound(config, read, bits, weight_bits, config.columns, layer.out_c);
    }
    const std::size_t rows = cell_matrix(layer, CellLayout::transposed).rows;
    return converted_bound(config, read, bits, weight_bits, config.rows, static_cast<std::int64_t>(rows));
}

/// Bounds of sums that converters may make larger than exact ones.
void widen(std::vector<LayerBounds>& bounds, const std::vector<LayerGeometry>& layers, const ChipConfig& chip,
           const Widths& widths)
{
    const CrossbarConfig& config = chip.crossbar;
    const bool ideal = first_effect(chip.device) == nullptr;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerGeometry& layer = layers[i];
        LayerBounds& b = bounds[i];
        const int bits = operand_bits(layer, widths);
        const std::int64_t exact = b.error_mac * numerics::max_code(widths.w) * layer.out_c;
        const std::int64_t windows = b.error_out / exact;  // that cover an input
        const std::int64_t output_error = b.error_in - b.acc;
        const PairRead forward = forward_read(config, widths.a);
        const PairRead backward =
            chip.backward == BackwardCells::shared ? backward_read(config, bits) : forward_read(config, bits);
        if (!ideal || !is_exact(config, forward)) {
            b.acc = std::max(b.acc, converted_bound(config, forward, widths.a, widths.w, config.rows, layer.fan_in()));
        }
        if (!ideal || !is_exact(config, backward)) {
            b.error_out = std::max(b.error_out, converted_error(layer, chip, backward, bits, widths.w, windows));
        }
        if (!layer.hidden) b.error_in = b.acc + output_error;
        if (i > 0) bounds[i - 1].error_in = b.error_out;
    }
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

std::vector<LayerPlan> plan_layers(const Network& network, const ChipConfig& config, const ChipOptions& options)
{
    const Widths& widths = options.widths;
    const std::vector<LayerGeometry> geometry = make_geometry(network, widths);
    std::vector<LayerBounds> bounds = make_bounds(geometry, widths, static_cast<std::int64_t>(options.batch));
    if (config.fidelity == Fidelity::bit_serial) widen(bounds, geometry, config, widths);
    std::vector<LayerPlan> out(geometry.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        LayerPlan& plan = out[i];
        plan.geometry = geometry[i];
        plan.bounds = bounds[i];
        plan.input_nonnegative = i > 0 || options.range == InputRange::unit;
        plan.operand_bits = operand_bits(geometry[i], widths);
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
