// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Scratch of the engine's host threads, and how large a block of work should be. Decides speed only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/mac_partition/row_blocks.hpp"

namespace wagesim::chip {

/// At least `count` elements; grows to its largest use and stays.
template <class T>
T* grown(std::vector<T>& scratch, std::size_t count)
{
    if (scratch.size() < count) scratch.resize(count);
    return scratch.data();
}

/// A block's packing costs about as much as its own cells, so few and larger blocks where there are many cells.
inline std::size_t block_bytes(const CellBlock& block)
{
    return std::max(kBlockBytes, 2 * block.cells());
}

}  // namespace wagesim::chip
