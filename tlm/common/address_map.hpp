// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the memories stand in the chip's address space, and a tensor's place in it. SystemC-free.
#pragma once

#include <cstdint>

#include "ref/tensor/element_type.hpp"

namespace wagesim::chip {

inline constexpr std::uint64_t kBufferBase = 0;
inline constexpr std::uint64_t kDramBase = std::uint64_t{1} << 40;

struct AddressRange {
    std::uint64_t base = 0;
    std::uint64_t bytes = 0;

    [[nodiscard]] constexpr bool contains(std::uint64_t address, std::uint64_t length) const noexcept
    {
        return address >= base && length <= bytes && address - base <= bytes - length;
    }
    [[nodiscard]] constexpr bool overlaps(const AddressRange& other) const noexcept
    {
        return base < other.base + other.bytes && other.base < base + bytes;
    }
};

/// `count` packed elements at `address`, which is a multiple of the element's size.
struct MemoryRegion {
    std::uint64_t address = 0;
    ElementType type = ElementType::int8;
    std::uint64_t count = 0;

    [[nodiscard]] constexpr std::uint64_t bytes() const noexcept { return count * bytes_of(type); }
};

}  // namespace wagesim::chip
