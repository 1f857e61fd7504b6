// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the sequencer asks of the quantize/update unit: register writes, then at most one burst through memory.
// Plain values, SystemC-free; the unit's registers and modes are in ref/quantize_update/registers.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "ref/tensor/element_type.hpp"
#include "tlm/common/traffic.hpp"

namespace wagesim::chip {

struct RegisterWrite {
    std::uint32_t address = 0;  ///< a QuantizeUpdateRegister, or table + 4 i
    std::uint32_t value = 0;
};

/// Where a stream of the burst lies in memory; how many elements follows from the burst.
struct QuantizeUpdateStream {
    std::uint64_t address = 0;
    ElementType type = ElementType::int8;
    TrafficClass traffic = TrafficClass::activations;
};

/// The streams that each mode takes are those of wagesim::Burst. In output_error, auxiliary and auxiliary_result have
/// count / segment elements; all other streams have count.
struct QuantizeUpdateBurst {
    QuantizeUpdateMode mode = QuantizeUpdateMode::input;  ///< written to MODE first, which takes its cycles
    std::uint64_t count = 0;
    std::uint64_t segment = 0;
    std::optional<QuantizeUpdateStream> operand, auxiliary, result, auxiliary_result;
};

struct QuantizeUpdateCommand {
    Phase phase = Phase::forward;
    std::uint32_t layer = 0;
    std::vector<RegisterWrite> registers;  ///< in this order
    std::optional<QuantizeUpdateBurst> burst;
};

}  // namespace wagesim::chip
