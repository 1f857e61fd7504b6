// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A copy of a tensor by the host's threads: one alone does not use up the host's memory bandwidth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace wagesim::chip {

inline void copy_bytes(const std::byte* from, std::size_t count, std::byte* to)
{
    constexpr std::size_t kShare = std::size_t{1} << 17;
    constexpr std::size_t kSharesWorthThreads = 4;
    const std::size_t shares = (count + kShare - 1) / kShare;
#pragma omp parallel for schedule(static) if (shares >= kSharesWorthThreads)
    for (std::size_t i = 0; i < shares; ++i) {
        std::memcpy(to + i * kShare, from + i * kShare, std::min(kShare, count - i * kShare));
    }
}

}  // namespace wagesim::chip
