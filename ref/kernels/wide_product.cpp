// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The product of operands, or into results, that the narrow paths cannot take: digit by digit. No fast path.
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "ref/kernels/byte_digits.hpp"
#include "ref/kernels/product_paths.hpp"

namespace wagesim::product {
namespace {

/// Byte products over so many k never overflow 32 bits: 255 * 128 * 65536 < 2^31, and 255 * 255 * 32768 < 2^31.
std::size_t longest_narrow_sum(const ConstMatrix& a, const ConstMatrix& b)
{
    return a.type == ElementType::uint8 && b.type == ElementType::uint8 ? 32768 : 65536;
}

constexpr std::size_t kScratchElements = std::size_t{1} << 20;

/// One matrix as the sum of digits[i] * 256^i, each digit a matrix of bytes.
struct Digits {
    std::vector<std::vector<std::int8_t>> storage;
    std::vector<ConstMatrix> matrices;
};

template <class T>
void split(const ConstMatrix& matrix, std::size_t rows, std::size_t columns, Digits& out)
{
    const auto* source = static_cast<const T*>(matrix.data);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            std::int64_t rest = source[row * matrix.stride + column];
            for (std::vector<std::int8_t>& digit : out.storage) {
                const auto low = static_cast<std::int8_t>(rest & 0xFF);
                digit[row * columns + column] = low;
                rest = (rest - low) / 256;
            }
        }
    }
}

Digits digits_of(const ConstMatrix& matrix)
{
    Digits out;
    if (matrix.type == ElementType::int8 || matrix.type == ElementType::uint8) {
        out.matrices.push_back(matrix);
        return out;
    }
    const std::size_t rows = matrix.transposed ? matrix.columns : matrix.rows;
    const std::size_t columns = matrix.transposed ? matrix.rows : matrix.columns;
    out.storage.assign(ref::byte_digits_for(bound_of(matrix)), std::vector<std::int8_t>(rows * columns));
    if (matrix.type == ElementType::int16)
        split<std::int16_t>(matrix, rows, columns, out);
    else
        split<std::int32_t>(matrix, rows, columns, out);
    for (const std::vector<std::int8_t>& digit : out.storage) {
        out.matrices.push_back(
            {digit.data(), ElementType::int8, matrix.rows, matrix.columns, columns, matrix.transposed, 0, false});
    }
    return out;
}

/// Rows r0..r0+rows and columns k0..k0+columns of a matrix of bytes.
ConstMatrix slice(ConstMatrix matrix, std::size_t r0, std::size_t rows, std::size_t k0, std::size_t columns)
{
    const std::size_t offset = matrix.transposed ? k0 * matrix.stride + r0 : r0 * matrix.stride + k0;
    matrix.data = static_cast<const std::int8_t*>(matrix.data) + offset;
    matrix.rows = rows;
    matrix.columns = columns;
    return matrix;
}

/// c += sums * 256^power, modulo 2^bits: partial sums may wrap, the whole is proven to fit.
template <class T>
void add_scaled(const std::vector<std::int32_t>& sums, std::size_t power, std::size_t rows, std::size_t columns, T* c,
                std::size_t stride)
{
    using Unsigned = std::make_unsigned_t<T>;
    const Unsigned scale = 8 * power < 8 * sizeof(T) ? static_cast<Unsigned>(Unsigned{1} << (8 * power)) : Unsigned{0};
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            const auto sum = static_cast<Unsigned>(static_cast<T>(sums[i * columns + j]));
            c[i * stride + j] = static_cast<T>(static_cast<Unsigned>(c[i * stride + j]) + sum * scale);
        }
    }
}

template <class T>
void multiply(const Digits& a, const Digits& b, std::size_t k, const MutableMatrix& c, bool accumulate)
{
    auto* out = static_cast<T*>(c.data);
    if (!accumulate) {
        for (std::size_t i = 0; i < c.rows; ++i) std::fill_n(out + i * c.stride, c.columns, T{0});
    }
    const std::size_t longest = longest_narrow_sum(a.matrices.front(), b.matrices.front());
    const std::size_t block = std::max<std::size_t>(1, kScratchElements / c.columns);
    std::vector<std::int32_t> sums(std::min(block, c.rows) * c.columns);
    for (std::size_t r0 = 0; r0 < c.rows; r0 += block) {
        const std::size_t rows = std::min(block, c.rows - r0);
        for (std::size_t k0 = 0; k0 < k; k0 += longest) {
            const std::size_t depth = std::min(longest, k - k0);
            for (std::size_t i = 0; i < a.matrices.size(); ++i) {
                for (std::size_t j = 0; j < b.matrices.size(); ++j) {
                    const ConstMatrix left = slice(a.matrices[i], r0, rows, k0, depth);
                    const ConstMatrix right = slice(b.matrices[j], k0, depth, 0, c.columns);
                    const MutableMatrix scratch{sums.data(), ElementType::int32, rows, c.columns, c.columns};
                    if (onednn_is_exact(left, right, scratch))
                        onednn(left, right, scratch, false);
                    else
                        portable(left, right, scratch, false);
                    add_scaled(sums, i + j, rows, c.columns, out + r0 * c.stride, c.stride);
                }
            }
        }
    }
}

}  // namespace

void wide(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    const Digits left = digits_of(a);
    const Digits right = digits_of(b);
    if (c.type == ElementType::int32)
        multiply<std::int32_t>(left, right, a.columns, c, accumulate);
    else
        multiply<std::int64_t>(left, right, a.columns, c, accumulate);
}

}  // namespace wagesim::product
