// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A tensor read or written more than once over, because whoever needs it keeps none of it. Books; no data moves here.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tlm/common/memory_port.hpp"

namespace wagesim::chip {

/// Bursts over a tensor, again and again, until `count` elements have gone through: the first one's lease, ready when
/// all are. `book(region)` books one burst.
template <class Book>
[[nodiscard]] auto book_again(const MemoryRegion& tensor, std::uint64_t count, const Book& book)
{
    const auto part = [&](std::uint64_t left) {
        return MemoryRegion{tensor.address, tensor.type, std::min(left, tensor.count)};
    };
    auto out = book(part(count));
    for (std::uint64_t done = out.region.count; done < count;) {
        const auto again = book(part(count - done));
        out.ready_at = std::max(out.ready_at, again.ready_at);
        out.waited = std::max(out.waited, again.waited);
        done += again.region.count;
    }
    return out;
}

}  // namespace wagesim::chip
