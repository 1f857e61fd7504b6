// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The SRAM buffer: size, width and latency, one port. No cache: what lies in it, the mapping has put there.
#pragma once

#include "tlm/buffer/buffer_config.hpp"
#include "tlm/common/memory_target.hpp"

namespace wagesim::chip {

class Buffer : public MemoryTarget {
public:
    Buffer(const sc_core::sc_module_name& name, const BufferConfig& config, const Clock& clock);
};

}  // namespace wagesim::chip
