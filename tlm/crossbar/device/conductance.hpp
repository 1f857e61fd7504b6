// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Conductances as integers: multiples of 2^-f of what one level is, with f = 14 - cell_bits, above that of level 0. The
// largest, twice the range, fits 15 bits, so that a pair of cells fits an int16 with its sign.
#pragma once

#include <cstdint>
#include <optional>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/device_config.hpp"

namespace wagesim::chip {

/// f: fraction bits of a conductance, in levels.
[[nodiscard]] constexpr int conductance_bits(const CrossbarConfig& config) noexcept
{
    return 14 - config.cell_bits;
}
/// Of a cell at its highest level.
[[nodiscard]] constexpr std::int32_t conductance_range(const CrossbarConfig& config) noexcept
{
    return ((1 << config.cell_bits) - 1) << conductance_bits(config);
}
/// No cell conducts more.
[[nodiscard]] constexpr std::int32_t largest_conductance(const CrossbarConfig& config) noexcept
{
    return 2 * conductance_range(config);
}

/// What a cell is programmed to: of the conductances that it can have, evenly spaced, the nearest to its level (of two,
/// the higher).
[[nodiscard]] constexpr std::int32_t target_conductance(const CrossbarConfig& config, const DeviceConfig& device,
                                                        int level) noexcept
{
    const std::int32_t exact = level << conductance_bits(config);
    if (!device.levels) return exact;
    const std::int64_t steps = *device.levels - 1;
    const std::int64_t highest = (1 << config.cell_bits) - 1;
    const std::int64_t step = (2 * level * steps + highest) / (2 * highest);
    return static_cast<std::int32_t>((2 * step * conductance_range(config) + steps) / (2 * steps));
}

}  // namespace wagesim::chip
