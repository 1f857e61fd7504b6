// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Only units: the behaviour is MemoryTarget's.
#include "tlm/buffer/buffer.hpp"

namespace wagesim::chip {

Buffer::Buffer(const sc_core::sc_module_name& name, const BufferConfig& config, const Clock& clock)
    : MemoryTarget(
          name, static_cast<std::uint64_t>(config.kib) << 10U,
          {static_cast<std::uint64_t>(config.bytes_per_cycle), static_cast<std::uint64_t>(config.latency_cycles)},
          clock)
{
}

}  // namespace wagesim::chip
