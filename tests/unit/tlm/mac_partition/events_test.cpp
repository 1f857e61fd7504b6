// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Events of a partition's commands, counted one by one as docs/modules/mac_partition.md defines them: array by array,
// pulse by pulse, window by window.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <vector>

#include "tlm/crossbar/crossbar_timing.hpp"
#include "tlm/mac_partition/line_activity.hpp"
#include "tlm/mac_partition/partition_events.hpp"

namespace wagesim::chip {
namespace {

LayerGeometry random_layer(std::mt19937& random)
{
    const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    LayerGeometry g;
    g.kind = Layer::Kind::conv;
    g.hidden = true;
    g.in_c = pick(1, 5);
    g.out_c = pick(1, 9);
    g.kernel_h = g.kernel_w = 1 + 2 * pick(0, 1);
    g.stride = pick(1, 2);
    g.pad = pick(0, 2);
    g.in_h = pick(3, 6);
    g.in_w = pick(3, 6);
    g.acc_h = (g.in_h + 2 * g.pad - g.kernel_h) / g.stride + 1;
    g.acc_w = (g.in_w + 2 * g.pad - g.kernel_w) / g.stride + 1;
    g.out_h = g.acc_h;
    g.out_w = g.acc_w;
    return g;
}

/// Digits other than 0, by the words of docs/modules/crossbar.md.
std::uint64_t driven_digits(int value, const CrossbarConfig& config, int bits)
{
    const bool magnitude = config.input_coding == InputCoding::sign_magnitude;
    unsigned code =
        static_cast<unsigned>(magnitude ? std::abs(value) : value) & ((1U << static_cast<unsigned>(bits)) - 1U);
    std::uint64_t count = 0;
    for (int left = magnitude ? bits - 1 : bits; left > 0; left -= config.dac_bits) {
        const int here = std::min(left, config.dac_bits);
        count += (code & ((1U << static_cast<unsigned>(here)) - 1U)) != 0 ? 1U : 0U;
        code >>= static_cast<unsigned>(here);
    }
    return count;
}

CrossbarConfig random_crossbar(std::mt19937& random)
{
    CrossbarConfig config;
    config.rows = 1 + static_cast<int>(random() % 20);
    config.columns = 1 + static_cast<int>(random() % 6);
    config.active_lines = 1 + static_cast<int>(random() % 12);
    config.dac_bits = 1 + static_cast<int>(random() % 3);
    config.cell_bits = 1 + static_cast<int>(random() % 3);
    config.subtract = random() % 2 == 0 ? Subtract::analog : Subtract::digital;
    config.backward_read = random() % 2 == 0 ? BackwardRead::two_phase : BackwardRead::bipolar;
    config.input_coding = random() % 2 == 0 ? InputCoding::twos_complement : InputCoding::sign_magnitude;
    return config;
}

std::map<Event, std::uint64_t> summed(const std::vector<EventCount>& events)
{
    std::map<Event, std::uint64_t> out;
    for (const EventCount& each : events) out[each.event] += each.count;
    return out;
}

/// Calls visit(driven lines, read lines) for every group of lines of every array that is driven at once.
template <class Visit>
void for_each_read(std::size_t driven, std::size_t array_driven, std::size_t read, std::size_t array_read,
                   std::size_t active, const Visit& visit)
{
    for (std::size_t d = 0; d < driven; d += array_driven) {
        const std::size_t lines = std::min(array_driven, driven - d);
        for (std::size_t r = 0; r < read; r += array_read) {
            for (std::size_t first = 0; first < lines; first += active) {
                visit(std::min(active, lines - first), std::min(array_read, read - r));
            }
        }
    }
}

TEST(PartitionEvents, AreThoseOfEveryArrayPulseAndPosition)
{
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        PartitionLayer layer;
        layer.geometry = random_layer(random);
        layer.input_bits = 2 + static_cast<int>(random() % 7);
        layer.operand_bits = 2 + static_cast<int>(random() % 9);
        PartitionEvents events;
        events.crossbar = random_crossbar(random);
        events.weight_bits = 2 + static_cast<int>(random() % 7);
        const CrossbarConfig& c = events.crossbar;
        const LayerGeometry& g = layer.geometry;
        const auto rows = static_cast<std::size_t>(g.fan_in());
        const auto columns = static_cast<std::size_t>(g.out_c);
        const CellBlock block{RowIndex(0), RowIndex(rows), ColumnIndex(0), ColumnIndex(columns)};
        const auto positions = 3 * static_cast<std::uint64_t>(g.positions());
        const auto slices = static_cast<std::uint64_t>(weight_slices(c, events.weight_bits));

        std::map<Event, std::uint64_t> forward, backward;
        for_each_read(rows, static_cast<std::size_t>(c.rows), columns, static_cast<std::size_t>(c.columns),
                      static_cast<std::size_t>(std::min(c.active_lines, c.rows)),
                      [&](std::size_t driven, std::size_t read) {
                          const std::uint64_t pulses = positions * slices * driver_pulses(c, layer.input_bits);
                          forward[Event::array_read] += pulses;
                          forward[Event::cell_pulse] += pulses * driven * read;
                          forward[Event::line_pulse] += pulses * driven;
                          forward[Event::conversion] += pulses * read * (c.subtract == Subtract::digital ? 2U : 1U);
                      });
        for_each_read(columns, static_cast<std::size_t>(c.columns), rows, static_cast<std::size_t>(c.rows),
                      static_cast<std::size_t>(std::min(c.active_lines, c.columns)),
                      [&](std::size_t driven, std::size_t read) {
                          const std::uint64_t phases = c.backward_read == BackwardRead::two_phase ? 2 : 1;
                          const std::uint64_t pulses = positions * slices * driver_pulses(c, layer.operand_bits);
                          backward[Event::array_read] += pulses * phases;
                          backward[Event::cell_pulse] += pulses * phases * driven * read;
                          backward[Event::line_pulse] += pulses * 2 * driven;
                          backward[Event::conversion] += pulses * phases * read;
                      });
        PartitionForward up;
        up.samples = {0, 3};
        up.block = block;
        PartitionBackward down;
        down.samples = {0, 3};
        down.block = block;
        auto got_forward = summed(events.of(up, layer));
        auto got_backward = summed(events.of(down, layer));
        for (const Event each : {Event::array_read, Event::cell_pulse, Event::line_pulse, Event::conversion}) {
            EXPECT_EQ(got_forward[each], forward[each]) << "forward " << describe(each).name << ", round " << round;
            EXPECT_EQ(got_backward[each], backward[each]) << "backward " << describe(each).name << ", round " << round;
        }
        EXPECT_EQ(got_forward[Event::shift_add], forward[Event::conversion]);
        // A sum of n arrays' sums takes n - 1 additions.
        const std::uint64_t row_tiles =
            (rows + static_cast<std::size_t>(c.rows) - 1) / static_cast<std::size_t>(c.rows);
        EXPECT_EQ(got_forward[Event::tree_add], positions * columns * (row_tiles * slices - 1));
        PartitionProgram program;
        program.block = block;
        EXPECT_EQ(summed(events.of(program, layer))[Event::cell_verify], rows * columns * slices);
        PartitionEvents verified = events;
        verified.write_pulses = 4;
        EXPECT_EQ(summed(verified.of(program, layer))[Event::cell_verify], 4 * rows * columns * slices);
        EXPECT_EQ(summed(verified.of(program, layer))[Event::row_write],
                  4 * summed(events.of(program, layer))[Event::row_write]);
    }
}

TEST(LineActivity, IsThatOfEveryWindow)
{
    std::mt19937 random(13);
    for (int round = 0; round < 60; ++round) {
        std::vector<std::uint32_t> scratch;
        const LayerGeometry g = random_layer(random);
        const CrossbarConfig config = random_crossbar(random);
        const int bits = round % 3 == 0 ? 5 : 8;
        constexpr std::size_t kSamples = 3;
        const int limit = (1 << (bits - 1)) - 1;
        std::vector<std::int8_t> inputs(kSamples * static_cast<std::size_t>(g.inputs()));
        for (auto& code : inputs)
            code = static_cast<std::int8_t>(std::uniform_int_distribution<int>(-limit, limit)(random));
        std::vector<std::int16_t> operands(kSamples * static_cast<std::size_t>(g.accumulators()));
        for (auto& code : operands)
            code = static_cast<std::int16_t>(std::uniform_int_distribution<int>(-511, 511)(random));

        std::vector<std::uint64_t> rows(static_cast<std::size_t>(g.fan_in()));
        std::vector<std::uint64_t> columns(static_cast<std::size_t>(g.out_c));
        for (std::size_t n = 0; n < kSamples; ++n) {
            for (int y = 0; y < g.acc_h; ++y) {
                for (int x = 0; x < g.acc_w; ++x) {
                    std::size_t row = 0;
                    for (int kh = 0; kh < g.kernel_h; ++kh) {
                        for (int kw = 0; kw < g.kernel_w; ++kw) {
                            for (int c = 0; c < g.in_c; ++c, ++row) {
                                const int in_y = y * g.stride + kh - g.pad;
                                const int in_x = x * g.stride + kw - g.pad;
                                if (in_y < 0 || in_y >= g.in_h || in_x < 0 || in_x >= g.in_w) continue;
                                const std::size_t at =
                                    ((n * static_cast<std::size_t>(g.in_h) + static_cast<std::size_t>(in_y)) *
                                         static_cast<std::size_t>(g.in_w) +
                                     static_cast<std::size_t>(in_x)) *
                                        static_cast<std::size_t>(g.in_c) +
                                    static_cast<std::size_t>(c);
                                rows[row] += driven_digits(inputs[at], config, bits);
                            }
                        }
                    }
                    for (std::size_t o = 0; o < columns.size(); ++o) {
                        const std::size_t position =
                            (n * static_cast<std::size_t>(g.acc_h) + static_cast<std::size_t>(y)) *
                                static_cast<std::size_t>(g.acc_w) +
                            static_cast<std::size_t>(x);
                        columns[o] += driven_digits(operands[position * columns.size() + o], config, 10);
                    }
                }
            }
        }
        const CellBlock whole{RowIndex(0), RowIndex(rows.size()), ColumnIndex(0), ColumnIndex(columns.size())};
        EXPECT_EQ(row_pulses(g, whole, PulseCounter(pulse_code(config, bits)), inputs.data(), kSamples, scratch), rows);
        EXPECT_EQ(column_pulses(g, whole, PulseCounter(pulse_code(config, 10)), operands.data(), ElementType::int16,
                                kSamples, scratch),
                  columns);
        // Part of the rows and columns.
        const std::size_t first = rows.size() / 3;
        const CellBlock part{RowIndex(first), RowIndex(rows.size()), ColumnIndex(columns.size() / 2),
                             ColumnIndex(columns.size())};
        EXPECT_EQ(row_pulses(g, part, PulseCounter(pulse_code(config, bits)), inputs.data(), kSamples, scratch),
                  std::vector<std::uint64_t>(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end()));
        EXPECT_EQ(column_pulses(g, part, PulseCounter(pulse_code(config, 10)), operands.data(), ElementType::int16,
                                kSamples, scratch),
                  std::vector<std::uint64_t>(columns.begin() + static_cast<std::ptrdiff_t>(columns.size() / 2),
                                             columns.end()));
    }
}

}  // namespace
}  // namespace wagesim::chip
