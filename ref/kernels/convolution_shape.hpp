// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Extents of a convolution as the kernels see it. Channel-last everywhere in the kernels: activations and errors
// n, h, w, c; weights o, kh, kw, i; so that a patch is one row of a matrix. Not the layout of docs/numerics.md.
#pragma once

#include <cstddef>

namespace wagesim::ref {

/// Zero padding; output (in + 2 pad - kernel) / stride + 1, rounded down.
struct ConvolutionShape {
    std::size_t in_h = 1, in_w = 1, in_c = 1;
    std::size_t out_h = 1, out_w = 1, out_c = 1;
    std::size_t kernel_h = 1, kernel_w = 1;
    std::size_t stride = 1;
    std::size_t pad = 0;

    [[nodiscard]] std::size_t inputs() const noexcept { return in_h * in_w * in_c; }
    [[nodiscard]] std::size_t positions() const noexcept { return out_h * out_w; }
    [[nodiscard]] std::size_t outputs() const noexcept { return positions() * out_c; }
    /// Elements of a patch: kernel_h * kernel_w * in_c.
    [[nodiscard]] std::size_t fan_in() const noexcept { return kernel_h * kernel_w * in_c; }
    [[nodiscard]] std::size_t weights() const noexcept { return out_c * fan_in(); }
};

/// Max pooling of one sample's accumulators, h x w x c, into out_h x out_w x c.
struct PoolShape {
    std::size_t h = 1, w = 1, c = 1;
    std::size_t size = 1, stride = 1;
    std::size_t out_h = 1, out_w = 1;

    [[nodiscard]] std::size_t inputs() const noexcept { return h * w * c; }
    [[nodiscard]] std::size_t outputs() const noexcept { return out_h * out_w * c; }
    [[nodiscard]] bool overlaps() const noexcept { return size > stride; }
};

}  // namespace wagesim::ref
