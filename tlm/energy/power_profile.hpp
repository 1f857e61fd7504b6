// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Energy over the cycles of one program, in windows of equal length. Knows no clock and no leakage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/energy/attojoules.hpp"

namespace wagesim::chip {

class PowerProfile {
public:
    static constexpr std::uint64_t kLeastWindow = 1024;  ///< cycles
    static constexpr std::size_t kMostWindows = 16384;

    /// Forgets what there was; cycles are counted from `first` on.
    void begin(std::uint64_t first);
    /// Spreads energy evenly over cycles begin .. end; all of it at `begin` where they are the same. Not before the
    /// first cycle.
    void add(Attojoules energy, std::uint64_t begin, std::uint64_t end);

    /// Cycles of a window: grows by doubling, so that a program of any length has kMostWindows at most.
    [[nodiscard]] std::uint64_t window() const noexcept { return window_; }
    [[nodiscard]] const std::vector<Attojoules>& windows() const noexcept { return windows_; }

private:
    Attojoules& at(std::uint64_t cycle);
    void widen();

    std::uint64_t first_ = 0;
    std::uint64_t window_ = kLeastWindow;
    std::vector<Attojoules> windows_;
};

}  // namespace wagesim::chip
