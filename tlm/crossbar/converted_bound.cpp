// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The largest conversion, once for each group, weighed by its pulse and its slice.
#include "tlm/crossbar/converted_bound.hpp"

#include <algorithm>

#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"

namespace wagesim::chip {

std::int64_t converted_bound(const CrossbarConfig& config, const PairRead& read, int bits, int weight_bits,
                             std::int64_t array_lines, std::int64_t driven_lines)
{
    constexpr double kMost = 1125899906842624.0;  // 2^50
    const AdcRange adc = adc_range(config, read.is_signed);
    const std::int64_t value = largest_conversion(config, adc);
    const std::int64_t converted = !read.difference && read.is_signed ? 2 * value : value;

    const std::int64_t active = std::min(array_lines, std::int64_t{config.active_lines});
    const auto groups_of = [&](std::int64_t lines) { return (lines + active - 1) / active; };
    const std::int64_t groups =
        driven_lines / array_lines * groups_of(array_lines) + groups_of(driven_lines % array_lines);

    const PulseCode pulses = pulse_code(config, bits);
    double weights = 0;
    for (int pulse = 0; pulse < pulses.pulses(); ++pulse) {
        for (int slice = 0; slice < weight_slices(config, weight_bits); ++slice) {
            weights += static_cast<double>(std::int64_t{1} << (pulse * pulses.bits_a_pulse + slice * config.cell_bits));
        }
    }
    // Sums of a few powers of two, each product within 2^53 unless the bound is far beyond any accumulator.
    const double bound = static_cast<double>(converted) * static_cast<double>(groups) * weights;
    return static_cast<std::int64_t>(std::min(bound, kMost));
}

}  // namespace wagesim::chip
