// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Derivation of every layer's extents and proven bounds. See the header.
#include "ref/network/layer_geometry.hpp"

#include <stdexcept>

#include "ref/numerics/integer.hpp"

namespace wagesim {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 62;
constexpr std::int64_t kMostWeights = std::int64_t{1} << 33;  // docs/numerics.md section 1
constexpr int kMostChannels = 65536;                          // labels and classes have 16 bits

[[noreturn]] void refuse(std::size_t layer, const std::string& what)
{
    throw std::invalid_argument("layers[" + std::to_string(layer) + "]: " + what);
}

void check_extent(std::size_t layer, const std::string& name, int value, int low, int high)
{
    const std::string got = name + ": got " + std::to_string(value) + ", allowed ";
    if (value < low) refuse(layer, got + std::to_string(low) + " or more");
    if (value > high) refuse(layer, got + std::to_string(high) + " or less");
}

/// x * y, or an exception where the product passes 2^62.
std::int64_t product(std::int64_t x, std::int64_t y, std::size_t layer)
{
    std::int64_t out = 0;
    if (__builtin_mul_overflow(x, y, &out) || out > kLargest) {
        throw std::overflow_error("layers[" + std::to_string(layer) + "]: an accumulator may pass 2^62");
    }
    return out;
}

void place_convolution(const Layer& layer, LayerGeometry& g, std::size_t i)
{
    if (layer.kernel < 1 || layer.kernel > kLargestExtent || layer.kernel % 2 == 0) {
        refuse(i, "kernel: got " + std::to_string(layer.kernel) + ", allowed odd numbers from 1");
    }
    check_extent(i, "stride", layer.stride, 1, kLargestExtent);
    if (!layer.padding && layer.stride != 1) {
        refuse(i,
               "padding: got same with stride " + std::to_string(layer.stride) + ", allowed same with stride 1 only");
    }
    g.kernel_h = g.kernel_w = layer.kernel;
    g.stride = layer.stride;
    g.pad = layer.padding.value_or((layer.kernel - 1) / 2);
    check_extent(i, "padding", g.pad, 0, kLargestExtent);
    const int room_h = g.in_h + 2 * g.pad - layer.kernel;
    const int room_w = g.in_w + 2 * g.pad - layer.kernel;
    if (room_h < 0 || room_w < 0) {
        refuse(i, "kernel: got " + std::to_string(layer.kernel) + " on an input of " + std::to_string(g.in_h) + "x" +
                      std::to_string(g.in_w) + " with padding " + std::to_string(g.pad) +
                      ", allowed a kernel that fits");
    }
    g.acc_h = room_h / g.stride + 1;
    g.acc_w = room_w / g.stride + 1;
    if (g.acc_h > kLargestExtent || g.acc_w > kLargestExtent) {
        refuse(i, "padding: got an output of " + std::to_string(g.acc_h) + "x" + std::to_string(g.acc_w) +
                      ", allowed " + std::to_string(kLargestExtent) + " a side");
    }
    g.out_h = g.acc_h;
    g.out_w = g.acc_w;
    if (!layer.pool) return;
    const Pooling pool = *layer.pool;
    check_extent(i, "pool: size", pool.size, 1, kLargestWindow);
    check_extent(i, "pool: stride", pool.stride, 1, kLargestWindow);
    if (pool.size > g.acc_h || pool.size > g.acc_w) {
        refuse(i, "pool: got size " + std::to_string(pool.size) + " on " + std::to_string(g.acc_h) + "x" +
                      std::to_string(g.acc_w) + ", allowed a window that fits");
    }
    g.pool = pool;
    g.out_h = (g.acc_h - pool.size) / pool.stride + 1;
    g.out_w = (g.acc_w - pool.size) / pool.stride + 1;
}

}  // namespace

Shape LayerGeometry::weight_shape() const
{
    const auto o = static_cast<std::size_t>(out_c);
    if (kind == Layer::Kind::dense) return {o, static_cast<std::size_t>(fan_in())};
    return {o, static_cast<std::size_t>(in_c), static_cast<std::size_t>(kernel_h), static_cast<std::size_t>(kernel_w)};
}

Shape LayerGeometry::input_shape(std::size_t batch) const
{
    if (kind == Layer::Kind::dense) return {batch, static_cast<std::size_t>(inputs())};
    return {batch, static_cast<std::size_t>(in_c), static_cast<std::size_t>(in_h), static_cast<std::size_t>(in_w)};
}

Shape LayerGeometry::acc_shape(std::size_t batch) const
{
    const auto o = static_cast<std::size_t>(out_c);
    if (kind == Layer::Kind::dense) return {batch, o};
    return {batch, o, static_cast<std::size_t>(acc_h), static_cast<std::size_t>(acc_w)};
}

Shape LayerGeometry::output_shape(std::size_t batch) const
{
    const auto o = static_cast<std::size_t>(out_c);
    if (kind == Layer::Kind::dense) return {batch, o};
    return {batch, o, static_cast<std::size_t>(out_h), static_cast<std::size_t>(out_w)};
}

std::vector<LayerGeometry> make_geometry(const Network& network, const Widths& widths)
{
    if (network.layers.empty()) throw std::invalid_argument("layers: got none, allowed one or more");
    std::vector<LayerGeometry> out;
    int c = network.input.channels;
    int h = network.input.height;
    int w = network.input.width;
    if (c < 1 || h < 1 || w < 1) throw std::invalid_argument("input: got an extent below 1, allowed 1 or more");
    if (c > kMostChannels || h > kLargestExtent || w > kLargestExtent) {
        throw std::invalid_argument("input: got an extent beyond 65536 channels or " + std::to_string(kLargestExtent) +
                                    " a side, allowed no more");
    }
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        LayerGeometry g;
        g.kind = layer.kind;
        g.hidden = i + 1 < network.layers.size();
        g.in_c = c;
        g.in_h = h;
        g.in_w = w;
        g.out_c = layer.units;
        check_extent(i, "units", layer.units, 1, kMostChannels);
        if (layer.kind == Layer::Kind::conv) {
            if (!g.hidden) refuse(i, "the last layer: got conv, allowed dense");
            place_convolution(layer, g, i);
        } else {
            g.kernel_h = h;
            g.kernel_w = w;
            g.acc_h = g.acc_w = g.out_h = g.out_w = 1;
        }
        if (g.fan_in() >= kMostWeights || g.weights() >= kMostWeights)
            refuse(i, "weights: got 2^33 or more, allowed fewer");
        g.attenuation = layer.attenuation.value_or(numerics::attenuation(network.init, g.fan_in(), widths.w));
        if (g.attenuation < 0 || g.attenuation > 24) {
            const std::string origin = layer.attenuation ? "" : " by Eq. 7 with this network.init";
            refuse(i, "attenuation: got " + std::to_string(g.attenuation) + origin + ", allowed 0..24");
        }
        c = g.out_c;
        h = g.out_h;
        w = g.out_w;
        out.push_back(g);
    }
    return out;
}

std::vector<LayerBounds> make_bounds(const std::vector<LayerGeometry>& layers, const Widths& widths, std::int64_t batch)
{
    const std::int64_t na = numerics::max_code(widths.a);
    const std::int64_t nw = numerics::max_code(widths.w);
    const std::int64_t ne = numerics::max_code(widths.e);
    std::vector<LayerBounds> out(layers.size());
    for (std::size_t i = layers.size(); i-- > 0;) {
        const LayerGeometry& g = layers[i];
        LayerBounds& b = out[i];
        const std::int64_t overlap = std::int64_t{g.pool_overlap()} * g.pool_overlap();
        b.acc = product(g.fan_in(), na * nw, i);
        b.error_mac = product(ne, overlap, i);
        // An input element is covered by at most ceil(k / stride)^2 windows.
        const std::int64_t windows =
            std::int64_t{(g.kernel_h + g.stride - 1) / g.stride} * ((g.kernel_w + g.stride - 1) / g.stride);
        const std::int64_t covered = g.kind == Layer::Kind::dense ? 1 : windows;
        b.error_out = product(product(covered * nw, g.out_c, i), b.error_mac, i);
        b.gradient = product(product(product(batch, g.positions(), i), b.error_mac, i), na, i);
        b.error_in = g.hidden ? out[i + 1].error_out
                              : b.acc + (std::int64_t{1} << (widths.a - 1 + widths.w - 1 + g.attenuation));
    }
    return out;
}

}  // namespace wagesim
