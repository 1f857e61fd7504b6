// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One bit of modelled storage. See the header.
#include "platforms/verify/fault_injector.hpp"

#include <stdexcept>

#include "platforms/verify/region_layout.hpp"

namespace wagesim::verify {

FaultInjector::FaultInjector(const ContractTensors& contract, const Fault& fault, chip::TensorTap* next)
    : contract_(contract), fault_(fault), next_(next)
{
}

bool FaultInjector::wants(std::uint32_t layer, TensorName name) const
{
    return is_due(layer, name) || (next_ != nullptr && next_->wants(layer, name));
}

void FaultInjector::on_region(const chip::TensorRegion& region)
{
    if (is_due(region.layer, region.name)) inject(region);
    if (next_ != nullptr && next_->wants(region.layer, region.name)) next_->on_region(region);
}

void FaultInjector::inject(const chip::TensorRegion& region)
{
    const std::optional<std::size_t> position = contract_.find(fault_.layer, fault_.name);
    if (!position) throw std::logic_error("verify: a fault where the contract has no tensor");
    const RegionLayout layout = layout_of(region, contract_[*position]);
    if (!layout.holds(fault_.index)) return;
    // Storage is little-endian, as every tensor in modelled memory is: bit b lies in byte b / 8.
    auto* bytes = static_cast<std::uint8_t*>(region.data);
    if (region.flag_mask != 0) {
        bytes[layout.offset_of(fault_.index)] ^= region.flag_mask;
    } else {
        const std::size_t width = fault_.name == TensorName::loss ? 16 : bytes_of(region.type);
        const std::size_t byte = static_cast<std::size_t>(fault_.bit) / 8;
        if (byte >= width) throw std::logic_error("verify: " + text_of(fault_) + " is past the stored element");
        bytes[layout.offset_of(fault_.index) * width + byte] ^= static_cast<std::uint8_t>(1U << (fault_.bit % 8));
    }
    reached_ = true;
}

}  // namespace wagesim::verify
