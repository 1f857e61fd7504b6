// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// docs/modules/crossbar.md, section Timing, for whole arrays.
#include "platforms/report/chip_roofs.hpp"

#include <algorithm>

namespace wagesim::report {
namespace {

int rounded_up_quotient(int amount, int each)
{
    return (amount + each - 1) / each;
}

/// Multiply-accumulates a cycle of all crossbars.
double crossbar_macs(const config::RunConfig& config)
{
    const chip::CrossbarConfig& crossbar = config.chip->crossbar;
    const bool sign_apart = crossbar.input_coding == chip::InputCoding::sign_magnitude;
    const int pulses = rounded_up_quotient(sign_apart ? config.widths.a - 1 : config.widths.a, crossbar.dac_bits);
    const int groups = rounded_up_quotient(crossbar.rows, crossbar.active_lines);
    const int turns = std::min(crossbar.lines_per_adc, crossbar.columns);
    const int conversions = crossbar.subtract == chip::Subtract::digital ? 2 : 1;
    const int slices = rounded_up_quotient(config.widths.w - 1, crossbar.cell_bits);
    const double arrays = static_cast<double>(config.chip->partitions.count) * config.chip->partitions.arrays;
    return arrays / slices * crossbar.rows * crossbar.columns /
           (static_cast<double>(pulses) * groups * turns * conversions);
}

}  // namespace

Json chip_roofs_json(const config::RunConfig& config)
{
    const chip::ChipConfig& chip = *config.chip;
    const double hertz = chip.clock_ghz * 1e9;
    return {{"peak_tops",
             {{"crossbars", 2e-12 * hertz * crossbar_macs(config)},
              {"gradient", 2e-12 * hertz * chip.gradient.macs_per_cycle}}},
            {"bytes_per_second",
             {{"dram", hertz * chip.dram.bytes_per_cycle}, {"buffer", hertz * chip.buffer.bytes_per_cycle}}}};
}

}  // namespace wagesim::report
