// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The list of a step's tensors, from the network's geometry and bounds. See the header.
#include "platforms/verify/contract_tensors.hpp"

#include <algorithm>
#include <cmath>

#include "ref/quantize_update/registers.hpp"
#include "ref/tensor/element_type.hpp"

namespace wagesim::verify {
namespace {

constexpr int kAttenuationBits = 5;  // ATTENUATION
constexpr int kExponentBits = 8;     // EXPONENT, two's complement
constexpr int kLossBits = 128;

/// Exact sums lie in memory as int32, or int64 where the bound needs it.
int sum_bits(std::int64_t bound)
{
    return bound <= INT32_MAX ? 32 : 64;
}

int code_bits(std::int64_t bound)
{
    return static_cast<int>(8 * bytes_of(signed_type_for(bound)));
}

std::string path_of(std::size_t layer, TensorName name)
{
    const std::string text(text_of(name));
    return belongs_to_step(name) ? text : "layer" + std::to_string(layer) + "/" + text;
}

}  // namespace

ContractTensors::ContractTensors(const std::vector<LayerGeometry>& layers, const Widths& widths, std::size_t batch)
    : batch_(batch)
{
    const std::vector<LayerBounds> bounds = make_bounds(layers, widths, static_cast<std::int64_t>(batch));
    LayerPositions none;
    none.fill(kAbsent);
    positions_.assign(layers.size(), none);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerGeometry& g = layers[i];
        const LayerBounds& b = bounds[i];
        const Shape weights = g.weight_shape();
        const Shape outputs = g.output_shape(batch);
        add(i, TensorName::weight_stored, weights, 16);
        add(i, TensorName::weight_q, weights, 8);
        add(i, TensorName::input, g.input_shape(batch), 8);
        add(i, TensorName::acc, g.acc_shape(batch), sum_bits(b.acc));
        if (g.pool) {
            add(i, TensorName::pooled, outputs, sum_bits(b.acc));
            add(i, TensorName::pool_winner, outputs, g.pool->size * g.pool->size <= 256 ? 8 : 16);
        }
        if (g.hidden) {
            add(i, TensorName::output, outputs, 8);
            add(i, TensorName::mask_active, outputs, 1);
            add(i, TensorName::mask_unclipped, outputs, 1);
        }
        add(i, TensorName::error_in, outputs, sum_bits(b.error_in));
        add(i, TensorName::error_q, outputs, widths.e <= 8 ? 8 : 16);
        add(i, TensorName::error_mac, g.acc_shape(batch), code_bits(b.error_mac));
        if (i > 0) add(i, TensorName::error_out, g.input_shape(batch), sum_bits(b.error_out));
        add(i, TensorName::gradient, weights, sum_bits(b.gradient));
        add(i, TensorName::delta, weights, 16);
        add(i, TensorName::weight_stored_next, weights, 16);
        add(i, TensorName::attenuation, {}, kAttenuationBits);
        add(i, TensorName::max_error, {}, kQuantizeUpdateOperandBits);
        add(i, TensorName::exponent_e, {}, kExponentBits);
        add(i, TensorName::max_gradient, {}, kQuantizeUpdateOperandBits);
        add(i, TensorName::exponent_g, {}, kExponentBits);
    }
    add(0, TensorName::loss, {}, kLossBits);
    add(0, TensorName::prediction, {batch}, 16);
    loss_shift_ = 2 * (widths.a - 1 + widths.w - 1 + layers.back().attenuation) + 1;
}

void ContractTensors::add(std::size_t layer, TensorName name, const Shape& shape, int bits)
{
    positions_[layer][static_cast<std::size_t>(name)] = tensors_.size();
    tensors_.push_back({static_cast<std::uint32_t>(layer), name, shape, bits, path_of(layer, name)});
}

std::optional<std::size_t> ContractTensors::find(std::uint32_t layer, TensorName name) const noexcept
{
    if (layer >= positions_.size()) return std::nullopt;
    const std::size_t position = positions_[layer][static_cast<std::size_t>(name)];
    return position == kAbsent ? std::nullopt : std::optional<std::size_t>(position);
}

double ContractTensors::loss(std::uint64_t low, std::uint64_t high) const noexcept
{
    // ISO C++17 has no 128-bit type; its conversion to binary64 rounds once, to nearest even.
    __extension__ using Uint128 = unsigned __int128;
    return std::ldexp(static_cast<double>((static_cast<Uint128>(high) << 64) | low), -loss_shift_);
}

}  // namespace wagesim::verify
