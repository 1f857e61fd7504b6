// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Bytes driven bit by bit in two's complement, which is nearly all of them, are counted a vector at a time.
#include "tlm/crossbar/pulse_counter.hpp"

#include <algorithm>
#include <cstdlib>

#include "tlm/common/vector_clones.hpp"

namespace wagesim::chip {
namespace {

/// Long, so that memory is read in order; its counts stay in the first cache.
constexpr std::size_t kRun = 4096;

/// ones[i] += the ones of values[i].
WAGESIM_VECTOR_CLONES void add_ones(const std::uint8_t* values, std::size_t count, std::uint8_t* ones)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto pairs = static_cast<std::uint8_t>(values[i] - ((values[i] >> 1) & 0x55));
        const auto fours = static_cast<std::uint8_t>((pairs & 0x33) + ((pairs >> 2) & 0x33));
        ones[i] = static_cast<std::uint8_t>(ones[i] + ((fours + (fours >> 4)) & 0x0F));
    }
}

WAGESIM_VECTOR_CLONES void add_wide(const std::uint8_t* ones, std::size_t count, std::uint32_t* to)
{
    for (std::size_t i = 0; i < count; ++i) to[i] += ones[i];
}

WAGESIM_VECTOR_CLONES void add_wide(const std::uint8_t* ones, std::size_t count, std::uint64_t* to)
{
    for (std::size_t i = 0; i < count; ++i) to[i] += ones[i];
}

}  // namespace

PulseCounter::PulseCounter(const PulseCode& code) : code_(code)
{
    for (int value = -128; value <= 127; ++value) {
        of_byte_[static_cast<std::uint8_t>(value)] = static_cast<std::uint8_t>(counted(value));
    }
}

std::uint32_t PulseCounter::counted(std::int32_t value) const noexcept
{
    std::uint32_t count = 0;
    const std::int64_t bits = code_.sign_magnitude ? std::abs(std::int64_t{value}) : std::int64_t{value};
    for (int pulse = 0; pulse < code_.pulses(); ++pulse) {
        const std::int64_t mask = (std::int64_t{1} << code_.bits_of(pulse)) - 1;
        count += ((bits >> (pulse * code_.bits_a_pulse)) & mask) != 0 ? 1U : 0U;
    }
    return count;
}

template <class Count>
void PulseCounter::add_bytes(const std::int8_t* values, std::size_t rows, std::size_t columns, std::size_t stride,
                             Count* to) const
{
    // 31 values of 8 ones fit a byte.
    constexpr std::size_t kRowsAtOnce = 31;
    std::array<std::uint8_t, kRun> ones;
    for (std::size_t first = 0; first < columns; first += kRun) {
        const std::size_t run = std::min(kRun, columns - first);
        for (std::size_t row = 0; row < rows; row += kRowsAtOnce) {
            std::fill_n(ones.begin(), run, std::uint8_t{0});
            for (std::size_t r = row; r < std::min(rows, row + kRowsAtOnce); ++r) {
                add_ones(reinterpret_cast<const std::uint8_t*>(values) + r * stride + first, run, ones.data());
            }
            add_wide(ones.data(), run, to + first);
        }
    }
}

template <class Count>
void PulseCounter::add_columns(const void* values, ElementType type, std::size_t rows, std::size_t columns,
                               std::size_t stride, Count* to) const
{
    const bool single_bits = !code_.sign_magnitude && code_.bits_a_pulse == 1 && code_.driven_bits == 8;
    if (type == ElementType::int8 && single_bits) {
        return add_bytes(static_cast<const std::int8_t*>(values), rows, columns, stride, to);
    }
    const auto add = [&](const auto* data) {
        for (std::size_t row = 0; row < rows; ++row, data += stride) {
            for (std::size_t i = 0; i < columns; ++i) to[i] += of(data[i]);
        }
    };
    switch (type) {
        case ElementType::int8: return add(static_cast<const std::int8_t*>(values));
        case ElementType::int16: return add(static_cast<const std::int16_t*>(values));
        default: return add(static_cast<const std::int32_t*>(values));
    }
}

template void PulseCounter::add_columns(const void*, ElementType, std::size_t, std::size_t, std::size_t,
                                        std::uint32_t*) const;
template void PulseCounter::add_columns(const void*, ElementType, std::size_t, std::size_t, std::size_t,
                                        std::uint64_t*) const;

}  // namespace wagesim::chip
