// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a sequencer asks of the sparsity meter. Plain values, SystemC-free.
#pragma once

#include <cstdint>

#include "tlm/common/address_map.hpp"

namespace wagesim::chip {

/// How many of a layer's codes are not 0.
struct SparsityCommand {
    std::uint32_t layer = 0;
    MemoryRegion codes;  ///< int8
    MemoryRegion count;  ///< one int64
};

}  // namespace wagesim::chip
