// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The exact integer matrix product: the one piece of ref/kernels that the chip model may use too.
// Which path runs (rows with short sums, oneDNN int8, portable int16, wide digits) is decided inside; every path gives
// the same integers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"

namespace wagesim {

/// A matrix in somebody else's memory; `stride` elements from row to row.
struct ConstMatrix {
    const void* data = nullptr;
    ElementType type = ElementType::int8;  ///< int8, uint8, int16, int32
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t stride = 0;
    bool transposed = false;   ///< the stored matrix is columns x rows
    std::int64_t bound = 0;    ///< proven largest magnitude of an element; 0: the type's own
    bool nonnegative = false;  ///< proven: no element is below 0
};

struct MutableMatrix {
    void* data = nullptr;
    ElementType type = ElementType::int32;  ///< int32 or int64
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t stride = 0;
};

/// c = a b, or c += a b with `accumulate`; a is M x K, b is K x N, c is M x N.
/// Exact: throws std::overflow_error where K * bound(a) * bound(b) does not fit c's type (checked from the bounds, not
/// from the data; with `accumulate` the caller vouches for the total). Uses the OpenMP threads of the caller.
void integer_product(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate = false);

/// The same by three loops: what the product means, and what tests compare with.
void integer_product_naive(const ConstMatrix& a, const ConstMatrix& b, const MutableMatrix& c, bool accumulate = false);

}  // namespace wagesim
