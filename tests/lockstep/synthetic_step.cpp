// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random tensors and their regions, laid out element by element with plain divisions. See the header.
#include "tests/lockstep/synthetic_step.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ref/quantize_update/registers.hpp"

namespace wagesim::test {
namespace {

using chip::RegionOrder;
using chip::TensorRegion;

ElementType storage_of(const verify::ContractTensor& tensor)
{
    if (tensor.bits == 1 || tensor.name == TensorName::pool_winner) return ElementType::uint8;
    if (tensor.name == TensorName::prediction) return ElementType::uint16;
    if (tensor.shape.rank() == 0) return ElementType::int64;
    if (tensor.bits <= 8) return ElementType::int8;
    if (tensor.bits <= 16) return ElementType::int16;
    return tensor.bits <= 32 ? ElementType::int32 : ElementType::int64;
}

std::uint8_t flag_of(TensorName name)
{
    if (name == TensorName::mask_active) return kFlagActive;
    return name == TensorName::mask_unclipped ? kFlagUnclipped : 0;
}

bool is_weight_like(TensorName name)
{
    switch (name) {
        case TensorName::weight_stored:
        case TensorName::weight_q:
        case TensorName::gradient:
        case TensorName::delta:
        case TensorName::weight_stored_next: return true;
        default: return false;
    }
}

void put(std::byte* bytes, ElementType type, std::size_t index, std::int64_t value)
{
    visit_element_type(type, [&](auto zero) {
        const auto element = static_cast<decltype(zero)>(value);
        std::memcpy(bytes + index * sizeof element, &element, sizeof element);
    });
}

}  // namespace

Network synthetic_network()
{
    Network out;
    out.name = "synthetic";
    out.input = {2, 6, 7};
    Layer pooled{Layer::Kind::conv, 5, 3, 1, std::nullopt, Pooling{2, 2}, std::nullopt};
    Layer plain{Layer::Kind::conv, 3, 3, 1, std::nullopt, std::nullopt, std::nullopt};
    Layer hidden;
    hidden.units = 9;
    Layer last;
    last.units = 4;
    out.layers = {pooled, plain, hidden, last};
    return out;
}

SyntheticStep::SyntheticStep(const verify::ContractTensors& contract, std::uint64_t step, std::uint32_t seed,
                             SyntheticStepOptions options)
    : contract_(contract), step_(step), options_(std::move(options)), held_(contract.size())
{
    std::mt19937 random(seed);
    for (std::size_t i = 0; i < contract.size(); ++i) {
        draw(contract[i], held_[i], random);
        cut(contract[i], held_[i]);
    }
}

void SyntheticStep::draw(const verify::ContractTensor& tensor, Held& held, std::mt19937& random)
{
    held.type = storage_of(tensor);
    held.flag_mask = flag_of(tensor.name);
    held.values.resize(tensor.shape.size());
    const bool is_unsigned =
        tensor.shape.rank() == 0 || held.type == ElementType::uint8 || held.type == ElementType::uint16;
    const std::int64_t largest = tensor.bits == 1 ? 1 : (std::int64_t{1} << (std::min(tensor.bits, 40) - 2)) - 1;
    std::uniform_int_distribution<std::int64_t> any(is_unsigned ? 0 : -largest, largest);
    for (std::int64_t& value : held.values) value = any(random);
    held.delivered.resize(held.values.size() * bytes_of(held.type));
    for (std::size_t i = 0; i < held.values.size(); ++i) put(held.delivered.data(), held.type, i, held.values[i]);
    if (tensor.name != TensorName::loss) return;
    loss_ = contract_.loss(static_cast<std::uint64_t>(held.values[0]), 0);
    held.delivered.resize(sizeof loss_);
    std::memcpy(held.delivered.data(), &loss_, sizeof loss_);
}

void SyntheticStep::cut(const verify::ContractTensor& tensor, Held& held)
{
    const std::size_t width = bytes_of(held.type);
    held.stored.resize(std::max<std::size_t>(held.values.size(), 2) * width);
    TensorRegion region;
    region.layer = tensor.layer;
    region.name = tensor.name;
    region.type = held.type;
    region.flag_mask = held.flag_mask;
    if (tensor.shape.rank() == 0) {
        region.order = RegionOrder::scalar;
        region.data = held.stored.data();
        put(held.stored.data(), held.type, 0, held.values[0]);
        held.regions.push_back(region);
    } else if (is_weight_like(tensor.name) || tensor.name == TensorName::prediction) {
        const bool sampled = tensor.name == TensorName::prediction;
        region.order = sampled ? RegionOrder::sample : RegionOrder::row_major;
        for (std::size_t i = 0; i < held.values.size(); ++i) put(held.stored.data(), held.type, i, held.values[i]);
        const std::size_t chunk = sampled ? options_.chunk_samples : options_.chunk_elements;
        for (std::size_t first = 0; first < held.values.size(); first += chunk) {
            const std::size_t count = std::min(chunk, held.values.size() - first);
            (sampled ? region.first_sample : region.first) = first;
            (sampled ? region.samples : region.count) = count;
            region.data = held.stored.data() + first * width;
            held.regions.push_back(region);
        }
    } else {
        cut_samples(tensor, held);
    }
}

void SyntheticStep::cut_samples(const verify::ContractTensor& tensor, Held& held)
{
    // The dense layer behind 3 x 3 x 3 outputs reads them channel-last; other flat tensors have one position.
    const Shape& shape = tensor.shape;
    const bool behind_rows = shape.rank() == 2 && shape[1] == 27;
    const std::size_t channels = behind_rows ? 3 : shape[1];
    const std::size_t height = shape.rank() == 4 ? shape[2] : behind_rows ? 3 : 1;
    const std::size_t width = shape.rank() == 4 ? shape[3] : behind_rows ? 3 : 1;
    const std::size_t group = options_.channel_group == 0 ? channels : options_.channel_group;
    std::size_t written = 0;
    for (std::size_t first = 0; first < shape[0]; first += options_.chunk_samples) {
        for (std::size_t channel = 0; channel < channels; channel += group) {
            TensorRegion region;
            region.layer = tensor.layer;
            region.name = tensor.name;
            region.type = held.type;
            region.flag_mask = held.flag_mask;
            region.data = held.stored.data() + written * bytes_of(held.type);
            region.first_sample = first;
            region.samples = std::min(options_.chunk_samples, shape[0] - first);
            region.channels = std::min(group, channels - channel);
            region.height = height;
            region.width = width;
            region.first_channel = channel;
            region.tensor_channels = options_.channel_group == 0 ? 0 : channels;
            held.regions.push_back(region);
            const std::size_t count = region.samples * height * width * region.channels;
            for (std::size_t i = 0; i < count; ++i, ++written) {
                const std::size_t c = channel + i % region.channels;
                const std::size_t position = i / region.channels % (height * width);
                const std::size_t n = first + i / region.channels / (height * width);
                const std::int64_t value = held.values[(n * channels + c) * height * width + position];
                // A flags byte carries other flags too, which this tensor must not see.
                const std::int64_t other = held.flag_mask == kFlagActive ? kFlagUnclipped : kFlagActive;
                put(held.stored.data(), held.type, written,
                    held.flag_mask == 0 ? value : value * held.flag_mask + (i % 3 == 0 ? other : 0));
            }
        }
    }
}

void SyntheticStep::deliver(TensorSink& sink) const
{
    for (std::size_t i = 0; i < contract_.size(); ++i) {
        const verify::ContractTensor& tensor = contract_[i];
        const TensorId id{step_, tensor.layer, tensor.name};
        const ElementType type = tensor.name == TensorName::loss ? ElementType::float64 : held_[i].type;
        if (sink.wants(id)) sink.on_tensor(id, {type, tensor.shape, held_[i].delivered.data()});
    }
}

void SyntheticStep::show(chip::TensorTap& tap)
{
    std::vector<TensorRegion> regions;
    for (const Held& held : held_) regions.insert(regions.end(), held.regions.begin(), held.regions.end());
    if (options_.rearrange) options_.rearrange(regions);
    for (const TensorRegion& region : regions) {
        if (tap.wants(region.layer, region.name)) tap.on_region(region);
    }
}

std::int64_t SyntheticStep::expected(std::size_t position, std::size_t index) const
{
    return held_.at(position).values.at(index);
}

}  // namespace wagesim::test
