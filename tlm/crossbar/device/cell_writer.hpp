// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programming one cell, pulse by pulse: steps, variation, failures, verification (docs/modules/device.md). No storage.
#pragma once

#include <cstdint>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/device_config.hpp"

namespace wagesim::chip {

/// Programming pulses that cells took.
struct CellPulses {
    std::uint64_t set = 0, reset = 0;
    CellPulses& operator+=(const CellPulses& other) noexcept
    {
        set += other.set;
        reset += other.reset;
        return *this;
    }
};

class CellWriter {
public:
    CellWriter(const CrossbarConfig& config, const DeviceConfig& device);

    /// Where a cell that conducts `from` ends when it is programmed to `target`; adds its pulses. `key` is of this
    /// cell's programming. A stuck cell stays where it is and takes the same trouble.
    [[nodiscard]] std::int32_t write(std::int32_t from, std::int32_t target, bool stuck, std::uint64_t key,
                                     CellPulses& pulses) const;

private:
    DeviceConfig device_;
    double range_, largest_, tolerance_;
};

}  // namespace wagesim::chip
