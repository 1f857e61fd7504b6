// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Gathering and scattering patches, a row of the kernel at a time. See the header.
#include "ref/kernels/patches.hpp"

#include <algorithm>
#include <cstring>

#include "ref/kernels/multiversion.hpp"

namespace wagesim::ref {
namespace {

/// The part of one kernel row that lies on the input: columns first..last of the kernel, from input column `from`.
struct Span {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t from = 0;
    [[nodiscard]] std::size_t length() const noexcept { return last - first; }
};

Span span_at(std::size_t start, std::size_t kernel, std::size_t pad, std::size_t extent)
{
    Span out;
    out.first = start < pad ? std::min(pad - start, kernel) : 0;
    out.last = std::max(out.first, std::min(kernel, extent + pad - std::min(start, extent + pad)));
    out.from = start + out.first - pad;
    return out;
}

WAGESIM_MULTIVERSION void gather_row(const ConvolutionShape& s, const std::int8_t* row, std::int8_t* patches)
{
    const std::size_t width = s.kernel_w * s.in_c;
    for (std::size_t x = 0; x < s.out_w; ++x) {
        std::int8_t* to = patches + x * s.fan_in();
        const Span span = span_at(x * s.stride, s.kernel_w, s.pad, s.in_w);
        if (span.length() == s.kernel_w) {
            const std::int8_t* from = row + span.from * s.in_c;
            for (std::size_t i = 0; i < width; ++i) to[i] = from[i];
            continue;
        }
        std::memset(to, 0, width);
        if (span.length() > 0) {
            std::memcpy(to + span.first * s.in_c, row + span.from * s.in_c, span.length() * s.in_c);
        }
    }
}

template <class Sum>
WAGESIM_MULTIVERSION void add_to(const Sum* from, std::size_t n, Sum* to)
{
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}

}  // namespace

void gather_patches(const ConvolutionShape& s, const std::int8_t* input, std::int8_t* patches)
{
    const std::size_t width = s.kernel_w * s.in_c;
    for (std::size_t y = 0; y < s.out_h; ++y) {
        std::int8_t* rows = patches + y * s.out_w * s.fan_in();
        const Span vertical = span_at(y * s.stride, s.kernel_h, s.pad, s.in_h);
        for (std::size_t kh = 0; kh < s.kernel_h; ++kh) {
            std::int8_t* to = rows + kh * width;
            if (kh >= vertical.first && kh < vertical.last) {
                gather_row(s, input + (vertical.from + kh - vertical.first) * s.in_w * s.in_c, to);
            } else {
                for (std::size_t x = 0; x < s.out_w; ++x) std::memset(to + x * s.fan_in(), 0, width);
            }
        }
    }
}

template <class Sum>
void scatter_patches(const ConvolutionShape& s, const Sum* patches, Sum* sums)
{
    std::fill_n(sums, s.inputs(), Sum{0});
    for (std::size_t y = 0; y < s.out_h; ++y) {
        const Span vertical = span_at(y * s.stride, s.kernel_h, s.pad, s.in_h);
        for (std::size_t x = 0; x < s.out_w; ++x) {
            const Span span = span_at(x * s.stride, s.kernel_w, s.pad, s.in_w);
            if (span.length() == 0) continue;
            const Sum* patch = patches + (y * s.out_w + x) * s.fan_in();
            for (std::size_t kh = vertical.first; kh < vertical.last; ++kh) {
                const std::size_t row = vertical.from + kh - vertical.first;
                add_to(patch + (kh * s.kernel_w + span.first) * s.in_c, span.length() * s.in_c,
                       sums + (row * s.in_w + span.from) * s.in_c);
            }
        }
    }
}

template void scatter_patches(const ConvolutionShape&, const std::int32_t*, std::int32_t*);
template void scatter_patches(const ConvolutionShape&, const std::int64_t*, std::int64_t*);

}  // namespace wagesim::ref
