// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Byte products with short sums by register tiles. oneDNN's GEMM for AMX adds every tile to the result element by
// element, which costs more than the products themselves where each sum has few of them.
#include <omp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ref/kernels/byte_tile.hpp"
#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/product_paths.hpp"
#include "ref/kernels/scratch.hpp"

namespace wagesim::product {
namespace {

namespace byte_tile = ref::byte_tile;
using ref::Scratch;
using ref::byte_tile::kLanes;
using ref::byte_tile::kLargestRows;
using ref::byte_tile::kStep;
constexpr std::size_t kPanelColumns = ref::byte_tile::kPanelLines;

constexpr std::size_t kRowsAtOnce = 96;             // of a, beside one panel: both stay in a core's first cache
constexpr std::size_t kLongestSum = 256;            // from here on oneDNN's is as fast or faster
constexpr std::size_t kSmallestShared = 1U << 20U;  // products that are worth a team of threads
constexpr std::int32_t kOffset = 128;               // makes a signed byte unsigned

struct Operands {
    byte_tile::Multiplier multiply;
    const std::uint8_t* rows = nullptr;  ///< of a, unsigned, `stride` apart; K is padded to whole steps
    std::size_t stride = 0;
    std::size_t steps = 0;
    const std::uint8_t* panels = nullptr;       ///< of b: step x up to 64 columns x 4
    const std::int32_t* corrections = nullptr;  ///< a column's: what moving a up adds, taken off; else zeros
    bool corrects = false;
};

WAGESIM_MULTIVERSION void move_up(const std::uint8_t* from, std::size_t count, std::uint8_t* to)
{
    for (std::size_t i = 0; i < count; ++i) to[i] = from[i] ^ std::uint8_t{kOffset};
}

WAGESIM_MULTIVERSION void take_off(const std::int8_t* row, std::size_t count, std::int32_t* corrections)
{
    for (std::size_t i = 0; i < count; ++i) corrections[i] -= kOffset * row[i];
}

/// Rows of a as unsigned bytes, one after the other.
void pack_rows(const ConstMatrix& a, bool is_signed, std::size_t length, std::uint8_t* to)
{
    const auto* const from = static_cast<const std::uint8_t*>(a.data);
    const std::size_t rows = a.rows;
    const std::size_t columns = a.columns;
    const std::size_t stride = a.stride;
    const std::uint8_t offset = is_signed ? kOffset : 0;
    if (length != columns) std::memset(to, 0, rows * length);
    for (std::size_t k = 0; a.transposed && k < columns; ++k) {
        for (std::size_t m = 0; m < rows; ++m) to[m * length + k] = from[k * stride + m] ^ offset;
    }
    for (std::size_t m = 0; !a.transposed && m < rows; ++m) {
        if (is_signed) {
            move_up(from + m * stride, columns, to + m * length);
        } else {
            std::memcpy(to + m * length, from + m * stride, columns);
        }
    }
}

/// Four rows of bytes as one row of groups of four.
WAGESIM_MULTIVERSION void interleave(const std::uint8_t* rows, std::size_t stride, std::size_t count, std::uint8_t* to)
{
    for (std::size_t n = 0; n < count; ++n) {
        for (std::size_t j = 0; j < kStep; ++j) to[n * kStep + j] = rows[j * stride + n];
    }
}

/// Columns first .. first + count of b as a panel; steps behind K are zero.
void pack_panel(const ConstMatrix& b, std::size_t first, std::size_t count, std::size_t steps, std::uint8_t* to)
{
    const auto* const from = static_cast<const std::uint8_t*>(b.data);
    const std::size_t width = (count + kLanes - 1) / kLanes * kLanes;
    for (std::size_t step = 0; step < steps; ++step, to += width * kStep) {
        const std::size_t k = step * kStep;
        const std::size_t left = std::min(kStep, b.rows - k);
        if (left < kStep || count < width) std::memset(to, 0, width * kStep);
        if (b.transposed && left == kStep) {
            for (std::size_t n = 0; n < count; ++n)
                std::memcpy(to + n * kStep, from + (first + n) * b.stride + k, kStep);
        } else if (b.transposed) {
            for (std::size_t n = 0; n < count; ++n)
                std::memcpy(to + n * kStep, from + (first + n) * b.stride + k, left);
        } else if (left == kStep) {
            interleave(from + k * b.stride + first, b.stride, count, to);
        } else {
            for (std::size_t j = 0; j < left; ++j) {
                const std::uint8_t* const row = from + (k + j) * b.stride + first;
                for (std::size_t n = 0; n < count; ++n) to[n * kStep + j] = row[n];
            }
        }
    }
}

/// -128 times the sum of each of b's columns first .. first + count.
void sum_columns(const ConstMatrix& b, std::size_t first, std::size_t count, std::int32_t* corrections)
{
    const auto* const from = static_cast<const std::int8_t*>(b.data);
    for (std::size_t k = 0; !b.transposed && k < b.rows; ++k) take_off(from + k * b.stride + first, count, corrections);
    for (std::size_t n = 0; b.transposed && n < count; ++n) {
        const std::int8_t* const column = from + (first + n) * b.stride;
        std::int32_t sum = 0;
        for (std::size_t k = 0; k < b.rows; ++k) sum += column[k];
        corrections[n] = -kOffset * sum;
    }
}

/// One panel's columns of rows first .. end.
void multiply(const Operands& operands, std::size_t first, std::size_t end, std::size_t panel, const MutableMatrix& c,
              bool accumulate)
{
    const std::size_t column = panel * kPanelColumns;
    const std::size_t columns = std::min(kPanelColumns, c.columns - column);
    const std::size_t vectors = (columns + kLanes - 1) / kLanes;
    const std::size_t step = vectors * kLanes * kStep;
    const byte_tile::Walk walk{{}, {}, {operands.steps, kStep, step}};
    for (std::size_t row = first; row < end; row += kLargestRows) {
        byte_tile::Tile tile{};
        tile.rows = std::min(kLargestRows, end - row);
        for (std::size_t r = 0; r < tile.rows; ++r) tile.lines[r] = operands.rows + (row + r) * operands.stride;
        tile.panel = operands.panels + panel * kPanelColumns * operands.steps * kStep;
        tile.vectors = vectors;
        tile.last_lanes = columns - (vectors - 1) * kLanes;
        tile.sums = static_cast<std::int32_t*>(c.data) + row * c.stride + column;
        tile.stride = c.stride;
        tile.start = accumulate ? tile.sums : operands.corrections + column;
        for (std::size_t r = 0; accumulate && operands.corrects && r < tile.rows; ++r) {
            std::int32_t* const sums = tile.sums + r * tile.stride;
            for (std::size_t n = 0; n < columns; ++n) sums[n] += operands.corrections[column + n];
        }
        operands.multiply(walk, tile);
    }
}

}  // namespace

bool short_sums_are_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c)
{
    const bool bytes = (a.type == ElementType::int8 || a.type == ElementType::uint8) && b.type == ElementType::int8;
    if (!bytes || c.type != ElementType::int32 || a.columns > kLongestSum) return false;
    // Moved up by 128, an operand has up to three times the magnitude, and the correction is as large again.
    const auto largest = static_cast<std::int64_t>(a.columns) * bound_of(b) * (2 * kOffset + kOffset);
    return largest <= INT32_MAX;
}

void short_sums(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    thread_local Scratch<std::uint8_t> row_scratch, panel_scratch;
    thread_local Scratch<std::int32_t> correction_scratch;
    const bool is_signed = a.type == ElementType::int8 && !a.nonnegative;
    const std::size_t panels = (c.columns + kPanelColumns - 1) / kPanelColumns;
    const std::int64_t largest_unsigned = bound_of(a) + (is_signed ? kOffset : 0);
    Operands operands{byte_tile::Multiplier(byte_tile::Unsigned::lines, {largest_unsigned, bound_of(b)})};
    operands.steps = (a.columns + kStep - 1) / kStep;
    operands.rows = static_cast<const std::uint8_t*>(a.data);
    operands.stride = a.stride;
    const std::size_t length = operands.steps * kStep;
    const bool packs_rows = is_signed || a.transposed || length != a.columns;
    std::uint8_t* const packed = packs_rows ? row_scratch.grown(a.rows * length) : nullptr;
    std::uint8_t* const panel_bytes = panel_scratch.grown(panels * kPanelColumns * length);
    std::int32_t* const corrections = correction_scratch.grown(panels * kPanelColumns);
    std::fill_n(corrections, panels * kPanelColumns, 0);
    operands.panels = panel_bytes;
    operands.corrections = corrections;
    operands.corrects = is_signed;
    if (packs_rows) {
        pack_rows(a, is_signed, length, packed);
        operands.rows = packed;
        operands.stride = length;
    }
    const auto panel_count = static_cast<std::int64_t>(panels);
    const auto chunks = static_cast<std::int64_t>((c.rows + kRowsAtOnce - 1) / kRowsAtOnce);
    [[maybe_unused]] const bool shared = c.rows * c.columns * a.columns >= kSmallestShared && omp_in_parallel() == 0;
#pragma omp parallel if (shared)
    {
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < panel_count; ++i) {
            const std::size_t column = static_cast<std::size_t>(i) * kPanelColumns;
            const std::size_t columns = std::min(kPanelColumns, c.columns - column);
            std::uint8_t* const panel = panel_bytes + column * length;
            pack_panel(b, column, columns, operands.steps, panel);
            if (is_signed) sum_columns(b, column, columns, corrections + column);
        }
#pragma omp for schedule(static) collapse(2)
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
            for (std::int64_t i = 0; i < panel_count; ++i) {
                const std::size_t first = static_cast<std::size_t>(chunk) * kRowsAtOnce;
                multiply(operands, first, std::min(first + kRowsAtOnce, c.rows), static_cast<std::size_t>(i), c,
                         accumulate);
            }
        }
    }
}

}  // namespace wagesim::product
