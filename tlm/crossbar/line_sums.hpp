// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What readers that go conversion by conversion take from their inputs and hand on as sums, whatever the element types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "ref/kernels/integer_product.hpp"

namespace wagesim::chip {

/// An input: int8, int16 or int32.
[[nodiscard]] inline std::int32_t element_at(const ConstMatrix& matrix, std::size_t row, std::size_t column)
{
    const std::size_t at = row * matrix.stride + column;
    switch (matrix.type) {
        case ElementType::int8: return static_cast<const std::int8_t*>(matrix.data)[at];
        case ElementType::int16: return static_cast<const std::int16_t*>(matrix.data)[at];
        default: return static_cast<const std::int32_t*>(matrix.data)[at];
    }
}

/// One sum, added to what is there with `add`. int32 or int64.
inline void deliver_sum(const MutableMatrix& sums, std::size_t row, std::size_t column, std::int64_t value, bool add)
{
    const std::size_t at = row * sums.stride + column;
    if (sums.type == ElementType::int32) {
        std::int32_t& to = static_cast<std::int32_t*>(sums.data)[at];
        to = static_cast<std::int32_t>((add ? to : 0) + value);
    } else {
        std::int64_t& to = static_cast<std::int64_t*>(sums.data)[at];
        to = (add ? to : 0) + value;
    }
}

/// Sums of one slice, as an array's read lines have them for some positions.
struct SliceSums {
    const std::int32_t* data = nullptr;
    std::size_t stride = 0;  ///< from position to position
    std::size_t positions = 0, lines = 0;
    int shift = 0;  ///< the slice's lowest magnitude bit
};

/// To positions first.., lines first_line..; added to what is there with `add`.
inline void deliver_slice(const SliceSums& from, const MutableMatrix& sums, std::size_t first, std::size_t first_line,
                          bool add)
{
    const auto deliver = [&](auto* to) {
        using Sum = std::remove_reference_t<decltype(*to)>;
        const auto weight = static_cast<Sum>(Sum{1} << from.shift);
        const std::int32_t* row = from.data;
        to += first * sums.stride + first_line;
        for (std::size_t p = 0; p < from.positions; ++p, row += from.stride, to += sums.stride) {
            for (std::size_t i = 0; i < from.lines; ++i) to[i] = (add ? to[i] : 0) + static_cast<Sum>(row[i]) * weight;
        }
    };
    if (sums.type == ElementType::int32) return deliver(static_cast<std::int32_t*>(sums.data));
    deliver(static_cast<std::int64_t*>(sums.data));
}

}  // namespace wagesim::chip
