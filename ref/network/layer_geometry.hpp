// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What follows from a network's description: the extents of every tensor, fan-in, attenuation, and proven bounds of
// every accumulator. Both the reference and the chip's mapping size themselves from this; neither computes here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ref/network/network.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/tensor/shape.hpp"

namespace wagesim {

/// Largest height or width of any tensor: with 16-bit channel counts, every product of extents fits 64 bits.
inline constexpr int kLargestExtent = 16384;
/// Largest side and stride of a pooling window: its winner then fits 16 bits, its summed errors 32.
inline constexpr int kLargestWindow = 256;

/// As loops and memories count: extents are never negative.
[[nodiscard]] constexpr std::size_t extent(std::int64_t n) noexcept
{
    return static_cast<std::size_t>(n);
}

/// Extents of one weight layer. A dense layer is the convolution whose kernel is its whole input (kernel_h x kernel_w =
/// in_h x in_w, no padding, one position), which makes the C, H, W flattening of docs/numerics.md section 2 implicit.
struct LayerGeometry {
    Layer::Kind kind = Layer::Kind::dense;
    bool hidden = true;  ///< false for the last layer
    int in_c = 0, in_h = 0, in_w = 0;
    int out_c = 0;
    int kernel_h = 0, kernel_w = 0;
    int stride = 1;
    int pad = 0;
    int acc_h = 0, acc_w = 0;  ///< before pooling
    std::optional<Pooling> pool;
    int out_h = 0, out_w = 0;  ///< after pooling
    int attenuation = 0;       ///< sA

    [[nodiscard]] std::int64_t fan_in() const noexcept { return std::int64_t{in_c} * kernel_h * kernel_w; }
    [[nodiscard]] std::int64_t weights() const noexcept { return fan_in() * out_c; }
    [[nodiscard]] std::int64_t positions() const noexcept { return std::int64_t{acc_h} * acc_w; }
    [[nodiscard]] std::int64_t inputs() const noexcept { return std::int64_t{in_c} * in_h * in_w; }
    [[nodiscard]] std::int64_t accumulators() const noexcept { return positions() * out_c; }
    [[nodiscard]] std::int64_t outputs() const noexcept { return std::int64_t{out_c} * out_h * out_w; }
    /// Multiply-accumulates of one sample's forward pass (the closed form: positions x fan-in x outputs).
    [[nodiscard]] std::int64_t macs() const noexcept { return positions() * fan_in() * out_c; }
    /// How many pooling windows may share an accumulator along one axis: ceil(size / stride); 1 without overlap.
    [[nodiscard]] int pool_overlap() const noexcept
    {
        return pool ? (pool->size + pool->stride - 1) / pool->stride : 1;
    }

    /// Shapes in the layout of docs/numerics.md section 2. Dense layers give rank 2.
    [[nodiscard]] Shape weight_shape() const;
    [[nodiscard]] Shape input_shape(std::size_t batch) const;
    [[nodiscard]] Shape acc_shape(std::size_t batch) const;
    [[nodiscard]] Shape output_shape(std::size_t batch) const;
};

/// Largest magnitudes that a layer's exact integers can reach, whatever the data; all < 2^62 or make_geometry refuses.
struct LayerBounds {
    std::int64_t acc;        ///< forward accumulator: fan_in * N(kA) * N(kW)
    std::int64_t error_in;   ///< e as delivered to this layer (last layer: acc + 2^s)
    std::int64_t error_mac;  ///< operand of both backward MACs: overlap^2 * N(kE)
    std::int64_t error_out;  ///< backward accumulator: (windows covering an input) * out_c * error_mac * N(kW)
    std::int64_t gradient;   ///< batch * positions * error_mac * N(kA)
};

/// Every layer's geometry. Throws std::invalid_argument with "layers[i]: what is wrong" for a description that is not
/// a network (a kernel that does not fit, an even kernel, same padding with a stride, no layers, a last layer not
/// dense).
[[nodiscard]] std::vector<LayerGeometry> make_geometry(const Network& network, const Widths& widths);

/// Bounds of every layer for batches of `batch` samples. Throws std::overflow_error where one passes 2^62.
[[nodiscard]] std::vector<LayerBounds> make_bounds(const std::vector<LayerGeometry>& layers, const Widths& widths,
                                                   std::int64_t batch);

}  // namespace wagesim
