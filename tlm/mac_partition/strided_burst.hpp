// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Access to part of each row of a tensor: one burst a row, one for all where the rows are neighbours. A
// time-multiplexed layer reads and writes its columns so. Books, and returns where the first element lies; no data
// moves here.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tlm/common/memory_port.hpp"

namespace wagesim::chip {

/// `length` elements from `offset` on of each of `rows` rows of `stride` elements.
struct RowAccess {
    std::size_t rows = 0;
    std::size_t stride = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// Several bursts' leases as one: `data` is the tensor's first element, whether leased or not.
template <class Byte>
struct RowLease {
    Byte* data = nullptr;
    sc_core::sc_time ready_at;
    sc_core::sc_time waited;  ///< the longest
};

/// `book(region)` books one burst.
template <class Byte, class Book>
[[nodiscard]] RowLease<Byte> book_rows(const MemoryRegion& tensor, const RowAccess& access, const Book& book)
{
    const bool neighbours = access.length == access.stride;
    const std::size_t bursts = neighbours ? 1 : access.rows;
    const std::uint64_t count = neighbours ? access.rows * access.stride : access.length;
    const std::uint64_t width = bytes_of(tensor.type);
    RowLease<Byte> out;
    for (std::size_t row = 0; row < bursts; ++row) {
        const std::uint64_t first = row * access.stride + access.offset;
        const Lease<Byte> lease = book(MemoryRegion{tensor.address + first * width, tensor.type, count});
        if (row == 0) out.data = lease.data - first * width;
        out.ready_at = std::max(out.ready_at, lease.ready_at);
        out.waited = std::max(out.waited, lease.waited);
    }
    return out;
}

}  // namespace wagesim::chip
