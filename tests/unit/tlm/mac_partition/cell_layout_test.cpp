// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What stands in cells, against the definition of a convolution and of its error: by codes, and by what cells dedicated
// to backward give for windows of the operands.
#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <vector>

#include "tlm/mac_partition/cell_layout.hpp"
#include "tlm/mac_partition/copies.hpp"
#include "tlm/mac_partition/operand_windows.hpp"

namespace wagesim::chip {
namespace {

struct LayerShape {
    int in_c, in_h, in_w, out_c, kernel_h, kernel_w, stride, pad;
};

std::ostream& operator<<(std::ostream& out, const LayerShape& shape)
{
    return out << shape.in_c << "x" << shape.in_h << "x" << shape.in_w << "_" << shape.out_c << "x" << shape.kernel_h
               << "x" << shape.kernel_w << "_stride_" << shape.stride << "_pad_" << shape.pad;
}

class Layouts : public ::testing::TestWithParam<LayerShape> {
protected:
    Layouts()
    {
        const LayerShape& shape = GetParam();
        g_.in_c = shape.in_c;
        g_.in_h = shape.in_h;
        g_.in_w = shape.in_w;
        g_.out_c = shape.out_c;
        g_.kernel_h = shape.kernel_h;
        g_.kernel_w = shape.kernel_w;
        g_.stride = shape.stride;
        g_.pad = shape.pad;
        g_.acc_h = (g_.in_h + 2 * g_.pad - g_.kernel_h) / g_.stride + 1;
        g_.acc_w = (g_.in_w + 2 * g_.pad - g_.kernel_w) / g_.stride + 1;
        std::mt19937 engine(3);
        codes_.resize(extent(g_.weights()));
        for (auto& code : codes_) code = static_cast<std::int8_t>(static_cast<int>(engine() % 255) - 127);
        errors_.resize(extent(g_.accumulators()));
        for (auto& error : errors_) error = static_cast<std::int16_t>(static_cast<int>(engine() % 255) - 127);
    }

    int code(int o, int c, int kh, int kw) const
    {
        return codes_[extent(((o * g_.in_c + c) * g_.kernel_h + kh) * g_.kernel_w + kw)];
    }
    std::vector<std::int8_t> column(CellLayout layout, std::size_t of, std::size_t first, std::size_t end) const
    {
        std::vector<std::int8_t> out(end - first);
        gather_column(g_, layout, codes_.data(), of, first, end, out.data());
        return out;
    }
    std::vector<std::int8_t> column(CellLayout layout, std::size_t of) const
    {
        return column(layout, of, 0, cell_matrix(g_, layout).rows);
    }
    /// Of input (c, y, x), by the definition.
    long error_of(int c, int y, int x) const
    {
        long sum = 0;
        for (int o = 0; o < g_.out_c; ++o) {
            for (int kh = 0; kh < g_.kernel_h; ++kh) {
                for (int kw = 0; kw < g_.kernel_w; ++kw) {
                    const int ay = y + g_.pad - kh;
                    const int ax = x + g_.pad - kw;
                    if (ay < 0 || ax < 0 || ay % g_.stride != 0 || ax % g_.stride != 0) continue;
                    if (ay / g_.stride >= g_.acc_h || ax / g_.stride >= g_.acc_w) continue;
                    const int at = (ay / g_.stride * g_.acc_w + ax / g_.stride) * g_.out_c + o;
                    sum += long{errors_[extent(at)]} * code(o, c, kh, kw);
                }
            }
        }
        return sum;
    }

    LayerGeometry g_;
    std::vector<std::int8_t> codes_;
    std::vector<std::int16_t> errors_;  ///< channel-last, shaped like the accumulators
};

TEST_P(Layouts, SharedRowsAreTapsOfChannels)
{
    const CellMatrix matrix = cell_matrix(g_, CellLayout::shared);
    ASSERT_EQ(matrix.rows, extent(g_.fan_in()));
    ASSERT_EQ(matrix.columns, extent(g_.out_c));
    ASSERT_EQ(matrix.positions(), extent(g_.positions()));
    for (int o = 0; o < g_.out_c; ++o) {
        const auto rows = column(CellLayout::shared, extent(o));
        std::size_t row = 0;
        for (int kh = 0; kh < g_.kernel_h; ++kh) {
            for (int kw = 0; kw < g_.kernel_w; ++kw) {
                for (int c = 0; c < g_.in_c; ++c) ASSERT_EQ(rows[row++], code(o, c, kh, kw));
            }
        }
    }
}

TEST_P(Layouts, PartsOfAColumnAreParts)
{
    for (const CellLayout layout : {CellLayout::shared, CellLayout::transposed}) {
        const CellMatrix matrix = cell_matrix(g_, layout);
        const auto whole = column(layout, matrix.columns - 1);
        for (std::size_t first = 0; first < matrix.rows; first += 2) {
            for (std::size_t end = first + 1; end <= matrix.rows; end += 3) {
                const auto part = column(layout, matrix.columns - 1, first, end);
                ASSERT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first)));
            }
        }
    }
}

TEST_P(Layouts, CodesComeBack)
{
    for (const CellLayout layout : {CellLayout::shared, CellLayout::transposed}) {
        std::vector<std::int8_t> back(codes_.size(), 111);
        for (std::size_t of = 0; of < cell_matrix(g_, layout).columns; ++of) {
            scatter_column(g_, layout, column(layout, of).data(), of, back.data());
        }
        EXPECT_EQ(back, codes_);
    }
}

TEST_P(Layouts, TransposedCellsGiveTheError)
{
    const CellMatrix matrix = cell_matrix(g_, CellLayout::transposed);
    std::vector<std::int16_t> driven(matrix.positions() * matrix.rows);
    if (windows_are_contiguous(g_)) {
        ASSERT_EQ(driven.size(), errors_.size());
        driven = errors_;
    } else {
        const OperandWindows windows(g_, RowIndex(0), RowIndex(matrix.rows), sizeof(std::int16_t));
        ASSERT_EQ(windows.rows(), matrix.rows);
        windows.gather(reinterpret_cast<const std::byte*>(errors_.data()), 0, matrix.height,
                       reinterpret_cast<std::byte*>(driven.data()));
    }
    std::size_t compared = 0;
    for (std::size_t of = 0; of < matrix.columns; ++of) {
        const auto cells = column(CellLayout::transposed, of);
        for (std::size_t position = 0; position < matrix.positions(); ++position) {
            long sum = 0;
            for (std::size_t row = 0; row < matrix.rows; ++row) {
                sum += long{driven[position * matrix.rows + row]} * cells[row];
            }
            // Channel-last: a position's columns are its input's channels, or all of the input's elements.
            const auto at = static_cast<int>(position * matrix.columns + of);
            ASSERT_EQ(sum, error_of(at % g_.in_c, at / g_.in_c / g_.in_w, at / g_.in_c % g_.in_w));
            ++compared;
        }
    }
    EXPECT_EQ(compared, extent(g_.inputs()));
}

class OverlappingLayouts : public Layouts {};

TEST_P(OverlappingLayouts, PartsOfOperandWindowsAreParts)
{
    const CellMatrix matrix = cell_matrix(g_, CellLayout::transposed);
    const auto gathered = [&](std::size_t first_row, std::size_t end_row, std::size_t first, std::size_t end) {
        const OperandWindows windows(g_, RowIndex(first_row), RowIndex(end_row), sizeof(std::int16_t));
        std::vector<std::int16_t> out((end - first) * matrix.width * windows.rows());
        windows.gather(reinterpret_cast<const std::byte*>(errors_.data()), first, end,
                       reinterpret_cast<std::byte*>(out.data()));
        return out;
    };
    const auto whole = gathered(0, matrix.rows, 0, matrix.height);
    const std::size_t first_row = matrix.rows / 3;
    const std::size_t end_row = matrix.rows - 1;
    const auto part = gathered(first_row, end_row, 1, matrix.height);
    std::size_t at = 0;
    for (std::size_t position = matrix.width; position < matrix.positions(); ++position) {
        for (std::size_t row = first_row; row < end_row; ++row) {
            ASSERT_EQ(part[at++], whole[position * matrix.rows + row]);
        }
    }
    EXPECT_EQ(at, part.size());
}

const auto kOverlapping = ::testing::Values(LayerShape{3, 6, 5, 4, 3, 3, 1, 1}, LayerShape{2, 7, 6, 3, 3, 3, 2, 0},
                                            LayerShape{4, 8, 9, 2, 5, 5, 3, 2}, LayerShape{3, 5, 5, 2, 1, 1, 2, 0},
                                            LayerShape{2, 5, 5, 3, 5, 5, 1, 2}, LayerShape{1, 9, 4, 2, 2, 3, 2, 1});
INSTANTIATE_TEST_SUITE_P(Overlapping, Layouts, kOverlapping);
INSTANTIATE_TEST_SUITE_P(Overlapping, OverlappingLayouts, kOverlapping);
INSTANTIATE_TEST_SUITE_P(Contiguous, Layouts,
                         ::testing::Values(LayerShape{5, 4, 3, 6, 1, 1, 1, 0}, LayerShape{3, 4, 2, 7, 4, 2, 1, 0},
                                           LayerShape{6, 1, 1, 5, 1, 1, 1, 0}));

TEST(CopyShares, CoverAllRowsOnce)
{
    for (std::size_t rows = 1; rows < 40; ++rows) {
        for (std::size_t copies = 1; copies < 12; ++copies) {
            const CopyShares shares(rows, copies);
            std::size_t next = 0;
            std::size_t largest = 0;
            shares.for_each(0, rows, [&](std::size_t copy, std::size_t first, std::size_t end) {
                EXPECT_EQ(first, next);
                EXPECT_EQ(first, shares.first(copy));
                EXPECT_EQ(end, shares.end(copy));
                largest = std::max(largest, end - first);
                next = end;
            });
            EXPECT_EQ(next, rows);
            EXPECT_EQ(largest, shares.largest());
            std::size_t inner = 0;
            shares.for_each(rows / 3, rows,
                            [&](std::size_t, std::size_t first, std::size_t end) { inner += end - first; });
            EXPECT_EQ(inner, rows - rows / 3);
        }
    }
}

}  // namespace
}  // namespace wagesim::chip
