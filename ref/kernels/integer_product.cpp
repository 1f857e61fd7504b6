// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Checks of an integer product and the choice of its path. See the headers.
#include "ref/kernels/integer_product.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ref/kernels/product_paths.hpp"

namespace wagesim {
namespace {

void check_extents(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c)
{
    if (a.columns != b.rows || a.rows != c.rows || b.columns != c.columns) {
        throw std::invalid_argument("integer_product: extents do not fit: " + std::to_string(a.rows) + "x" +
                                    std::to_string(a.columns) + " by " + std::to_string(b.rows) + "x" +
                                    std::to_string(b.columns) + " into " + std::to_string(c.rows) + "x" +
                                    std::to_string(c.columns));
    }
    if (c.type != ElementType::int32 && c.type != ElementType::int64) {
        throw std::invalid_argument("integer_product: a result is int32 or int64");
    }
}

void check_overflow(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c)
{
    const std::int64_t largest = c.type == ElementType::int32 ? INT32_MAX : INT64_MAX - 1;
    if (product::bound_of_product(a, b) > largest) {
        throw std::overflow_error("integer_product: " + std::to_string(a.columns) + " products of up to " +
                                  std::to_string(product::bound_of(a)) + " by " + std::to_string(product::bound_of(b)) +
                                  " may leave the result's type");
    }
}

void clear(const MutableMatrix& c)
{
    const std::size_t width = bytes_of(c.type);
    auto* row = static_cast<unsigned char*>(c.data);
    for (std::size_t i = 0; i < c.rows; ++i) std::fill_n(row + i * c.stride * width, c.columns * width, 0);
}

std::int64_t element(const ConstMatrix& matrix, std::size_t row, std::size_t column)
{
    const std::size_t at = matrix.transposed ? column * matrix.stride + row : row * matrix.stride + column;
    return visit_element_type(matrix.type, [&](auto zero) {
        return static_cast<std::int64_t>(static_cast<const decltype(zero)*>(matrix.data)[at]);
    });
}

}  // namespace

namespace product {

std::int64_t bound_of(const ConstMatrix& matrix)
{
    std::int64_t of_type = 0;
    switch (matrix.type) {
        case ElementType::int8: of_type = 128; break;
        case ElementType::uint8: of_type = 255; break;
        case ElementType::int16: of_type = 32768; break;
        case ElementType::int32: of_type = std::int64_t{1} << 31; break;
        default: throw std::invalid_argument("integer_product: an operand is int8, uint8, int16 or int32");
    }
    return matrix.bound == 0 ? of_type : std::min(matrix.bound, of_type);
}

std::int64_t bound_of_product(const ConstMatrix& a, const ConstMatrix& b)
{
    std::int64_t out = 0;
    const bool overflow = __builtin_mul_overflow(bound_of(a) * bound_of(b), a.columns, &out);  // 2^31 * 2^31 fits
    return overflow ? INT64_MAX : out;
}

}  // namespace product

void integer_product(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    check_extents(a, b, c);
    check_overflow(a, b, c);
    if (c.rows == 0 || c.columns == 0) return;
    if (a.columns == 0) {
        if (!accumulate) clear(c);
        return;
    }
    if (product::short_sums_are_exact(a, b, c)) {
        product::short_sums(a, b, c, accumulate);
    } else if (product::onednn_is_exact(a, b, c)) {
        product::onednn(a, b, c, accumulate);
    } else if (product::portable_is_exact(a, b, c)) {
        product::portable(a, b, c, accumulate);
    } else {
        product::wide(a, b, c, accumulate);
    }
}

void integer_product_naive(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate)
{
    // a: M x K, b: K x N, c: M x N
    check_extents(a, b, c);
    check_overflow(a, b, c);
    for (std::size_t m = 0; m < c.rows; ++m) {
        for (std::size_t n = 0; n < c.columns; ++n) {
            std::int64_t sum = 0;
            for (std::size_t k = 0; k < a.columns; ++k) sum += element(a, m, k) * element(b, k, n);
            const std::size_t at = m * c.stride + n;
            if (c.type == ElementType::int32) {
                auto* out = static_cast<std::int32_t*>(c.data) + at;
                *out = static_cast<std::int32_t>(accumulate ? *out + sum : sum);
            } else {
                auto* out = static_cast<std::int64_t*>(c.data) + at;
                *out = accumulate ? *out + sum : sum;
            }
        }
    }
}

}  // namespace wagesim
