// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines on which converters can lose nothing are an exact product. For the others, positions in blocks: their pulses
// once, then array after array. What one read line's arrays give is added as int32 where that is proven to fit, else
// the literal reader takes over.
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

#include "tlm/crossbar/cell_planes.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/crossbar/line_sums.hpp"

namespace wagesim::chip {
namespace {

/// Positions that go through an array together: their pulses and sums stay in the host's nearest caches.
constexpr std::size_t kBlock = 64;

/// What reading in one direction takes.
struct Reading {
    const CellPlanes& planes;
    const LossyLines& lossy;
    PulseCode code;
    PairRead read;
    AdcRange adc;
    int slices = 1, cell_bits = 1;
    std::int64_t largest = 0;  ///< magnitude of a conversion

    /// The largest magnitude that the arrays of one slice can add up to, whatever the data.
    [[nodiscard]] std::int64_t bound() const
    {
        const LineTiling& tiling = lossy.tiling();
        return (read.difference ? 1 : 2) * largest * (std::int64_t{1} << code.driven_bits) *
               static_cast<std::int64_t>(tiling.driven_tiles() * tiling.groups(0));
    }
};

/// Pulses and sums of a block of positions; of one host thread.
class Block {
public:
    explicit Block(const Reading& reading) : reading_(reading)
    {
        const LineTiling& tiling = reading.lossy.tiling();
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling.groups(tile); ++group) {
                firsts_.push_back(stride_);
                stride_ += pulse_words(reading.code, words_of(tiling.group_lines(tile, group)));
            }
        }
        pulses_.resize(kBlock * stride_);
        sums_stride_ = padded_lines(std::min(tiling.read_array, tiling.read));
        sums_.resize(kBlock * sums_stride_);
        some_.resize(kBlock * sums_stride_);
    }

    void run(const ConstMatrix& inputs, std::size_t first, std::size_t positions, const MutableMatrix& sums,
             bool accumulate)
    {
        drive(inputs, first, positions);
        const LineTiling& tiling = reading_.lossy.tiling();
        for (std::size_t tile = 0; tile < tiling.read_tiles(); ++tile) {
            for (std::size_t slice = 0; slice < static_cast<std::size_t>(reading_.slices); ++slice) {
                read(tile, slice, positions);
                const bool add = accumulate || slice > 0;
                const int shift = static_cast<int>(slice) * reading_.cell_bits;
                deliver_slice({sums_.data(), sums_stride_, positions, tiling.read_lines(tile), shift}, sums, first,
                              tile * tiling.read_array, add);
            }
        }
    }

private:
    void drive(const ConstMatrix& inputs, std::size_t first, std::size_t positions)
    {
        const LineTiling& tiling = reading_.lossy.tiling();
        const auto* const data = static_cast<const std::byte*>(inputs.data);
        std::size_t index = 0;
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling.groups(tile); ++group, ++index) {
                if (!reading_.lossy.any(tile, group)) continue;
                for (std::size_t p = 0; p < positions; ++p) {
                    const std::size_t at = (first + p) * inputs.stride + tiling.group_first(tile, group);
                    make_pulses({data + at * bytes_of(inputs.type), inputs.type, tiling.group_lines(tile, group)},
                                reading_.code, pulses_.data() + p * stride_ + firsts_[index]);
                }
            }
        }
    }

    void read(std::size_t read_tile, std::size_t slice, std::size_t positions)
    {
        std::fill_n(sums_.begin(), positions * sums_stride_, 0);
        const LineTiling& tiling = reading_.lossy.tiling();
        std::size_t index = 0;
        for (std::size_t tile = 0; tile < tiling.driven_tiles(); ++tile) {
            for (std::size_t group = 0; group < tiling.groups(tile); ++group, ++index) {
                const std::vector<std::uint32_t>& lines = reading_.lossy.of(tile, group, read_tile);
                if (lines.empty()) continue;
                const ArrayPlanes array = reading_.planes.array(tile, read_tile, slice, group);
                const PulsePlanes pulses{pulses_.data() + firsts_[index], stride_, positions};
                if (lines.size() == tiling.read_lines(read_tile)) {
                    read_array(array, pulses, reading_.code, reading_.read, reading_.adc, sums_.data(), sums_stride_);
                    continue;
                }
                std::fill_n(some_.begin(), positions * array.read_lines, 0);
                read_array(array, pulses, reading_.code, reading_.read, reading_.adc, some_.data(), array.read_lines);
                for (std::size_t p = 0; p < positions; ++p) {
                    const std::int32_t* const from = some_.data() + p * array.read_lines;
                    std::int32_t* const to = sums_.data() + p * sums_stride_;
                    for (std::size_t i = 0; i < lines.size(); ++i) to[lines[i]] += from[i];
                }
            }
        }
    }

    const Reading& reading_;
    std::vector<std::size_t> firsts_;  ///< where the pulses of each group of each tile begin
    std::size_t stride_ = 0;           ///< words of one position's pulses
    std::vector<std::uint32_t> pulses_;
    std::size_t sums_stride_ = 0;
    std::vector<std::int32_t> sums_, some_;  ///< of all lines of a read tile, of those that a group needs
};

void read_all(const Reading& reading, const ConstMatrix& inputs, const MutableMatrix& sums, bool accumulate)
{
    const auto blocks = static_cast<std::int64_t>((inputs.rows + kBlock - 1) / kBlock);
#pragma omp parallel if (blocks > 1)
    {
        Block block(reading);
#pragma omp for schedule(dynamic)
        for (std::int64_t i = 0; i < blocks; ++i) {
            const std::size_t first = static_cast<std::size_t>(i) * kBlock;
            block.run(inputs, first, std::min(kBlock, inputs.rows - first), sums, accumulate);
        }
    }
}

/// Cells as reading in one direction needs them.
class Direction {
public:
    Direction(const CrossbarConfig& config, int slices, ReadDirection direction)
        : lossy_(config, slices, direction), planes_(config, slices, direction)
    {
    }

    void programmed(const CellView& cells)
    {
        lossy_.build(cells);
        planes_.build(cells, lossy_);
        if (lossy_.count() > 0 && lossy_.count() < lossy_.all()) lossy_.lossless_codes(cells, lossless_);
    }

    [[nodiscard]] const LossyLines& lossy() const noexcept { return lossy_; }
    [[nodiscard]] const CellPlanes& planes() const noexcept { return planes_; }
    [[nodiscard]] bool loses_nothing() const noexcept { return lossy_.count() == 0; }
    [[nodiscard]] bool loses_everywhere() const noexcept { return lossy_.count() == lossy_.all(); }
    /// The cells of all lines that are not lossy; the others are 0.
    [[nodiscard]] CellView lossless(CellView cells) const noexcept
    {
        cells.codes = lossless_.data();
        return cells;
    }

private:
    LossyLines lossy_;
    CellPlanes planes_;
    std::vector<std::int8_t> lossless_;
};

class BitSerialReader final : public CrossbarReader {
public:
    BitSerialReader(const CrossbarConfig& config, int weight_bits)
        : config_(config),
          slices_(weight_slices(config, weight_bits)),
          forward_(config, slices_, ReadDirection::forward),
          backward_(config, slices_, ReadDirection::backward),
          exact_(make_exact_reader()),
          literal_(make_naive_bit_serial_reader(config, weight_bits))
    {
    }

    void programmed(const CellView& cells) override
    {
        forward_.programmed(cells);
        backward_.programmed(cells);
    }

    void forward(const CellView& cells, const ConstMatrix& inputs, int bits, const MutableMatrix& sums,
                 bool accumulate) const override
    {
        read(&CrossbarReader::forward, forward_, forward_read(config_, bits), cells, inputs, bits, sums, accumulate);
    }

    void backward(const CellView& cells, const ConstMatrix& errors, int bits, const MutableMatrix& sums,
                  bool accumulate) const override
    {
        read(&CrossbarReader::backward, backward_, backward_read(config_, bits), cells, errors, bits, sums, accumulate);
    }

private:
    using Read = void (CrossbarReader::*)(const CellView&, const ConstMatrix&, int, const MutableMatrix&, bool) const;

    /// `by` is what other readers do in this direction.
    void read(Read by, const Direction& direction, const PairRead& pair, const CellView& cells,
              const ConstMatrix& inputs, int bits, const MutableMatrix& sums, bool accumulate) const
    {
        if (direction.loses_nothing()) return (*exact_.*by)(cells, inputs, bits, sums, accumulate);
        const Reading reading = of(direction, bits, pair);
        if (reading.bound() > std::numeric_limits<std::int32_t>::max()) {
            return (*literal_.*by)(cells, inputs, bits, sums, accumulate);
        }
        if (!direction.loses_everywhere()) {
            (*exact_.*by)(direction.lossless(cells), inputs, bits, sums, accumulate);
            accumulate = true;
        }
        read_all(reading, inputs, sums, accumulate);
    }

    [[nodiscard]] Reading of(const Direction& direction, int bits, const PairRead& read) const
    {
        const AdcRange adc = adc_range(config_, read.is_signed);
        return {direction.planes(),
                direction.lossy(),
                pulse_code(config_, bits),
                read,
                adc,
                slices_,
                config_.cell_bits,
                largest_conversion(config_, adc)};
    }

    CrossbarConfig config_;
    int slices_;
    Direction forward_, backward_;
    std::unique_ptr<CrossbarReader> exact_, literal_;
};

}  // namespace

std::unique_ptr<CrossbarReader> make_bit_serial_reader(const CrossbarConfig& config, int weight_bits)
{
    return std::make_unique<BitSerialReader>(config, weight_bits);
}

}  // namespace wagesim::chip
