// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Twin, RTL, or both. See the header.
#include "platforms/verify/quantize_update_factory.hpp"

#include "rtl/verilated/unit_pair.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace wagesim::verify {
namespace {

/// One model, and a second one where bursts are long and threads are to be had.
std::unique_ptr<QuantizeUpdateUnit> make_rtl(int lanes)
{
    return std::make_unique<rtl::UnitPair>([lanes] { return rtl::make_verilated_unit(lanes); });
}

}  // namespace

std::unique_ptr<QuantizeUpdateUnit> make_quantize_update_unit(const chip::QuantizeUpdateConfig& config,
                                                              std::shared_ptr<LockstepRecord> record)
{
    switch (config.quantizer) {
        case chip::Quantizer::tlm: return std::make_unique<chip::QuantizeUpdateTwin>(config.lanes);
        case chip::Quantizer::rtl: return make_rtl(config.lanes);
        case chip::Quantizer::lockstep: break;
    }
    return std::make_unique<LockstepUnit>(
        LockstepUnit::Named{"tlm", std::make_unique<chip::QuantizeUpdateTwin>(config.lanes)},
        LockstepUnit::Named{"rtl", make_rtl(config.lanes)}, std::move(record));
}

}  // namespace wagesim::verify
