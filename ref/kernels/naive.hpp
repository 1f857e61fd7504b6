// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the kernels mean: loops in index order, shapes in the first comment. Tests hold the kernels to these; nothing
// else calls them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/kernels/convolution_shape.hpp"

namespace wagesim::ref::naive {

/// Calls visit(input element, weight-matrix column, output position) for every product of one sample that is not with
/// padding: input index (iy, ix, i), column (kh, kw, i), position (y, x).
template <class Visit>
void for_each_product(const ConvolutionShape& s, Visit&& visit)
{
    for (std::size_t y = 0; y < s.out_h; ++y)
        for (std::size_t x = 0; x < s.out_w; ++x)
            for (std::size_t kh = 0; kh < s.kernel_h; ++kh)
                for (std::size_t kw = 0; kw < s.kernel_w; ++kw) {
                    const std::size_t iy = y * s.stride + kh;  // in padded coordinates
                    const std::size_t ix = x * s.stride + kw;
                    if (iy < s.pad || iy >= s.in_h + s.pad || ix < s.pad || ix >= s.in_w + s.pad) continue;
                    for (std::size_t i = 0; i < s.in_c; ++i) {
                        visit(((iy - s.pad) * s.in_w + (ix - s.pad)) * s.in_c + i, (kh * s.kernel_w + kw) * s.in_c + i,
                              y * s.out_w + x);
                    }
                }
}

template <class Input, class Sum>
void convolution_forward(const ConvolutionShape& s, std::size_t samples, const Input* input, const std::int8_t* weights,
                         Sum* sums)
{
    // input: n, in_h, in_w, in_c; weights: o, kh, kw, i; sums: n, out_h, out_w, o
    for (std::size_t n = 0; n < samples * s.outputs(); ++n) sums[n] = 0;
    for (std::size_t n = 0; n < samples; ++n)
        for_each_product(s, [&](std::size_t in, std::size_t column, std::size_t position) {
            for (std::size_t o = 0; o < s.out_c; ++o)
                sums[n * s.outputs() + position * s.out_c + o] +=
                    Sum{input[n * s.inputs() + in]} * weights[o * s.fan_in() + column];
        });
}

template <class Error, class Sum>
void convolution_backward(const ConvolutionShape& s, std::size_t samples, const Error* error,
                          const std::int8_t* weights, Sum* sums)
{
    // error: n, out_h, out_w, o; weights: o, kh, kw, i; sums: n, in_h, in_w, in_c
    for (std::size_t n = 0; n < samples * s.inputs(); ++n) sums[n] = 0;
    for (std::size_t n = 0; n < samples; ++n)
        for_each_product(s, [&](std::size_t in, std::size_t column, std::size_t position) {
            for (std::size_t o = 0; o < s.out_c; ++o)
                sums[n * s.inputs() + in] +=
                    Sum{error[n * s.outputs() + position * s.out_c + o]} * weights[o * s.fan_in() + column];
        });
}

template <class Error, class Sum>
void convolution_gradient(const ConvolutionShape& s, std::size_t samples, const std::int8_t* input, const Error* error,
                          Sum* sums)
{
    // input: n, in_h, in_w, in_c; error: n, out_h, out_w, o; sums: o, kh, kw, i
    for (std::size_t n = 0; n < s.weights(); ++n) sums[n] = 0;
    for (std::size_t n = 0; n < samples; ++n)
        for_each_product(s, [&](std::size_t in, std::size_t column, std::size_t position) {
            for (std::size_t o = 0; o < s.out_c; ++o)
                sums[o * s.fan_in() + column] +=
                    Sum{error[n * s.outputs() + position * s.out_c + o]} * input[n * s.inputs() + in];
        });
}

template <class Sum, class Winner>
void max_pool(const PoolShape& s, const Sum* sums, Sum* pooled, Winner* winners)
{
    // sums: h, w, c; pooled, winners: out_h, out_w, c; a winner is its row-major place in the window
    for (std::size_t y = 0; y < s.out_h; ++y)
        for (std::size_t x = 0; x < s.out_w; ++x)
            for (std::size_t c = 0; c < s.c; ++c) {
                const std::size_t out = (y * s.out_w + x) * s.c + c;
                for (std::size_t p = 0; p < s.size * s.size; ++p) {
                    const std::size_t row = y * s.stride + p / s.size;
                    const std::size_t column = x * s.stride + p % s.size;
                    const Sum value = sums[(row * s.w + column) * s.c + c];
                    if (p > 0 && value <= pooled[out]) continue;
                    pooled[out] = value;
                    winners[out] = static_cast<Winner>(p);
                }
            }
}

template <class Code, class Winner, class Operand>
void unpool(const PoolShape& s, const Code* codes, const Winner* winners, Operand* operands)
{
    // codes, winners: out_h, out_w, c; operands: h, w, c
    for (std::size_t i = 0; i < s.inputs(); ++i) operands[i] = 0;
    for (std::size_t y = 0; y < s.out_h; ++y)
        for (std::size_t x = 0; x < s.out_w; ++x)
            for (std::size_t c = 0; c < s.c; ++c) {
                const std::size_t out = (y * s.out_w + x) * s.c + c;
                const std::size_t winner = static_cast<std::size_t>(winners[out]);
                const std::size_t row = y * s.stride + winner / s.size;
                const std::size_t column = x * s.stride + winner % s.size;
                Operand& operand = operands[(row * s.w + column) * s.c + c];
                operand = static_cast<Operand>(operand + codes[out]);
            }
}

}  // namespace wagesim::ref::naive
