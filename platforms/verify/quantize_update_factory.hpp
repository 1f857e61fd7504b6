// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantize/update unit that a chip file asks for: the C++ twin, the Verilated RTL or a library in its place, or
// both in lockstep. The one place that knows all of them.
#pragma once

#include <memory>

#include "platforms/verify/lockstep_unit.hpp"
#include "platforms/verify/rtl_library.hpp"
#include "platforms/verify/wave_recorder.hpp"
#include "ref/quantize_update/quantize_update_unit.hpp"
#include "tlm/quantize_update/quantize_update_config.hpp"

namespace wagesim::verify {

/// What a command line may add where the quantizer is rtl or lockstep.
struct RtlExtras {
    std::shared_ptr<RtlLibrary> library;  ///< in place of the unit of this build
    std::shared_ptr<WaveRecorder> waves;  ///< records the RTL, not the twin
};

/// Throws std::invalid_argument for lanes that the unit cannot have, that were not Verilated into this build or that
/// the library refuses. `record`, if any, is what a lockstep unit counts into.
[[nodiscard]] std::unique_ptr<QuantizeUpdateUnit> make_quantize_update_unit(
    const chip::QuantizeUpdateConfig& config, std::shared_ptr<LockstepRecord> record = nullptr,
    const RtlExtras& extras = {});

}  // namespace wagesim::verify
