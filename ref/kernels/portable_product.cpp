// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The product by plain loops over 16-bit operands, which the compiler turns into multiply-add instructions.
#include <cstddef>
#include <vector>

#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/product_paths.hpp"

namespace wagesim::product {
namespace {

constexpr std::size_t kLines = 4;  // rows, and columns, that one tile computes
constexpr std::size_t kLane = 32;  // K is padded with zeros to whole vectors of 16-bit elements

constexpr std::size_t round_up(std::size_t n, std::size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/// Rows of a, or columns of b, each contiguous along K.
struct Lines {
    std::size_t length = 0;
    std::vector<std::int16_t> elements;
    [[nodiscard]] const std::int16_t* line(std::size_t i) const { return elements.data() + i * length; }
};

template <class T>
void pack_block(const T* source, std::size_t line_step, std::size_t k_step, std::size_t lines, std::size_t k,
                std::size_t length, std::int16_t* out)
{
    for (std::size_t line = 0; line < lines; ++line) {
        for (std::size_t i = 0; i < k; ++i) {
            out[line * length + i] = std::int16_t{source[line * line_step + i * k_step]};
        }
    }
}

Lines pack(const ConstMatrix& matrix, bool columns)
{
    const std::size_t count = columns ? matrix.columns : matrix.rows;
    const std::size_t k = columns ? matrix.rows : matrix.columns;
    const bool contiguous = columns == matrix.transposed;
    const std::size_t line_step = contiguous ? matrix.stride : 1;
    const std::size_t k_step = contiguous ? 1 : matrix.stride;
    Lines out;
    out.length = round_up(k, kLane);
    out.elements.resize(round_up(count, kLines) * out.length);
#pragma omp parallel for schedule(static)
    for (std::size_t first = 0; first < count; first += kLane) {
        const std::size_t lines = count - first < kLane ? count - first : kLane;
        std::int16_t* to = out.elements.data() + first * out.length;
        const auto pack_from = [&](const auto* source) {
            pack_block(source + first * line_step, line_step, k_step, lines, k, out.length, to);
        };
        switch (matrix.type) {
            case ElementType::int8: pack_from(static_cast<const std::int8_t*>(matrix.data)); break;
            case ElementType::uint8: pack_from(static_cast<const std::uint8_t*>(matrix.data)); break;
            default: pack_from(static_cast<const std::int16_t*>(matrix.data)); break;
        }
    }
    return out;
}

/// out[4 i + j] = sum over k of a_i[k] b_j[k], for four lines of each.
WAGESIM_MULTIVERSION void tile(const std::int16_t* a, const std::int16_t* b, std::size_t length, std::int32_t* out)
{
    for (std::size_t i = 0; i < kLines; ++i) {
        const std::int16_t* line = a + i * length;
        std::int32_t sum0 = 0;
        std::int32_t sum1 = 0;
        std::int32_t sum2 = 0;
        std::int32_t sum3 = 0;
        for (std::size_t k = 0; k < length; ++k) {
            sum0 += std::int32_t{line[k]} * std::int32_t{b[k]};
            sum1 += std::int32_t{line[k]} * std::int32_t{b[length + k]};
            sum2 += std::int32_t{line[k]} * std::int32_t{b[2 * length + k]};
            sum3 += std::int32_t{line[k]} * std::int32_t{b[3 * length + k]};
        }
        out[kLines * i] = sum0;
        out[kLines * i + 1] = sum1;
        out[kLines * i + 2] = sum2;
        out[kLines * i + 3] = sum3;
    }
}

void store(const std::int32_t* sums, std::size_t rows, std::size_t columns, std::int32_t* c, std::size_t stride,
           bool accumulate)
{
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            const std::int32_t before = accumulate ? c[i * stride + j] : 0;
            c[i * stride + j] = before + sums[kLines * i + j];
        }
    }
}

bool is_narrow(const ConstMatrix& matrix)
{
    return matrix.type == ElementType::int8 || matrix.type == ElementType::uint8 || matrix.type == ElementType::int16;
}

}  // namespace

bool portable_is_exact(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c)
{
    return is_narrow(a) && is_narrow(b) && c.type == ElementType::int32 && bound_of_product(a, b) <= INT32_MAX;
}

void portable(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    const Lines rows = pack(a, false);
    const Lines columns = pack(b, true);
    auto* out = static_cast<std::int32_t*>(c.data);
#pragma omp parallel for schedule(static)
    for (std::size_t m = 0; m < c.rows; m += kLines) {
        std::int32_t sums[kLines * kLines];
        for (std::size_t n = 0; n < c.columns; n += kLines) {
            tile(rows.line(m), columns.line(n), rows.length, sums);
            store(sums, c.rows - m < kLines ? c.rows - m : kLines, c.columns - n < kLines ? c.columns - n : kLines,
                  out + m * c.stride + n, c.stride, accumulate);
        }
    }
}

}  // namespace wagesim::product
