// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Elements of memory to bits of a flat port, a beat at a time. Little-endian hosts only, as Verilator's ports are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ref/quantize_update/registers.hpp"

namespace wagesim::rtl {

/// Words of 32 bits that a beat's operands take; a single operand's port has a spare half.
template <int Lanes>
inline constexpr std::size_t kOperandWords = (std::size_t{Lanes} * kQuantizeUpdateOperandBits + 31) / 32;

/// Operand i goes to bits 48 i + 47 down to 48 i. Two operands fill three words.
template <int Lanes, class Element>
void pack_operands(const Element* source, std::uint32_t* words) noexcept
{
    static_assert(kQuantizeUpdateOperandBits == 48 && (Lanes == 1 || Lanes % 2 == 0));
    for (std::size_t pair = 0; pair < std::size_t{Lanes} / 2; ++pair) {
        const auto even = static_cast<std::uint64_t>(static_cast<std::int64_t>(source[2 * pair]));
        const auto odd = static_cast<std::uint64_t>(static_cast<std::int64_t>(source[2 * pair + 1]));
        const std::uint64_t low = (even & 0xFFFF'FFFF'FFFFU) | odd << 48U;
        std::memcpy(words + 3 * pair, &low, sizeof low);
        words[3 * pair + 2] = static_cast<std::uint32_t>(odd >> 16U);
    }
    if constexpr (Lanes == 1) {
        const auto single = static_cast<std::uint64_t>(static_cast<std::int64_t>(source[0]));
        words[0] = static_cast<std::uint32_t>(single);
        words[1] = static_cast<std::uint32_t>(single >> 32U & 0xFFFFU);
    }
}

/// Elements of 8 or 16 bits into slots of 16.
template <int Lanes, class Element>
void pack_side(const Element* source, std::uint16_t* slots) noexcept
{
    for (std::size_t lane = 0; lane < std::size_t{Lanes}; ++lane)
        slots[lane] = static_cast<std::uint16_t>(source[lane]);
}

}  // namespace wagesim::rtl
