// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every conversion by itself, as docs/modules/crossbar.md has it. No bit planes.
#include <algorithm>
#include <cstdlib>

#include "tlm/crossbar/adc.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/crossbar/line_sums.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {
namespace {

/// What a line drives during one pulse, in units of one level.
std::int64_t digit(std::int64_t value, const PulseCode& code, int pulse)
{
    const int shift = pulse * code.bits_a_pulse;
    const std::int64_t mask = (std::int64_t{1} << code.bits_of(pulse)) - 1;
    if (code.sign_magnitude) {
        const std::int64_t bits = (std::abs(value) >> shift) & mask;
        return value < 0 ? -bits : bits;
    }
    const bool has_sign = pulse + 1 == code.pulses();
    if (!has_sign || code.sign_alone()) return (value >> shift) & mask;
    return value >> shift;  // the uppermost digit with its sign
}

class NaiveReader final : public CrossbarReader {
public:
    NaiveReader(const CrossbarConfig& config, int weight_bits)
        : config_(config), slices_(weight_slices(config, weight_bits))
    {
    }

    void programmed(const CellView&) override {}

    void forward(const CellView& cells, const ConstMatrix& inputs, int bits, const MutableMatrix& sums,
                 bool accumulate) const override
    {
        const auto code_of = [&](std::size_t driven, std::size_t read) {
            return int{cells.codes[read * cells.stride + driven]};
        };
        read_all(forward_read(config_, bits), code_of, static_cast<std::size_t>(config_.rows), cells.columns, inputs,
                 bits, sums, accumulate);
    }

    void backward(const CellView& cells, const ConstMatrix& errors, int bits, const MutableMatrix& sums,
                  bool accumulate) const override
    {
        const auto code_of = [&](std::size_t driven, std::size_t read) {
            return int{cells.codes[driven * cells.stride + read]};
        };
        read_all(backward_read(config_, bits), code_of, static_cast<std::size_t>(config_.columns), cells.rows, errors,
                 bits, sums, accumulate);
    }

private:
    template <class CodeOf>
    void read_all(const PairRead& read, const CodeOf& code_of, std::size_t array_lines, std::size_t read_lines,
                  const ConstMatrix& inputs, int bits, const MutableMatrix& sums, bool accumulate) const
    {
        const PulseCode code = pulse_code(config_, bits);
        const AdcRange adc = adc_range(config_, read.is_signed);
        const std::size_t active = std::min(array_lines, static_cast<std::size_t>(config_.active_lines));
        for (std::size_t position = 0; position < inputs.rows; ++position) {
            for (std::size_t line = 0; line < read_lines; ++line) {
                std::int64_t sum = 0;
                for (std::size_t tile = 0; tile < inputs.columns; tile += array_lines) {
                    const std::size_t tile_end = std::min(inputs.columns, tile + array_lines);
                    for (std::size_t first = tile; first < tile_end; first += active) {
                        const std::size_t end = std::min(tile_end, first + active);
                        sum += read_group(read, code, adc, code_of, inputs, position, line, first, end);
                    }
                }
                deliver_sum(sums, position, line, sum, accumulate);
            }
        }
    }

    /// One group of driven lines and one read line: all slices, all pulses.
    template <class CodeOf>
    std::int64_t read_group(const PairRead& read, const PulseCode& code, const AdcRange& adc, const CodeOf& code_of,
                            const ConstMatrix& inputs, std::size_t position, std::size_t line, std::size_t first,
                            std::size_t end) const
    {
        std::int64_t sum = 0;
        const int mask = (1 << config_.cell_bits) - 1;
        for (int slice = 0; slice < slices_; ++slice) {
            for (int pulse = 0; pulse < code.pulses(); ++pulse) {
                std::int64_t positive = 0;
                std::int64_t negative = 0;
                for (std::size_t driven = first; driven < end; ++driven) {
                    const int weight = code_of(driven, line);
                    const std::int64_t level = (std::abs(weight) >> (slice * config_.cell_bits)) & mask;
                    const std::int64_t drives = digit(element_at(inputs, position, driven), code, pulse);
                    (weight < 0 ? negative : positive) += drives * level;
                }
                const std::int64_t converted = read.difference
                                                   ? adc.convert(static_cast<std::int32_t>(positive - negative))
                                                   : std::int64_t{adc.convert(static_cast<std::int32_t>(positive))} -
                                                         adc.convert(static_cast<std::int32_t>(negative));
                const bool counts_negative = code.sign_alone() && pulse + 1 == code.pulses();
                sum += (counts_negative ? -converted : converted) *
                       (std::int64_t{1} << (pulse * code.bits_a_pulse + slice * config_.cell_bits));
            }
        }
        return sum;
    }

    CrossbarConfig config_;
    int slices_;
};

}  // namespace

std::unique_ptr<CrossbarReader> make_naive_bit_serial_reader(const CrossbarConfig& config, int weight_bits)
{
    return std::make_unique<NaiveReader>(config, weight_bits);
}

}  // namespace wagesim::chip
