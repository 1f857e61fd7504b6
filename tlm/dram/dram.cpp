// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Only units: the behaviour is MemoryTarget's.
#include "tlm/dram/dram.hpp"

namespace wagesim::chip {

Dram::Dram(const sc_core::sc_module_name& name, const DramConfig& config, const Clock& clock)
    : MemoryTarget(
          name, static_cast<std::uint64_t>(config.gib) << 30U,
          {static_cast<std::uint64_t>(config.bytes_per_cycle), static_cast<std::uint64_t>(config.latency_cycles)},
          clock)
{
}

}  // namespace wagesim::chip
