// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/kernels/byte_digits.hpp"

#include <algorithm>

#include "ref/kernels/multiversion.hpp"

namespace wagesim::ref {
namespace {

constexpr std::size_t kChunk = 4096;  // elements that a thread takes at once

/// Moved up by 128 in every digit a value has no negative digits, and each is a byte of it. `Wide` holds all digits.
template <class Wide, class T>
void take_digit(const T* values, std::size_t n, Wide moved, unsigned shift, std::int8_t* digit)
{
    for (std::size_t i = 0; i < n; ++i) {
        const Wide byte = (static_cast<Wide>(values[i]) + moved) >> shift;
        digit[i] = static_cast<std::int8_t>(static_cast<std::uint8_t>(byte ^ 0x80U));
    }
}

WAGESIM_MULTIVERSION void take_digit_of_16(const std::int16_t* values, std::size_t n, std::uint32_t moved,
                                           unsigned shift, std::int8_t* digit)
{
    take_digit(values, n, moved, shift, digit);
}

WAGESIM_MULTIVERSION void take_digit_of_32(const std::int32_t* values, std::size_t n, std::uint64_t moved,
                                           unsigned shift, std::int8_t* digit)
{
    take_digit(values, n, moved, shift, digit);
}

}  // namespace

ByteDigits::ByteDigits(std::int64_t bound) : count_(byte_digits_for(bound)), digits_(count_) {}

const std::vector<const std::int8_t*>& ByteDigits::of(const Buffer& values, std::size_t n)
{
    if (values.type() == ElementType::int8) {
        digits_.assign(1, values.as<std::int8_t>());
        return digits_;
    }
    if (bytes_.size() < count_ * n) bytes_.resize(count_ * n);
    std::uint64_t moved = 0;
    for (std::size_t d = 0; d < count_; ++d) moved = moved * 256 + 128;
    for (std::size_t i = 0; i < count_; ++i) {
        std::int8_t* const digit = bytes_.data() + i * n;
        const auto shift = static_cast<unsigned>(8 * (count_ - 1 - i));
        digits_[i] = digit;
        const bool narrow = values.type() == ElementType::int16;
        const std::int16_t* const of_16 = narrow ? values.as<std::int16_t>() : nullptr;
        const std::int32_t* const of_32 = narrow ? nullptr : values.as<std::int32_t>();
#pragma omp parallel for schedule(static)
        for (std::size_t first = 0; first < n; first += kChunk) {
            const std::size_t some = std::min(kChunk, n - first);
            if (narrow) {
                take_digit_of_16(of_16 + first, some, static_cast<std::uint32_t>(moved), shift, digit + first);
            } else {
                take_digit_of_32(of_32 + first, some, moved, shift, digit + first);
            }
        }
    }
    return digits_;
}

}  // namespace wagesim::ref
