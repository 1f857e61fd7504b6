// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Integers as balanced digits of base 256: the value is the sum of digit[d] * 256^d, each in -128..127. What products
// of bytes do for bytes, they do for wider integers digit by digit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/buffer.hpp"

namespace wagesim::ref {

/// Digits that hold every value up to `bound` in magnitude: 127 * (256^d - 1) / 255 with d of them.
[[nodiscard]] constexpr std::size_t byte_digits_for(std::int64_t bound) noexcept
{
    std::size_t count = 1;
    for (std::int64_t largest = INT8_MAX; largest < bound; largest = largest * 256 + INT8_MAX) ++count;
    return count;
}

class ByteDigits {
public:
    /// For values up to `bound` in magnitude, at most INT32_MAX.
    explicit ByteDigits(std::int64_t bound);

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// Digits of the first n elements of an int8, int16 or int32 buffer, each as n bytes, the highest digit first.
    /// Valid until the next call, and no longer than `values`: the one digit of bytes is they themselves.
    [[nodiscard]] const std::vector<const std::int8_t*>& of(const Buffer& values, std::size_t n);

private:
    std::size_t count_;
    std::vector<std::int8_t> bytes_;
    std::vector<const std::int8_t*> digits_;
};

}  // namespace wagesim::ref
