// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What cells, converters and lines are like beside the ideal (key `device` of the chip file; docs/modules/device.md has
// every formula). All off by default. No behaviour.
#pragma once

#include <cstdint>
#include <optional>

namespace wagesim::chip {

struct DeviceConfig {
    std::uint64_t seed = 1;         ///< of this very chip: another one has other faults and other noise
    std::optional<int> levels;      ///< conductances that a cell can be programmed to; none: as many as its codes
    double program_sigma = 0.0;     ///< after each pulse, in conductance ranges
    double set_step = 1.0;          ///< of the way to the target that a pulse upwards takes a cell
    double reset_step = 1.0;        ///< likewise downwards
    double write_failure = 0.0;     ///< probability that a pulse does nothing
    int write_pulses = 1;           ///< at most, on a cell that changes
    double write_tolerance = 0.0;   ///< distance from the target, in ranges, at which pulses end
    double stuck_at_0 = 0.0;        ///< fraction of cells
    double stuck_at_1 = 0.0;        ///< likewise, at the highest level
    double drift_exponent = 0.0;    ///< of the power law
    double drift_sigma = 0.0;       ///< of the exponent, from cell to cell
    int drift_start_cycles = 1000;  ///< until then a conductance stays as programmed
    double read_sigma = 0.0;        ///< of a line's value at every conversion, in steps of one level
    double adc_offset_sigma = 0.0;  ///< from converter to converter, in steps of one level
    double adc_gain_sigma = 0.0;    ///< likewise, relative
    double wire_resistance = 0.0;   ///< of a line from cell to cell, times the conductance of a cell at its highest
};

/// The key that makes devices deviate from the ideal, or change what programming takes; null where there is none.
[[nodiscard]] constexpr const char* first_effect(const DeviceConfig& device) noexcept
{
    if (device.levels) return "levels";
    if (device.program_sigma > 0.0) return "program_sigma";
    if (device.set_step < 1.0) return "set_step";
    if (device.reset_step < 1.0) return "reset_step";
    if (device.write_failure > 0.0) return "write_failure";
    if (device.write_pulses > 1) return "write_pulses";
    if (device.stuck_at_0 > 0.0) return "stuck_at_0";
    if (device.stuck_at_1 > 0.0) return "stuck_at_1";
    if (device.drift_exponent > 0.0) return "drift_exponent";
    if (device.drift_sigma > 0.0) return "drift_sigma";
    if (device.read_sigma > 0.0) return "read_sigma";
    if (device.adc_offset_sigma > 0.0) return "adc_offset_sigma";
    if (device.adc_gain_sigma > 0.0) return "adc_gain_sigma";
    if (device.wire_resistance > 0.0) return "wire_resistance";
    return nullptr;
}

/// Conductances change with time, so that they have to be looked up anew for every program.
[[nodiscard]] constexpr bool drifts(const DeviceConfig& device) noexcept
{
    return device.drift_exponent > 0.0 || device.drift_sigma > 0.0;
}

}  // namespace wagesim::chip
