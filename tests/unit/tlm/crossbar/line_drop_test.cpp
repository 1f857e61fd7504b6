// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Drops along lines against the whole network of resistors, solved directly: what is left is of second order.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "tlm/crossbar/device/line_drop.hpp"

namespace wagesim::chip {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// x of a x = b, by elimination with pivots.
std::vector<double> solved(Matrix a, std::vector<double> b)
{
    const std::size_t n = b.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k; i < n; ++i) {
            if (std::abs(a[i][k]) > std::abs(a[pivot][k])) pivot = i;
        }
        std::swap(a[k], a[pivot]);
        std::swap(b[k], b[pivot]);
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = a[i][k] / a[k][k];
            for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j) b[k] -= a[k][j] * b[j];
        b[k] /= a[k][k];
    }
    return b;
}

/// Rows that both polarities' cells lie on, and a column for each polarity; every line ends, one segment before its
/// first cell, at a driver or an amplifier.
class Network {
public:
    Network(const ArrayConductances& array, double resistance)
        : array_(array), wire_(1.0 / resistance), a_(3 * size(), std::vector<double>(3 * size(), 0.0))
    {
        for (std::size_t i = 0; i < array.rows; ++i) {
            for (std::size_t j = 0; j < array.columns; ++j) {
                wire(row(i, j), j == 0 ? kEnd : row(i, j - 1));
                for (const std::size_t p : {0U, 1U}) {
                    wire(column(p, i, j), i == 0 ? kEnd : column(p, i - 1, j));
                    connect(row(i, j), column(p, i, j), array_.column(p, j)[i]);
                }
            }
        }
    }

    /// Current out of the end of column (p, j) with one volt at row i, all other ends at 0.
    [[nodiscard]] double forward(std::size_t p, std::size_t i, std::size_t j)
    {
        return driven(row(i, 0))[column(p, 0, j)] * wire_;
    }
    /// The other way round.
    [[nodiscard]] double backward(std::size_t p, std::size_t i, std::size_t j)
    {
        return driven(column(p, 0, j))[row(i, 0)] * wire_;
    }

private:
    static constexpr std::size_t kEnd = static_cast<std::size_t>(-1);

    [[nodiscard]] std::size_t size() const { return array_.rows * array_.columns; }
    [[nodiscard]] std::size_t row(std::size_t i, std::size_t j) const { return i * array_.columns + j; }
    [[nodiscard]] std::size_t column(std::size_t p, std::size_t i, std::size_t j) const
    {
        return (1 + p) * size() + row(i, j);
    }
    void wire(std::size_t x, std::size_t y) { connect(x, y, wire_); }
    void connect(std::size_t x, std::size_t y, double conductance)
    {
        a_[x][x] += conductance;
        if (y == kEnd) return;
        a_[y][y] += conductance;
        a_[x][y] -= conductance;
        a_[y][x] -= conductance;
    }
    [[nodiscard]] std::vector<double> driven(std::size_t node) const
    {
        std::vector<double> currents(3 * size(), 0.0);
        currents[node] = wire_;
        return solved(a_, currents);
    }

    ArrayConductances array_;
    double wire_;
    Matrix a_;
};

ArrayConductances some_array()
{
    ArrayConductances out;
    out.rows = 5;
    out.columns = 4;
    std::mt19937 random(5);
    for (std::size_t i = 0; i < 2 * out.rows * out.columns; ++i) {
        out.cells.push_back(static_cast<std::int32_t>(random() % 3 * 400000000 + random() % 1000));
    }
    return out;
}

/// Largest error of first-order currents and of undisturbed ones, relative to the largest conductance.
std::pair<double, double> errors(double resistance, bool forward)
{
    constexpr double kLargest = 8e8;
    ArrayConductances array = some_array();
    Network network(array, resistance / kLargest);
    ArrayConductances dropped = array;
    drop_along_lines(dropped, resistance / kLargest);
    double first_order = 0.0, none = 0.0;
    for (std::size_t p = 0; p < 2; ++p) {
        for (std::size_t i = 0; i < array.rows; ++i) {
            for (std::size_t j = 0; j < array.columns; ++j) {
                const double exact = forward ? network.forward(p, i, j) : network.backward(p, i, j);
                first_order = std::max(first_order, std::abs(exact - dropped.column(p, j)[i]) / kLargest);
                none = std::max(none, std::abs(exact - array.column(p, j)[i]) / kLargest);
            }
        }
    }
    return {first_order, none};
}

TEST(LineDrop, IsRightToFirstOrderInBothDirections)
{
    for (const bool forward : {true, false}) {
        const auto [error, without] = errors(1e-3, forward);
        const auto [half_error, half_without] = errors(5e-4, forward);
        EXPECT_LT(error, 0.06 * without);
        EXPECT_NEAR(without / half_without, 2.0, 0.1) << "the effect is of first order";
        EXPECT_NEAR(error / half_error, 4.0, 0.2) << "what is left is of second order";
    }
}

TEST(LineDrop, OfACellAloneAndOfTwo)
{
    // One cell in row 1, column 2 of conductance 1000: three segments along the row, two along the column.
    ArrayConductances array;
    array.rows = 3;
    array.columns = 4;
    array.cells.assign(24, 0);
    array.column(0, 2)[1] = 1000;
    drop_along_lines(array, 1e-5);
    EXPECT_EQ(array.column(0, 2)[1], 950);  // 1000 (1 - 1e-5 x 1000 x 5)
    // A negative cell beside it shares three segments of the row, none of its column.
    array.column(0, 2)[1] = 1000;
    array.column(1, 2)[1] = 1000;
    drop_along_lines(array, 1e-5);
    EXPECT_EQ(array.column(0, 2)[1], 920);
    EXPECT_EQ(array.column(1, 2)[1], 920);
    // Beyond first order there is nothing left, not less.
    drop_along_lines(array, 1.0);
    EXPECT_EQ(array.column(0, 2)[1], 0);
}

TEST(LineDrop, IsNothingWithoutResistance)
{
    ArrayConductances array = some_array();
    const std::vector<std::int32_t> before = array.cells;
    drop_along_lines(array, 0.0);
    EXPECT_EQ(array.cells, before);
}

}  // namespace
}  // namespace wagesim::chip
