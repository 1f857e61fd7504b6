// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which samples of a batch are a rank's own.
#pragma once

#include <cstddef>

#include "ref/communicator/communicator.hpp"

namespace wagesim {

/// A run of consecutive samples; may be empty.
struct Share {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// The rank's part of n samples. Parts follow one another in rank order, cover all samples, and differ by one at most;
/// the earlier ranks have the larger ones.
[[nodiscard]] constexpr Share share_of(std::size_t n, std::size_t rank, std::size_t size) noexcept
{
    const std::size_t part = n / size;
    const std::size_t larger = n % size;
    return {rank * part + (rank < larger ? rank : larger), part + (rank < larger ? 1 : 0)};
}

[[nodiscard]] inline Share share_of(std::size_t n, const Communicator& communicator) noexcept
{
    return share_of(n, communicator.rank(), communicator.size());
}

}  // namespace wagesim
