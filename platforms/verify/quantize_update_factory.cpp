// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Twin, RTL or library, or both. See the header.
#include "platforms/verify/quantize_update_factory.hpp"

#include "rtl/verilated/unit_pair.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::verify {
namespace {

/// The SystemVerilog's side: of this build or of a library, recorded or not. Of this build's unit there are two where
/// bursts are long and threads are to be had.
std::unique_ptr<QuantizeUpdateUnit> make_rtl(int lanes, const RtlExtras& extras)
{
    if (extras.waves) {
        return std::make_unique<RecordedUnit>(
            extras.library ? extras.library->make_unit(lanes) : rtl::make_recordable_unit(lanes), extras.waves);
    }
    if (extras.library) return extras.library->make_unit(lanes);
    return std::make_unique<rtl::UnitPair>([lanes] { return rtl::make_verilated_unit(lanes); });
}

}  // namespace

std::unique_ptr<QuantizeUpdateUnit> make_quantize_update_unit(const chip::QuantizeUpdateConfig& config,
                                                              std::shared_ptr<LockstepRecord> record,
                                                              const RtlExtras& extras)
{
    switch (config.quantizer) {
        case chip::Quantizer::tlm: return std::make_unique<chip::QuantizeUpdateTwin>(config.lanes);
        case chip::Quantizer::rtl: return make_rtl(config.lanes, extras);
        case chip::Quantizer::lockstep: break;
    }
    return std::make_unique<LockstepUnit>(
        LockstepUnit::Named{"tlm", std::make_unique<chip::QuantizeUpdateTwin>(config.lanes)},
        LockstepUnit::Named{extras.library ? "library" : "rtl", make_rtl(config.lanes, extras)}, std::move(record));
}

}  // namespace wagesim::verify
