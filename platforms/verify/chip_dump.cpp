// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From channel-last chunks to whole tensors. See the header.
#include "platforms/verify/chip_dump.hpp"

#include <cstring>
#include <stdexcept>

namespace wagesim::verify {
namespace {

using chip::TensorRegion;

/// Copies a region to its place in the whole tensor, from channel-last to the contract's order; `meaning` maps an
/// element of chip memory to the stored one.
template <class T, class Meaning>
void place(const TensorRegion& region, const RegionLayout& layout, std::byte* whole, Meaning meaning)
{
    const auto* from = static_cast<const T*>(region.data);
    for (std::size_t n = 0; n < layout.samples; ++n, from += layout.sample_size()) {
        auto* to = reinterpret_cast<T*>(whole) + layout.sample_first(n);
        for (std::size_t c = 0; c < layout.channels; ++c) {
            for (std::size_t p = 0; p < layout.positions; ++p) *to++ = meaning(from[p * layout.channels + c]);
        }
    }
}

/// The loss is one binary64 outside and a 128-bit sum inside; flags are bytes of 0 and 1 outside and bits inside.
ElementType delivered_type(const TensorRegion& region)
{
    if (region.name == TensorName::loss) return ElementType::float64;
    return region.flag_mask != 0 ? ElementType::uint8 : region.type;
}

void place_flags(const TensorRegion& region, const RegionLayout& layout, std::byte* whole)
{
    place<std::uint8_t>(region, layout, whole, [mask = region.flag_mask](std::uint8_t flags) {
        return static_cast<std::uint8_t>((flags & mask) != 0 ? 1 : 0);
    });
}

void place_loss(const TensorRegion& region, const ContractTensors& contract, std::byte* whole)
{
    std::uint64_t halves[2];
    std::memcpy(halves, region.data, sizeof halves);
    const double loss = contract.loss(halves[0], halves[1]);
    std::memcpy(whole, &loss, sizeof loss);
}

}  // namespace

ChipDump::ChipDump(const ContractTensors& contract, TensorSink& sink)
    : contract_(contract), sink_(sink), entries_(contract.size())
{
}

void ChipDump::begin_step(std::uint64_t step)
{
    step_ = step;
    for (Entry& entry : entries_) entry = {};
}

bool ChipDump::wants(std::uint32_t layer, TensorName name) const
{
    return contract_.find(layer, name).has_value() && sink_.wants({step_, layer, name});
}

void ChipDump::on_region(const TensorRegion& region)
{
    if (!wants(region.layer, region.name)) return;
    const std::size_t position = *contract_.find(region.layer, region.name);
    const ContractTensor& tensor = contract_[position];
    const RegionLayout layout = layout_of(region, tensor);
    Entry& entry = entries_[position];
    if (!layout.mark(entry.seen)) {
        throw std::logic_error("verify: the chip shows " + tensor.path + " again, to a dump");
    }
    entry.type = delivered_type(region);
    entry.bytes.resize(tensor.shape.size() * bytes_of(entry.type));
    if (region.name == TensorName::loss) {
        place_loss(region, contract_, entry.bytes.data());
    } else if (region.flag_mask != 0) {
        place_flags(region, layout, entry.bytes.data());
    } else {
        visit_element_type(region.type, [&](auto zero) {
            place<decltype(zero)>(region, layout, entry.bytes.data(), [](auto element) { return element; });
        });
    }
    if (entry.seen.is_exactly(tensor.shape.size())) deliver(tensor, entry);
}

void ChipDump::deliver(const ContractTensor& tensor, Entry& entry)
{
    sink_.on_tensor({step_, tensor.layer, tensor.name}, {entry.type, tensor.shape, entry.bytes.data()});
    entry.delivered = true;
    entry.bytes = {};
}

void ChipDump::end_step() const
{
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const ContractTensor& tensor = contract_[i];
        if (entries_[i].delivered || !sink_.wants({step_, tensor.layer, tensor.name})) continue;
        throw std::logic_error("verify: the chip did not show all of step" + std::to_string(step_) + "/" + tensor.path +
                               " to a dump");
    }
}

}  // namespace wagesim::verify
