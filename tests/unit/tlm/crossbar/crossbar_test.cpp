// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cells against a plain matrix, wear against cells kept array by array, cycles against figures worked out by hand.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <type_traits>
#include <vector>

#include "tlm/common/invariant.hpp"
#include "tlm/crossbar/crossbar_grid.hpp"
#include "tlm/crossbar/crossbar_timing.hpp"

namespace wagesim::chip {
namespace {

static_assert(!std::is_convertible_v<RowIndex, ColumnIndex> && !std::is_constructible_v<ColumnIndex, RowIndex>,
              "swapping rows and columns must not compile");

CrossbarConfig small_arrays()
{
    CrossbarConfig config;
    config.rows = 4;
    config.columns = 3;
    return config;
}

CellBlock block(std::size_t first_row, std::size_t end_row, std::size_t first_column, std::size_t end_column)
{
    return {RowIndex(first_row), RowIndex(end_row), ColumnIndex(first_column), ColumnIndex(end_column)};
}

/// Some code of every matrix element, different in each version.
std::int8_t code(std::size_t row, std::size_t column, int version, int limit)
{
    const auto mixed = static_cast<int>((row * 31 + column * 17 + static_cast<std::size_t>(version) * 7) % 1009);
    return static_cast<std::int8_t>(mixed % (2 * limit + 1) - limit);
}

CrossbarGrid::ColumnSource source_of(const CellBlock& of, int version, int limit)
{
    return [=](ColumnIndex column, std::int8_t* to) {
        for (std::size_t row = of.first_row.value(); row < of.end_row.value(); ++row) {
            *to++ = code(row, column.value(), version, limit);
        }
    };
}

TEST(CrossbarGrid, ReadsBackWhatWasProgrammed)
{
    CrossbarGrid grid(small_arrays(), 6, 4, make_exact_reader());
    const CellBlock of = block(3, 12, 5, 9);  // 3 x 2 tiles, none of them full
    EXPECT_EQ(grid.tiles_of(of), 6U);
    grid.program(of, source_of(of, 1, 7));
    EXPECT_TRUE(grid.block() == of);
    for (std::size_t column = 5; column < 9; ++column) {
        for (std::size_t row = 3; row < 12; ++row) {
            EXPECT_EQ(grid.column(ColumnIndex(column))[row - 3], code(row, column, 1, 7));
        }
    }
}

TEST(CrossbarGrid, SumsForwardAndBackwardThroughTheSameCells)
{
    const CellBlock of = block(0, 10, 0, 7);
    CrossbarGrid grid(small_arrays(), 9, 8, make_exact_reader());
    grid.program(of, source_of(of, 2, 127));
    constexpr std::size_t kPositions = 5;
    std::mt19937 engine(7);
    std::uniform_int_distribution<int> codes(-127, 127);
    std::vector<std::int8_t> inputs(kPositions * 10), errors(kPositions * 7);
    for (auto& value : inputs) value = static_cast<std::int8_t>(codes(engine));
    for (auto& value : errors) value = static_cast<std::int8_t>(codes(engine));
    std::vector<std::int32_t> sums(kPositions * 7, 1), row_sums(kPositions * 10, 1);
    const auto matrix = [](const std::vector<std::int8_t>& data, std::size_t columns) {
        ConstMatrix out;
        out.data = data.data();
        out.rows = kPositions;
        out.columns = out.stride = columns;
        return out;
    };
    grid.forward(matrix(inputs, 10), 8, {sums.data(), ElementType::int32, kPositions, 7, 7}, false);
    grid.backward(matrix(errors, 7), 8, {row_sums.data(), ElementType::int32, kPositions, 10, 10}, true);
    for (std::size_t p = 0; p < kPositions; ++p) {
        for (std::size_t column = 0; column < 7; ++column) {
            std::int32_t expected = 0;
            for (std::size_t row = 0; row < 10; ++row) expected += inputs[p * 10 + row] * code(row, column, 2, 127);
            EXPECT_EQ(sums[p * 7 + column], expected);
        }
        for (std::size_t row = 0; row < 10; ++row) {
            std::int32_t expected = 1;
            for (std::size_t column = 0; column < 7; ++column) {
                expected += errors[p * 7 + column] * code(row, column, 2, 127);
            }
            EXPECT_EQ(row_sums[p * 10 + row], expected);
        }
    }
}

TEST(CrossbarGrid, CountsCellsThatChangeWhateverStoodInTheArraysBefore)
{
    // Arrays as they physically are, programmed side by side with the grid.
    const CrossbarConfig config = small_arrays();
    CrossbarGrid grid(config, 5, 3, make_exact_reader());
    std::vector<std::int8_t> cells(5 * 4 * 3, 0);
    const CellBlock blocks[] = {block(0, 4, 0, 15), block(0, 8, 0, 6),  block(0, 20, 0, 3), block(2, 9, 1, 7),
                                block(0, 8, 0, 6),  block(0, 12, 0, 2), block(0, 4, 0, 15)};
    std::uint64_t total = 0;
    for (int version = 0; version < 7; ++version) {
        const CellBlock& of = blocks[version];
        const std::size_t row_tiles = (of.rows() + 3) / 4;
        std::uint64_t expected = 0;
        for (std::size_t column = 0; column < of.columns(); ++column) {
            for (std::size_t row = 0; row < of.rows(); ++row) {
                const std::size_t array = column / 3 * row_tiles + row / 4;
                std::int8_t& cell = cells[(array * 3 + column % 3) * 4 + row % 4];
                const std::int8_t next = code(of.first_row.value() + row, of.first_column.value() + column, version, 3);
                expected += cell != next ? 1U : 0U;
                cell = next;
            }
        }
        EXPECT_EQ(grid.program(of, source_of(of, version, 3)).codes, expected) << "block " << version;
        EXPECT_EQ(grid.program(of, source_of(of, version, 3)).codes, 0U) << "the same block again";
        total += expected;
    }
    EXPECT_GT(total, 100U);
}

TEST(CrossbarGrid, CountsRowsInWhichAnythingChanges)
{
    // Arrays of 4 x 3: rows 0 to 9 stand in three row tiles, the last of two rows.
    for (const int weight_bits : {2, 4}) {
        CrossbarGrid grid(small_arrays(), 6, weight_bits, make_exact_reader());
        const CellBlock of = block(0, 10, 0, 5);
        std::vector<std::int8_t> codes(10 * 5, 0);
        const auto program = [&] {
            return grid.program(of, [&](ColumnIndex column, std::int8_t* to) {
                for (std::size_t row = 0; row < 10; ++row) to[row] = codes[column.value() * 10 + row];
            });
        };
        EXPECT_EQ(program().turns, 0U) << "all 0, as erased";
        codes[4 * 10 + 5] = 1;  // row 1 of the second tile
        CellChanges changes = program();
        EXPECT_EQ(changes.turns, 1U);
        EXPECT_EQ(changes.rows, 3U) << "rows 1, 5 and 9 of the block";
        codes[0 * 10 + 3] = -1;  // row 3 of the first tile, which the third one does not have
        codes[2 * 10 + 7] = 1;   // row 3 of the second
        codes[2 * 10 + 8] = 1;   // row 0 of the third
        changes = program();
        EXPECT_EQ(changes.turns, 2U);
        EXPECT_EQ(changes.rows, 2U + 3U);
        changes = program();
        EXPECT_EQ(changes.turns, 0U);
        EXPECT_EQ(changes.rows, 0U);
    }
}

TEST(CrossbarGrid, RefusesWhatDoesNotFit)
{
    CrossbarGrid grid(small_arrays(), 2, 3, make_exact_reader());
    const CellBlock large = block(0, 9, 0, 3);
    EXPECT_THROW(grid.program(large, source_of(large, 0, 3)), InvariantError);
    const CellBlock fits = block(0, 8, 0, 3);
    EXPECT_THROW(grid.program(fits, source_of(fits, 0, 4)), InvariantError);
}

TEST(CrossbarTiming, SlicesAndPulses)
{
    CrossbarConfig config;
    EXPECT_EQ(weight_slices(config, 2), 1);
    EXPECT_EQ(weight_slices(config, 8), 7);
    config.cell_bits = 2;
    EXPECT_EQ(weight_slices(config, 8), 4);
    EXPECT_EQ(driver_pulses(config, 8), 8U);
    config.dac_bits = 3;
    EXPECT_EQ(driver_pulses(config, 8), 3U);
    EXPECT_EQ(driver_pulses(config, 10), 4U);
    config.dac_bits = 1;
    config.input_coding = InputCoding::sign_magnitude;
    EXPECT_EQ(driver_pulses(config, 8), 7U);
}

TEST(CrossbarTiming, PositionsByHand)
{
    CrossbarConfig config;  // 128 x 128, 128 active lines, 8 lines an ADC, two_phase
    EXPECT_EQ(forward_position_cycles(config, 8, 128, 128), 8U * 1 * 8);
    EXPECT_EQ(backward_position_cycles(config, 8, 128, 128), 8U * 1 * 8 * 2);
    config.active_lines = 50;
    EXPECT_EQ(forward_position_cycles(config, 8, 128, 5), 8U * 3 * 5);
    config.subtract = Subtract::digital;
    EXPECT_EQ(forward_position_cycles(config, 8, 100, 128), 8U * 2 * 8 * 2);
    config.backward_read = BackwardRead::bipolar;
    EXPECT_EQ(backward_position_cycles(config, 10, 51, 3), 10U * 2 * 3);
}

TEST(CrossbarTiming, ProgrammingVisitsRowsNotCells)
{
    const CrossbarConfig config;
    EXPECT_EQ(programming_cycles(config, 25), 250U);
    EXPECT_EQ(programming_cycles(config, 3136), 1280U);
}

}  // namespace
}  // namespace wagesim::chip
