// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit that a chip file asks for: the C++ twin, the Verilated RTL, or both in lockstep. The one
// place that knows all of them.
#pragma once

#include <memory>

#include "platforms/verify/lockstep_unit.hpp"
#include "ref/quantize_update/quantize_update_unit.hpp"
#include "tlm/quantize_update/quantize_update_config.hpp"

namespace wagesim::verify {

/// Throws std::invalid_argument for lanes that the unit cannot have, or that were not Verilated into this build.
/// `record`, if any, is what a lockstep unit counts into.
[[nodiscard]] std::unique_ptr<QuantizeUpdateUnit> make_quantize_update_unit(
    const chip::QuantizeUpdateConfig& config, std::shared_ptr<LockstepRecord> record = nullptr);

}  // namespace wagesim::verify
