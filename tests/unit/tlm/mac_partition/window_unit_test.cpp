// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Windows against the definition of a convolution's input, and their overlaps against the transposed definition.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tlm/mac_partition/row_blocks.hpp"
#include "tlm/mac_partition/window_unit.hpp"

namespace wagesim::chip {
namespace {

struct Shape {
    int channels, extent, kernel, stride, pad;
};

LayerGeometry geometry(const Shape& shape)
{
    LayerGeometry g;
    g.kind = Layer::Kind::conv;
    g.in_c = shape.channels;
    g.in_h = shape.extent;
    g.in_w = shape.extent + 1;
    g.out_c = 3;
    g.kernel_h = g.kernel_w = shape.kernel;
    g.stride = shape.stride;
    g.pad = shape.pad;
    g.acc_h = (g.in_h + 2 * shape.pad - shape.kernel) / shape.stride + 1;
    g.acc_w = (g.in_w + 2 * shape.pad - shape.kernel) / shape.stride + 1;
    return g;
}

/// Index of what matrix row `row` of the window at (y, x) reads in a sample, or -1 in the padding.
long input_of(const LayerGeometry& g, int y, int x, int row)
{
    const int channel = row % g.in_c;
    const int in_x = x * g.stride - g.pad + row / g.in_c % g.kernel_w;
    const int in_y = y * g.stride - g.pad + row / g.in_c / g.kernel_w;
    if (in_x < 0 || in_x >= g.in_w || in_y < 0 || in_y >= g.in_h) return -1;
    return (long{in_y} * g.in_w + in_x) * g.in_c + channel;
}

class Windows : public ::testing::TestWithParam<Shape> {
protected:
    Windows() : g_(geometry(GetParam())), engine_(11) {}

    void check_rows(int first_row, int end_row)
    {
        const WindowUnit unit(g_, RowIndex(static_cast<std::size_t>(first_row)),
                              RowIndex(static_cast<std::size_t>(end_row)));
        check_gather(unit, first_row, 0, g_.acc_h);
        if (g_.acc_h > 2) check_gather(unit, first_row, 1, g_.acc_h - 1);
        check_scatter(unit, first_row);
    }

    void check_gather(const WindowUnit& unit, int first_row, int first, int end)
    {
        std::vector<std::int8_t> sample(static_cast<std::size_t>(g_.inputs()));
        for (auto& value : sample) value = static_cast<std::int8_t>(engine_() % 255);
        const auto rows = static_cast<std::size_t>(end - first);
        std::vector<std::int8_t> windows(rows * static_cast<std::size_t>(g_.acc_w) * unit.rows() + WindowUnit::kSlack);
        std::vector<std::int8_t> padded(unit.padded_elements(rows));
        unit.gather(sample.data(), static_cast<std::size_t>(first), static_cast<std::size_t>(end), windows.data(),
                    padded.data());
        std::size_t at = 0;
        for (int y = first; y < end; ++y) {
            for (int x = 0; x < g_.acc_w; ++x) {
                for (std::size_t r = 0; r < unit.rows(); ++r, ++at) {
                    const long input = input_of(g_, y, x, first_row + static_cast<int>(r));
                    ASSERT_EQ(windows[at], input < 0 ? 0 : sample[static_cast<std::size_t>(input)]) << y << " " << x;
                }
            }
        }
    }

    void check_scatter(const WindowUnit& unit, int first_row)
    {
        std::vector<std::int32_t> sums(static_cast<std::size_t>(g_.positions()) * unit.rows());
        for (auto& value : sums) value = static_cast<std::int32_t>(engine_() % 2001) - 1000;
        std::vector<std::int32_t> expected(static_cast<std::size_t>(g_.inputs()), 5);
        std::size_t at = 0;
        for (int y = 0; y < g_.acc_h; ++y) {
            for (int x = 0; x < g_.acc_w; ++x) {
                for (std::size_t r = 0; r < unit.rows(); ++r, ++at) {
                    const long input = input_of(g_, y, x, first_row + static_cast<int>(r));
                    if (input >= 0) expected[static_cast<std::size_t>(input)] += sums[at];
                }
            }
        }
        std::vector<std::int32_t> ring(unit.ring_elements(), 0);
        const auto middle = static_cast<std::size_t>(g_.acc_h / 2);
        unit.scatter(sums.data(), 0, middle, ring.data());
        unit.scatter(sums.data() + middle * static_cast<std::size_t>(g_.acc_w) * unit.rows(), middle,
                     static_cast<std::size_t>(g_.acc_h), ring.data());
        std::vector<std::int32_t> errors(expected.size(), 5);
        unit.drain(ring.data(), errors.data(), true);
        EXPECT_EQ(errors, expected);
        unit.drain(ring.data(), errors.data(), false);
        for (auto& value : expected) value -= 5;
        EXPECT_EQ(errors, expected);
    }

    LayerGeometry g_;
    std::mt19937 engine_;
};

TEST_P(Windows, AllRows)
{
    check_rows(0, static_cast<int>(g_.fan_in()));
}

TEST_P(Windows, PartOfTheRows)
{
    const int rows = static_cast<int>(g_.fan_in());
    if (rows > 2) check_rows(rows / 3, rows - 1);
    check_rows(rows - 1, rows);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Windows,
                         ::testing::Values(Shape{1, 7, 5, 1, 2}, Shape{3, 6, 3, 1, 1}, Shape{2, 8, 3, 2, 0},
                                           Shape{32, 5, 5, 1, 2}, Shape{1, 4, 1, 1, 0}, Shape{5, 4, 1, 2, 1},
                                           Shape{70, 3, 3, 1, 0}, Shape{4, 9, 5, 3, 4}));

TEST(WindowUnit, ContiguousWindowsAreThoseOfDenseLayersAndPointwiseOnes)
{
    EXPECT_TRUE(windows_are_contiguous(geometry({3, 4, 1, 1, 0})));
    EXPECT_FALSE(windows_are_contiguous(geometry({3, 4, 1, 2, 0})));
    EXPECT_FALSE(windows_are_contiguous(geometry({3, 4, 1, 1, 1})));
    EXPECT_FALSE(windows_are_contiguous(geometry({3, 4, 3, 1, 1})));
    LayerGeometry dense = geometry({3, 4, 1, 1, 0});
    dense.kernel_h = dense.in_h;
    dense.kernel_w = dense.in_w;
    EXPECT_TRUE(windows_are_contiguous(dense));
}

TEST(RowBlocks, CoverEveryRowOnceWithinTheirSample)
{
    for (const std::size_t target : {1U, 100U, 1000U, 100000U}) {
        for (const std::size_t unit : {0U, 1U, 2U, 3U}) {
            const RowBlocks blocks(5, 7, unit, 10, target, 2);
            std::size_t next = 0;
            for (std::size_t i = 0; i < blocks.count(); ++i) {
                ASSERT_EQ(blocks.first(i), next);
                ASSERT_GT(blocks.end(i), next);
                next = blocks.end(i);
                const bool whole = blocks.first(i) % 7 == 0 && next % 7 == 0;
                ASSERT_TRUE(whole || (unit > 0 && blocks.first(i) / 7 == (next - 1) / 7));
                ASSERT_TRUE(whole || (blocks.first(i) % 7) % unit == 0);
            }
            EXPECT_EQ(next, 35U);
        }
    }
}

}  // namespace
}  // namespace wagesim::chip
