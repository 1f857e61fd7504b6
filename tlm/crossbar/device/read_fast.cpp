// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Positions in blocks: their digits once, then array after array. What one read line's arrays give is added as int32
// where that is proven to fit, else the definition takes over.
#include <algorithm>
#include <limits>

#include "tlm/crossbar/device/device_reading.hpp"
#include "tlm/crossbar/line_sums.hpp"

namespace wagesim::chip {
namespace {

/// Positions that go through an array together: their digits and sums stay in the host's nearest caches.
constexpr std::size_t kBlock = 16;

/// Two digits as the kernel's pair.
std::int32_t pair_of(std::int32_t low, std::int32_t high)
{
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16U |
                                     (static_cast<std::uint32_t>(low) & 0xFFFFU));
}

/// Digits and sums of a block of positions; of one host thread.
class DeviceBlock {
public:
    explicit DeviceBlock(const DeviceReading& reading)
        : reading_(reading), pulses_(static_cast<std::size_t>(reading.code.pulses()))
    {
        const LineTiling& tiling = reading.planes.tiling();
        rows_ = (kBlock * pulses_ + kAnalogRows - 1) / kAnalogRows * kAnalogRows;
        std::size_t pairs = 0;
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling.groups(tile); ++group) {
                firsts_.push_back(pairs * rows_);
                pairs += (tiling.group_lines(tile, group) + 1) / 2;
            }
        }
        digits_.resize(pairs * rows_);
        keys_.resize(rows_);
        sums_stride_ = (std::min(tiling.read_array, tiling.read) + kAnalogLines - 1) / kAnalogLines * kAnalogLines;
        sums_.resize(kBlock * sums_stride_);
    }

    void run(const ConstMatrix& inputs, std::size_t first, std::size_t positions, const MutableMatrix& sums,
             bool accumulate)
    {
        first_ = first;
        positions_ = positions;
        switch (inputs.type) {
            case ElementType::int8: drive(static_cast<const std::int8_t*>(inputs.data), inputs.stride); break;
            case ElementType::int16: drive(static_cast<const std::int16_t*>(inputs.data), inputs.stride); break;
            default: drive(static_cast<const std::int32_t*>(inputs.data), inputs.stride); break;
        }
        const LineTiling& tiling = reading_.planes.tiling();
        for (std::size_t tile = 0; tile < tiling.read_tiles(); ++tile) {
            for (std::size_t slice = 0; slice < reading_.slices; ++slice) {
                read(tile, slice);
                const bool add = accumulate || slice > 0;
                const int shift = static_cast<int>(slice) * reading_.cell_bits;
                deliver_slice({sums_.data(), sums_stride_, positions, tiling.read_lines(tile), shift}, sums, first,
                              tile * tiling.read_array, add);
            }
        }
    }

private:
    template <class T>
    void drive(const T* inputs, std::size_t stride)
    {
        const LineTiling& tiling = reading_.planes.tiling();
        std::size_t index = 0;
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling.groups(tile); ++group, ++index) {
                const std::size_t lines = tiling.group_lines(tile, group);
                std::int32_t* to = digits_.data() + firsts_[index];
                for (std::size_t p = 0; p < positions_; ++p) {
                    const T* const from = inputs + (first_ + p) * stride + tiling.group_first(tile, group);
                    for (int pulse = 0; pulse < reading_.code.pulses(); ++pulse) {
                        for (std::size_t i = 0; i + 1 < lines; i += 2) {
                            *to++ =
                                pair_of(digit(from[i], reading_.code, pulse), digit(from[i + 1], reading_.code, pulse));
                        }
                        if (lines % 2 == 1) *to++ = pair_of(digit(from[lines - 1], reading_.code, pulse), 0);
                    }
                }
            }
        }
    }

    void read(std::size_t read_tile, std::size_t slice)
    {
        std::fill_n(sums_.begin(), positions_ * sums_stride_, 0);
        const LineTiling& tiling = reading_.planes.tiling();
        std::size_t index = 0;
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            const std::uint64_t array_key = reading_.array_key(tile, read_tile, slice);
            for (std::size_t group = 0; group < tiling.groups(tile); ++group, ++index) {
                for (std::size_t polarity = 0; polarity < reading_.planes.polarities(); ++polarity) {
                    AnalogNoise noise;
                    if (!reading_.noise.empty()) noise = draw(array_key, group, polarity);
                    read_analog(reading_.planes.plane(tile, read_tile, slice, group, polarity),
                                {digits_.data() + firsts_[index], positions_ * pulses_}, reading_.code,
                                reading_.converter, noise, polarity == 1, sums_.data(), sums_stride_);
                }
            }
        }
    }

    [[nodiscard]] AnalogNoise draw(std::uint64_t array_key, std::size_t group, std::size_t polarity)
    {
        std::size_t row = 0;
        for (std::size_t p = 0; p < positions_; ++p) {
            for (int pulse = 0; pulse < reading_.code.pulses(); ++pulse) {
                keys_[row++] = reading_.row_key(array_key, first_ + p, pulse, group, polarity);
            }
        }
        return {reading_.noise.data(), keys_.data()};
    }

    const DeviceReading& reading_;
    std::size_t pulses_;
    std::size_t rows_ = 0;             ///< of digits that there is room for
    std::vector<std::size_t> firsts_;  ///< where the digits of each group of each tile begin
    std::vector<std::int32_t> digits_;
    std::vector<std::uint64_t> keys_;
    std::size_t sums_stride_ = 0;
    std::vector<std::int32_t> sums_;
    std::size_t first_ = 0, positions_ = 0;
};

}  // namespace

bool fits_32_bits(const DeviceReading& reading)
{
    const LineTiling& tiling = reading.planes.tiling();
    const auto lines = static_cast<double>(std::min(tiling.active, tiling.driven));
    const double largest_digit = (1 << reading.code.bits_a_pulse) - 1;
    constexpr double kLargestCell = 32767.0;
    double value = lines * largest_digit * kLargestCell + reading.planes.largest_offset() +
                   (1 << std::min(reading.converter.shift, 30));
    if (!reading.noise.empty()) value += 2.0 * reading.noise.back();
    const double converted =
        static_cast<double>(std::max(-std::int64_t{reading.converter.least}, std::int64_t{reading.converter.most})) *
        (1 << reading.converter.out_shift);
    const double sums = static_cast<double>(reading.planes.polarities()) * converted *
                        (1 << std::min(reading.code.driven_bits, 30)) *
                        static_cast<double>(tiling.driven_tiles() * tiling.groups(0));
    constexpr double kMost = std::numeric_limits<std::int32_t>::max();
    return reading.converter.shift < 30 && value < kMost && sums < kMost;
}

void read_fast(const DeviceReading& reading, const ConstMatrix& inputs, const MutableMatrix& sums, bool accumulate)
{
    const auto blocks = static_cast<std::int64_t>((inputs.rows + kBlock - 1) / kBlock);
#pragma omp parallel if (blocks > 1)
    {
        DeviceBlock block(reading);
#pragma omp for schedule(dynamic)
        for (std::int64_t i = 0; i < blocks; ++i) {
            const std::size_t first = static_cast<std::size_t>(i) * kBlock;
            block.run(inputs, first, std::min(kBlock, inputs.rows - first), sums, accumulate);
        }
    }
}

}  // namespace wagesim::chip
