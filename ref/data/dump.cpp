// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/dump.hpp"

#include <fnmatch.h>

#include <limits>

namespace wagesim {
namespace {

/// An entry's .npy header and its two records in the archive.
constexpr std::uint64_t kEntryOverhead = 256;
constexpr std::size_t kLargestWindowInBytes = 256;

ElementType winner_type(const LayerGeometry& layer)
{
    const auto side = static_cast<std::size_t>(layer.pool->size);
    return side * side <= kLargestWindowInBytes ? ElementType::uint8 : ElementType::uint16;
}

/// Exact sums: engines keep them in 32 bits, or 64 where those could overflow.
ElementType sum_type(std::int64_t bound)
{
    return bound <= INT32_MAX ? ElementType::int32 : ElementType::int64;
}

std::uint64_t entry_bytes(const TensorExtent& extent)
{
    return extent.shape.size() * bytes_of(extent.type) + kEntryOverhead;
}

/// Calls visitor(id, bytes) for every tensor of one step.
template <class Visitor>
void visit_step(const std::vector<LayerGeometry>& layers, const std::vector<LayerBounds>& bounds, std::size_t batch,
                std::uint64_t step, Visitor&& visitor)
{
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        for (std::size_t i = 0; i < kTensorNames.size(); ++i) {
            const TensorId id{step, static_cast<std::uint32_t>(layer), static_cast<TensorName>(i)};
            if (belongs_to_step(id.name) && layer > 0) continue;
            const auto extent = tensor_extent(layers, bounds, layer, id.name, batch);
            if (extent) visitor(id, entry_bytes(*extent));
        }
    }
}

}  // namespace

std::string dump_entry_name(const TensorId& id)
{
    std::string out = "step" + std::to_string(id.step) + "/";
    if (!belongs_to_step(id.name)) out += "layer" + std::to_string(id.layer) + "/";
    return out + std::string(text_of(id.name));
}

bool DumpFilter::matches(const TensorId& id) const
{
    return takes_all() || ::fnmatch(glob_.c_str(), dump_entry_name(id).c_str(), 0) == 0;
}

std::optional<TensorExtent> tensor_extent(const std::vector<LayerGeometry>& layers,
                                          const std::vector<LayerBounds>& bounds, std::size_t layer, TensorName name,
                                          std::size_t batch)
{
    const LayerGeometry& g = layers.at(layer);
    const LayerBounds& b = bounds.at(layer);
    const auto only = [](bool exists, const TensorExtent& extent) {
        return exists ? std::optional<TensorExtent>(extent) : std::nullopt;
    };
    switch (name) {
        case TensorName::weight_stored:
        case TensorName::weight_stored_next:
        case TensorName::delta: return TensorExtent{ElementType::int16, g.weight_shape()};
        case TensorName::weight_q: return TensorExtent{ElementType::int8, g.weight_shape()};
        case TensorName::gradient: return TensorExtent{sum_type(b.gradient), g.weight_shape()};
        case TensorName::input: return TensorExtent{ElementType::int8, g.input_shape(batch)};
        case TensorName::error_out: return only(layer > 0, {sum_type(b.error_out), g.input_shape(batch)});
        case TensorName::acc: return TensorExtent{sum_type(b.acc), g.acc_shape(batch)};
        case TensorName::error_mac: return TensorExtent{signed_type_for(b.error_mac), g.acc_shape(batch)};
        case TensorName::pooled: return only(g.pool.has_value(), {sum_type(b.acc), g.output_shape(batch)});
        case TensorName::pool_winner:
            if (!g.pool) return std::nullopt;
            return TensorExtent{winner_type(g), g.output_shape(batch)};
        case TensorName::output: return only(g.hidden, {ElementType::int8, g.output_shape(batch)});
        case TensorName::mask_active:
        case TensorName::mask_unclipped: return only(g.hidden, {ElementType::uint8, g.output_shape(batch)});
        case TensorName::error_in: return TensorExtent{sum_type(b.error_in), g.output_shape(batch)};
        // N(kE) is no larger than the bound of what is unpooled from it.
        case TensorName::error_q: return TensorExtent{signed_type_for(b.error_mac), g.output_shape(batch)};
        case TensorName::attenuation:
        case TensorName::max_error:
        case TensorName::exponent_e:
        case TensorName::max_gradient:
        case TensorName::exponent_g: return TensorExtent{ElementType::int64, {}};
        case TensorName::loss: return TensorExtent{ElementType::float64, {}};
        case TensorName::prediction: return TensorExtent{ElementType::uint16, {batch}};
    }
    return std::nullopt;
}

std::uint64_t estimate_dump_bytes(const std::vector<LayerGeometry>& layers, const std::vector<LayerBounds>& bounds,
                                  std::size_t batch, std::uint64_t steps, const DumpFilter& filter)
{
    std::uint64_t total = 0;
    if (filter.takes_all()) {
        visit_step(layers, bounds, batch, 0, [&](const TensorId&, std::uint64_t bytes) { total += bytes; });
        std::uint64_t product = 0;
        const bool wrapped = __builtin_mul_overflow(total, steps, &product);
        return wrapped ? std::numeric_limits<std::uint64_t>::max() : product;
    }
    for (std::uint64_t step = 0; step < steps && total <= kLargestDump; ++step) {
        visit_step(layers, bounds, batch, step, [&](const TensorId& id, std::uint64_t bytes) {
            if (filter.matches(id)) total += bytes;
        });
    }
    return total;
}

TensorDump::TensorDump(const std::string& path, DumpFilter filter)
    : path_(path), file_(path), filter_(std::move(filter))
{
}

void TensorDump::on_tensor(const TensorId& id, const TensorView& tensor)
{
    if (!filter_.matches(id)) return;
    bytes_ += tensor.bytes() + kEntryOverhead;
    if (bytes_ > kLargestDump) {
        throw DataError(path_ + ": the dump grew to " + std::to_string(bytes_) + " bytes, allowed " +
                        std::to_string(kLargestDump));
    }
    file_.add(dump_entry_name(id), tensor);
}

void TensorDump::finish()
{
    file_.finish();
}

}  // namespace wagesim
