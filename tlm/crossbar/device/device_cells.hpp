// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The physical cells of a group of arrays: what each was asked for, what it got, when, and what it conducts now. Stuck
// cells and exponents of drift follow from seed and place. Knows no lines and no converters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/cell_wear.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/crossbar/device/cell_writer.hpp"
#include "tlm/crossbar/device/device_state.hpp"

namespace wagesim::chip {

class DeviceCells {
public:
    /// `arrays` stacks of `slices` arrays. `unit` tells this group's cells from other groups' of the chip.
    DeviceCells(const CrossbarConfig& config, const DeviceConfig& device, std::size_t arrays, std::size_t slices,
                std::uint64_t unit);

    void begin(const DeviceClock& clock);
    /// A block is programmed now; its columns follow.
    void begin_programming();
    /// Asks the first `count` cells of a column for these levels. A cell whose level is what it was gets no pulse.
    /// Different columns may be written at the same time. `wear`, of the same cells, takes their pulses.
    CellPulses write(const CellColumn& at, const std::uint8_t* levels, std::size_t count, CellWear& wear);
    /// What the first `count` cells of a column conduct now.
    void read(const CellColumn& at, std::size_t count, std::int32_t* conductances) const;

    [[nodiscard]] DeviceState state() const;
    /// Throws std::invalid_argument where the state is of other cells.
    void restore(const DeviceState& state);

private:
    enum class Stuck : std::uint8_t { no, at_0, at_1 };

    [[nodiscard]] std::size_t index(const CellColumn& at) const noexcept;
    [[nodiscard]] Stuck stuck(std::size_t cell) const noexcept;
    [[nodiscard]] std::int32_t now(std::size_t cell) const noexcept;
    void look_up_ages();

    CrossbarConfig config_;
    DeviceConfig device_;
    CellWriter writer_;
    std::size_t arrays_, slices_;
    std::uint64_t unit_;
    bool some_stuck_;
    DeviceClock clock_;
    std::uint64_t programmings_ = 0;
    std::vector<std::uint16_t> programmed_;  ///< conductances
    std::vector<std::uint8_t> levels_;       ///< asked for
    std::vector<std::uint32_t> written_;     ///< when, as an index into times_
    std::vector<std::uint64_t> times_{0};
    std::vector<double> octaves_;  ///< log2(age / drift_start_cycles) of each of times_, 0 before
};

}  // namespace wagesim::chip
