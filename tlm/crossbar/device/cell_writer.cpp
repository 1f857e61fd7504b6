// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tlm/crossbar/device/cell_writer.hpp"

#include <algorithm>
#include <cmath>

#include "tlm/crossbar/device/conductance.hpp"
#include "tlm/crossbar/device/device_random.hpp"

namespace wagesim::chip {

CellWriter::CellWriter(const CrossbarConfig& config, const DeviceConfig& device)
    : device_(device),
      range_(conductance_range(config)),
      largest_(largest_conductance(config)),
      tolerance_(device.write_tolerance * range_)
{
}

std::int32_t CellWriter::write(std::int32_t from, std::int32_t target, bool stuck, std::uint64_t key,
                               CellPulses& pulses) const
{
    const double wanted = target;
    double at = from;
    for (int pulse = 0; pulse < device_.write_pulses; ++pulse) {
        // The first pulse is not asked for by a verification: the level has changed.
        if (pulse > 0 && std::abs(at - wanted) <= tolerance_) break;
        const bool up = at <= wanted;
        (up ? pulses.set : pulses.reset) += 1;
        const std::uint64_t draw = numerics::mix64(key ^ static_cast<std::uint64_t>(pulse));
        if (stuck || (device_.write_failure > 0.0 && uniform(draw) < device_.write_failure)) continue;
        at += (up ? device_.set_step : device_.reset_step) * (wanted - at);
        if (device_.program_sigma > 0.0) at += device_.program_sigma * range_ * normal(numerics::mix64(draw));
        at = std::clamp(at, 0.0, largest_);
    }
    return static_cast<std::int32_t>(std::floor(at + 0.5));
}

}  // namespace wagesim::chip
