// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Pulses of every single cell against arrays kept cell by cell, whatever blocks stand in them one after the other.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "tlm/crossbar/cell_wear.hpp"
#include "tlm/crossbar/crossbar_grid.hpp"

namespace wagesim::chip {
namespace {

constexpr std::size_t kRows = 4, kColumns = 3, kArrays = 6;

/// What single cells hold and what they have taken, one by one.
struct SingleCells {
    using Place = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t, std::size_t>;
    std::map<Place, int> level;
    std::map<Place, std::uint64_t> pulses;

    void write(std::size_t array, std::size_t row, std::size_t column, int code, int weight_bits, int cell_bits)
    {
        int left = code < 0 ? -code : code;
        for (std::size_t slice = 0;
             slice * static_cast<std::size_t>(cell_bits) + 1 < static_cast<std::size_t>(weight_bits); ++slice) {
            const int here = left % (1 << cell_bits);
            left /= 1 << cell_bits;
            for (std::size_t polarity = 0; polarity < 2; ++polarity) {
                const int wanted = (code > 0) == (polarity == 0) ? here : 0;
                const Place place{array, slice, polarity, column, row};
                if (level[place] == wanted) continue;
                level[place] = wanted;
                ++pulses[place];
            }
        }
    }
};

struct Widths {
    int weight_bits, cell_bits;
};

class WearOf : public testing::TestWithParam<Widths> {};

TEST_P(WearOf, EverySingleCellWhateverBlocksStandThere)
{
    const auto [weight_bits, cell_bits] = GetParam();
    CrossbarConfig config;
    config.rows = static_cast<int>(kRows);
    config.columns = static_cast<int>(kColumns);
    config.cell_bits = cell_bits;
    CrossbarGrid grid(config, kArrays, weight_bits, make_exact_reader());
    SingleCells cells;
    std::mt19937 engine(static_cast<unsigned>(weight_bits * 8 + cell_bits));
    const int limit = (1 << (weight_bits - 1)) - 1;
    std::uniform_int_distribution<int> codes(-limit, limit);
    const std::vector<std::pair<std::size_t, std::size_t>> sizes = {{24, 3}, {8, 9}, {7, 8}, {4, 18}, {24, 3}, {1, 1}};
    for (int round = 0; round < 60; ++round) {
        const auto [rows, columns] = sizes[static_cast<std::size_t>(round) % sizes.size()];
        const CellBlock block{RowIndex(2), RowIndex(2 + rows), ColumnIndex(1), ColumnIndex(1 + columns)};
        std::vector<std::int8_t> matrix(rows * columns);
        for (std::int8_t& code : matrix) code = static_cast<std::int8_t>(codes(engine));
        grid.program(block, [&, rows = rows](ColumnIndex column, std::int8_t* to) {
            for (std::size_t row = 0; row < rows; ++row) to[row] = matrix[(column.value() - 1) * rows + row];
        });
        const std::size_t row_tiles = (rows + kRows - 1) / kRows;
        for (std::size_t column = 0; column < columns; ++column) {
            for (std::size_t row = 0; row < rows; ++row) {
                cells.write(column / kColumns * row_tiles + row / kRows, row % kRows, column % kColumns,
                            matrix[column * rows + row], weight_bits, cell_bits);
            }
        }
    }
    std::uint64_t total = 0, most = 0;
    for (const auto& [place, pulses] : cells.pulses) {
        const auto& [array, slice, polarity, column, row] = place;
        EXPECT_EQ(grid.wear().pulses({array, slice, polarity, column}, row), pulses);
        total += pulses;
        most = std::max(most, pulses);
    }
    EXPECT_EQ(grid.wear().total(), total);
    EXPECT_EQ(grid.wear().most(), most);
    EXPECT_GT(total, 1000U);
}

INSTANTIATE_TEST_SUITE_P(Codes, WearOf,
                         testing::Values(Widths{2, 1}, Widths{3, 1}, Widths{8, 1}, Widths{8, 2}, Widths{5, 4}),
                         [](const auto& of) {
                             return "kw" + std::to_string(of.param.weight_bits) + "_cells_of_" +
                                    std::to_string(of.param.cell_bits);
                         });

TEST(CellWear, GoesOnBeyondAByteAndFromACheckpoint)
{
    for (const std::size_t programmings : {1U, 254U, 255U, 256U, 511U, 70000U}) {
        CellWear wear(2, 1, 2, 2);
        for (std::size_t i = 0; i < programmings; ++i) {
            wear.begin_programming(1);
            ++wear.recent({1, 0, 1, 0})[1];
            if (i % 3 == 0) wear.add({0, 0, 0, 1}, 0, 1);
        }
        CellWear resumed(2, 1, 2, 2);
        resumed.restore(wear.state());
        for (const CellWear* const each : {&wear, &resumed}) {
            EXPECT_EQ(each->pulses({1, 0, 1, 0}, 1), programmings);
            EXPECT_EQ(each->pulses({0, 0, 0, 1}, 0), (programmings + 2) / 3);
            EXPECT_EQ(each->most(), programmings);
            EXPECT_EQ(each->total(), programmings + (programmings + 2) / 3);
        }
        resumed.begin_programming(1);
        ++resumed.recent({1, 0, 1, 0})[1];
        EXPECT_EQ(resumed.most(), programmings + 1);
    }
}

TEST(CellWear, TakesManyPulsesInOneProgramming)
{
    CellWear wear(1, 1, 1, 1);
    std::uint64_t expected = 0;
    for (const std::size_t pulses : {200U, 200U, 1000U, 3U, 1000U}) {
        wear.begin_programming(1000);
        wear.add({}, 0, pulses);
        expected += pulses;
        EXPECT_EQ(wear.most(), expected);
    }
}

TEST(CellWear, RefusesTheStateOfOtherCells)
{
    const CellWear small(1, 1, 2, 2), large(2, 1, 2, 2);
    CellWear wear(1, 1, 2, 2);
    EXPECT_NO_THROW(wear.restore(small.state()));
    EXPECT_THROW(wear.restore(large.state()), std::invalid_argument);
    EXPECT_THROW(wear.restore({}), std::invalid_argument);
    EXPECT_THROW(wear.restore({3, 0, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::chip
