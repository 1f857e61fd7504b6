// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs of channels are copied and added as they lie: a window row is kw x channels neighbours of the input row.
#include "tlm/mac_partition/window_unit.hpp"

#include <algorithm>
#include <cstring>

#include "tlm/common/vector_clones.hpp"

namespace wagesim::chip {
namespace {

/// Copies `length` bytes in whole words; up to kSlack - 1 bytes behind the end are read and written, too.
inline void copy_run(const std::int8_t* from, std::size_t length, std::int8_t* to)
{
    if (length <= 8) {
        std::memcpy(to, from, 8);
    } else if (length <= 64) {
        for (std::size_t i = 0; i < length; i += 16) std::memcpy(to + i, from + i, 16);
    } else {
        std::memcpy(to, from, length);
    }
}

WAGESIM_VECTOR_CLONES void add_run(const std::int32_t* from, std::size_t length, std::int32_t* to)
{
    for (std::size_t i = 0; i < length; ++i) to[i] += from[i];
}

WAGESIM_VECTOR_CLONES void add_run(const std::int64_t* from, std::size_t length, std::int64_t* to)
{
    for (std::size_t i = 0; i < length; ++i) to[i] += from[i];
}

}  // namespace

WindowUnit::WindowUnit(const LayerGeometry& layer, RowIndex first_row, RowIndex end_row)
    : acc_w_(static_cast<std::size_t>(layer.acc_w)),
      in_h_(static_cast<std::size_t>(layer.in_h)),
      in_row_(static_cast<std::size_t>(layer.in_w) * static_cast<std::size_t>(layer.in_c)),
      padded_row_(static_cast<std::size_t>(layer.in_w + 2 * layer.pad) * static_cast<std::size_t>(layer.in_c)),
      kernel_h_(static_cast<std::size_t>(layer.kernel_h)),
      stride_(static_cast<std::size_t>(layer.stride)),
      pad_(static_cast<std::size_t>(layer.pad)),
      channels_(static_cast<std::size_t>(layer.in_c)),
      rows_(end_row.value() - first_row.value())
{
    const std::size_t kernel_row = static_cast<std::size_t>(layer.kernel_w) * channels_;
    for (std::size_t row = 0; row < kernel_h_; ++row) {
        const std::size_t begin = std::max(first_row.value(), row * kernel_row);
        const std::size_t end = std::min(end_row.value(), (row + 1) * kernel_row);
        if (begin < end) runs_.push_back({row, begin - row * kernel_row, begin - first_row.value(), end - begin});
    }
}

std::size_t WindowUnit::padded_elements(std::size_t acc_rows) const noexcept
{
    return ((acc_rows - 1) * stride_ + kernel_h_) * padded_row_ + kSlack;
}

void WindowUnit::gather(const std::int8_t* sample, std::size_t first, std::size_t end, std::int8_t* windows,
                        std::int8_t* padded) const
{
    // Always through the padded copy: whole-word copies may read behind a row, and must not read behind a lease.
    const std::size_t rows = (end - 1 - first) * stride_ + kernel_h_;
    const std::size_t margin = pad_ * channels_;
    for (std::size_t row = 0; row < rows; ++row) {
        std::int8_t* const to = padded + row * padded_row_;
        const std::size_t padded_y = first * stride_ + row;
        if (padded_y < pad_ || padded_y >= pad_ + in_h_) {
            std::memset(to, 0, padded_row_);
            continue;
        }
        std::memset(to, 0, margin);
        std::memcpy(to + margin, sample + (padded_y - pad_) * in_row_, in_row_);
        std::memset(to + margin + in_row_, 0, margin);
    }
    // In locals: bytes may alias anything, and members would be read again after each of them.
    const std::size_t step = stride_ * channels_;
    const std::size_t window = rows_;
    const std::size_t positions = acc_w_;
    const std::size_t padded_row = padded_row_;
    std::int8_t* to = windows;
    for (std::size_t y = 0; y < end - first; ++y) {
        const std::int8_t* const corner = padded + y * stride_ * padded_row;
        for (std::size_t x = 0; x < positions; ++x, to += window) {
            for (const Run& run : runs_) {
                copy_run(corner + run.kernel_row * padded_row + x * step + run.input, run.length, to + run.window);
            }
        }
    }
}

std::size_t WindowUnit::ring_elements() const noexcept
{
    return (in_h_ + 2 * pad_) * padded_row_;
}

template <class Sum>
void WindowUnit::scatter(const Sum* sums, std::size_t first, std::size_t end, Sum* ring) const
{
    const std::size_t step = stride_ * channels_;
    const Sum* from = sums;
    for (std::size_t y = first; y < end; ++y) {
        Sum* const corner = ring + y * stride_ * padded_row_;
        for (std::size_t x = 0; x < acc_w_; ++x, from += rows_) {
            for (const Run& run : runs_) {
                add_run(from + run.window, run.length, corner + run.kernel_row * padded_row_ + x * step + run.input);
            }
        }
    }
}

template <class Sum>
void WindowUnit::drain(const Sum* ring, Sum* sample, bool accumulate) const
{
    for (std::size_t y = 0; y < in_h_; ++y) {
        const Sum* const from = ring + (y + pad_) * padded_row_ + pad_ * channels_;
        Sum* const to = sample + y * in_row_;
        if (accumulate) {
            add_run(from, in_row_, to);
        } else {
            std::copy_n(from, in_row_, to);
        }
    }
}

template void WindowUnit::scatter(const std::int32_t*, std::size_t, std::size_t, std::int32_t*) const;
template void WindowUnit::scatter(const std::int64_t*, std::size_t, std::size_t, std::int64_t*) const;
template void WindowUnit::drain(const std::int32_t*, std::int32_t*, bool) const;
template void WindowUnit::drain(const std::int64_t*, std::int64_t*, bool) const;

}  // namespace wagesim::chip
