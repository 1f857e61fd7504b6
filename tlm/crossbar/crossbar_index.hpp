// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Rows and columns of a layer's weight matrix as types of their own: backward transposes them, and swapping the two
// must not compile. Where single cells stand in arrays. No storage.
#pragma once

#include <cstddef>

namespace wagesim::chip {

/// A position along one axis of a layer's weight matrix (fan-in rows (kh, kw, input channel), output columns).
template <class Axis>
class MatrixIndex {
public:
    constexpr MatrixIndex() = default;
    explicit constexpr MatrixIndex(std::size_t value) noexcept : value_(value) {}
    [[nodiscard]] constexpr std::size_t value() const noexcept { return value_; }
    friend constexpr bool operator==(MatrixIndex x, MatrixIndex y) noexcept { return x.value_ == y.value_; }
    friend constexpr bool operator!=(MatrixIndex x, MatrixIndex y) noexcept { return x.value_ != y.value_; }
    friend constexpr bool operator<(MatrixIndex x, MatrixIndex y) noexcept { return x.value_ < y.value_; }

private:
    std::size_t value_ = 0;
};

struct RowAxis;
struct ColumnAxis;
using RowIndex = MatrixIndex<RowAxis>;
using ColumnIndex = MatrixIndex<ColumnAxis>;

/// The part of a layer's weight matrix that stands in a group's cells at one time.
struct CellBlock {
    RowIndex first_row, end_row;
    ColumnIndex first_column, end_column;

    [[nodiscard]] constexpr std::size_t rows() const noexcept { return end_row.value() - first_row.value(); }
    [[nodiscard]] constexpr std::size_t columns() const noexcept { return end_column.value() - first_column.value(); }
    [[nodiscard]] constexpr std::size_t cells() const noexcept { return rows() * columns(); }
    friend constexpr bool operator==(const CellBlock& x, const CellBlock& y) noexcept
    {
        return x.first_row == y.first_row && x.end_row == y.end_row && x.first_column == y.first_column &&
               x.end_column == y.end_column;
    }
};

/// A column of single cells in one array of a group. Polarity 0 holds positive codes, 1 negative ones.
struct CellColumn {
    std::size_t array = 0, slice = 0, polarity = 0, column = 0;
};

}  // namespace wagesim::chip
