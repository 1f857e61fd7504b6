// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The DRAM: size, width and latency, one port. No banks, rows or refresh: those would be further config fields.
#pragma once

#include "tlm/common/memory_target.hpp"
#include "tlm/dram/dram_config.hpp"

namespace wagesim::chip {

class Dram : public MemoryTarget {
public:
    Dram(const sc_core::sc_module_name& name, const DramConfig& config, const Clock& clock);
};

}  // namespace wagesim::chip
