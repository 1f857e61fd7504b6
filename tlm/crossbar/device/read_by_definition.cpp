// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every conversion by itself, as docs/modules/device.md has it, in 64 bits.
#include "tlm/crossbar/device/device_reading.hpp"
#include "tlm/crossbar/line_sums.hpp"

namespace wagesim::chip {
namespace {

/// One read line of an array and one position.
class OneLine {
public:
    OneLine(const DeviceReading& reading, const ConstMatrix& inputs, std::size_t position, std::size_t read_line)
        : reading_(reading), inputs_(inputs), position_(position)
    {
        const LineTiling& tiling = reading.planes.tiling();
        read_tile_ = read_line / tiling.read_array;
        line_ = read_line % tiling.read_array;
    }

    [[nodiscard]] std::int64_t sum() const
    {
        const LineTiling& tiling = reading_.planes.tiling();
        std::int64_t sum = 0;
        for (std::size_t slice = 0; slice < reading_.slices; ++slice) {
            for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
                for (std::size_t group = 0; group < tiling.groups(tile); ++group) {
                    sum += of_group(tile, slice, group) *
                           (std::int64_t{1} << (static_cast<int>(slice) * reading_.cell_bits));
                }
            }
        }
        return sum;
    }

private:
    [[nodiscard]] std::int64_t of_group(std::size_t tile, std::size_t slice, std::size_t group) const
    {
        const PulseCode& code = reading_.code;
        std::int64_t sum = 0;
        for (int pulse = 0; pulse < code.pulses(); ++pulse) {
            std::int64_t converted = 0;
            for (std::size_t polarity = 0; polarity < reading_.planes.polarities(); ++polarity) {
                const std::int64_t value = conversion(tile, slice, group, pulse, polarity);
                converted += polarity == 0 ? value : -value;
            }
            const bool counts_negative = code.sign_alone() && pulse + 1 == code.pulses();
            sum += (counts_negative ? -converted : converted) * (std::int64_t{1} << (pulse * code.bits_a_pulse));
        }
        return sum;
    }

    [[nodiscard]] std::int64_t conversion(std::size_t tile, std::size_t slice, std::size_t group, int pulse,
                                          std::size_t polarity) const
    {
        const LineTiling& tiling = reading_.planes.tiling();
        const AnalogPlane plane = reading_.planes.plane(tile, read_tile_, slice, group, polarity);
        std::int64_t value = plane.offsets[line_];
        for (std::size_t i = 0; i < tiling.group_lines(tile, group); ++i) {
            const std::int32_t input = element_at(inputs_, position_, tiling.group_first(tile, group) + i);
            value += std::int64_t{digit(input, reading_.code, pulse)} *
                     plane.cells[(i / 2 * plane.read_lines + line_) * 2 + i % 2];
        }
        if (!reading_.noise.empty()) {
            const std::uint64_t key =
                reading_.row_key(reading_.array_key(tile, read_tile_, slice), position_, pulse, group, polarity);
            const std::uint32_t bits = line_bits(key, static_cast<std::uint32_t>(line_));
            value += std::int64_t{reading_.noise[bits & NormalTable::kMask]} + reading_.noise[bits >> 20U];
        }
        return reading_.converter.convert(value);
    }

    const DeviceReading& reading_;
    const ConstMatrix& inputs_;
    std::size_t position_, read_tile_ = 0, line_ = 0;
};

}  // namespace

void read_by_definition(const DeviceReading& reading, const ConstMatrix& inputs, const MutableMatrix& sums,
                        bool accumulate)
{
    for (std::size_t position = 0; position < inputs.rows; ++position) {
        for (std::size_t line = 0; line < reading.planes.tiling().read; ++line) {
            deliver_sum(sums, position, line, OneLine(reading, inputs, position, line).sum(), accumulate);
        }
    }
}

}  // namespace wagesim::chip
