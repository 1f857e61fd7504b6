// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/mapping/exact_converters.hpp"

#include <algorithm>

#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {
namespace {

/// Where `lines` lines are driven, cut into arrays of `array_lines`.
int bits_for(CrossbarConfig config, int weight_bits, const PairRead& read, std::size_t lines, int array_lines)
{
    if (config.adc_mode == AdcMode::saturate) {
        config.cell_bits = std::min(config.cell_bits, weight_bits - 1);
        const auto most = static_cast<int>(std::min(lines, static_cast<std::size_t>(array_lines)));
        config.active_lines = std::min(config.active_lines, most);
    }
    return exact_adc_bits(config, read.is_signed);
}

}  // namespace

ExactConverters exact_converters(const CrossbarConfig& config, const Widths& widths, const LayerPlan& plan,
                                 const LayerPlacement& placement)
{
    const CellMatrix matrix = cell_matrix(plan.geometry, CellLayout::shared);
    ExactConverters out;
    out.forward = bits_for(config, widths.w, forward_read(config, widths.a), matrix.rows, config.rows);
    if (placement.transposed) {
        const CellMatrix own = cell_matrix(plan.geometry, CellLayout::transposed);
        out.backward = bits_for(config, widths.w, forward_read(config, plan.operand_bits), own.rows, config.rows);
    } else {
        out.backward =
            bits_for(config, widths.w, backward_read(config, plan.operand_bits), matrix.columns, config.columns);
    }
    return out;
}

}  // namespace wagesim::chip
