// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit made of its SystemVerilog: whole bursts go through the Verilated model, and the cycles it
// really takes are reported. No arithmetic of its own: it packs, clocks and unpacks.
#pragma once

#include <memory>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "ref/quantize_update/recordable_unit.hpp"

namespace wagesim::rtl {

/// Lane counts that this build was verilated for, ascending.
[[nodiscard]] std::vector<int> verilated_lane_counts();

/// A unit of its own, after reset. Throws std::invalid_argument naming the lane counts there are. Units share nothing:
/// several may run in threads of their own. A failed assertion of the SystemVerilog is thrown as std::logic_error.
[[nodiscard]] std::unique_ptr<QuantizeUpdateUnit> make_verilated_unit(int lanes);

/// The same unit of a second model, which can record its signals and is slower where it does not, too. Throws as
/// make_verilated_unit does.
[[nodiscard]] std::unique_ptr<RecordableUnit> make_recordable_unit(int lanes);

}  // namespace wagesim::rtl
