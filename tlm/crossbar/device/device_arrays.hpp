// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A group of crossbar arrays of real devices: programs their cells, and reads a block pulse by pulse and conversion by
// conversion from what the cells conduct. What CrossbarGrid uses in a reader's place where devices are not ideal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "tlm/crossbar/cell_wear.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/crossbar/device/analog_planes.hpp"
#include "tlm/crossbar/device/device_cells.hpp"

namespace wagesim::chip {

/// Where in a program a read belongs: what its noise is drawn by.
struct ReadPlace {
    std::uint32_t layer = 0;
    std::size_t first_position = 0;  ///< of the first row of inputs among all positions of the batch
};

class DeviceArrays {
public:
    /// Which implementation reads: the fast one, or the definition, conversion by conversion. Equal in every bit.
    enum class Reading { fast, by_definition };

    /// `arrays` stacks of as many slices as a weight of `weight_bits` has.
    DeviceArrays(const CrossbarConfig& config, const DeviceConfig& device, int weight_bits, std::size_t arrays,
                 std::uint64_t unit, Reading reading = Reading::fast);

    void begin_program(const DeviceClock& clock);
    /// That a cell can take when a block is programmed.
    [[nodiscard]] std::size_t most_pulses() const noexcept { return static_cast<std::size_t>(device_.write_pulses); }
    /// A block is programmed: tile (r, c) into array c * row tiles + r. Its columns follow.
    void begin_block(const CellBlock& block);
    /// Codes of column `column` of the block. Different columns may be written at the same time. `wear`, of the
    /// same cells, takes their pulses.
    CellPulses write_column(std::size_t column, const std::int8_t* codes, CellWear& wear);
    /// What cells conduct now is what reads see until the next program or programming. To be called before reading.
    void settle();

    /// As CrossbarReader's. Safe to call from several threads at once.
    void forward(const ConstMatrix& inputs, int bits, const MutableMatrix& sums, bool accumulate,
                 const ReadPlace& place) const;
    void backward(const ConstMatrix& errors, int bits, const MutableMatrix& sums, bool accumulate,
                  const ReadPlace& place) const;

    [[nodiscard]] DeviceState state() const { return cells_.state(); }
    /// Throws std::invalid_argument where the state is of other cells.
    void restore(const DeviceState& state);

private:
    [[nodiscard]] std::size_t row_tiles() const noexcept;
    [[nodiscard]] LineConverters converters_of(std::size_t array, std::size_t slice) const;
    void settle_array(std::size_t array, std::size_t slice);
    void read(const AnalogPlanes& planes, const PairRead& read, const ConstMatrix& inputs, int bits,
              const MutableMatrix& sums, bool accumulate, const ReadPlace& place) const;

    CrossbarConfig config_;
    DeviceConfig device_;
    std::size_t slices_;
    std::uint64_t unit_;
    Reading reading_;
    DeviceCells cells_;
    AnalogPlanes forward_, backward_;
    std::vector<std::int32_t> noise_;  ///< empty without noise
    CellBlock block_;
    std::uint64_t programs_ = 0;
    bool settled_ = false;
};

}  // namespace wagesim::chip
