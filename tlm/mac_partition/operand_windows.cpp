// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Input y belongs to position p by tap kh where y = p * stride + kh - pad. See the header.
#include "tlm/mac_partition/operand_windows.hpp"

#include <algorithm>
#include <cstring>

namespace wagesim::chip {

OperandWindows::OperandWindows(const LayerGeometry& layer, RowIndex first_row, RowIndex end_row,
                               std::size_t element_bytes)
    : in_w_(layer.in_w),
      acc_h_(layer.acc_h),
      acc_w_(layer.acc_w),
      stride_(layer.stride),
      pad_(layer.pad),
      rows_(end_row.value() - first_row.value()),
      position_bytes_(extent(layer.out_c) * element_bytes),
      element_bytes_(element_bytes)
{
    const std::size_t channels = extent(layer.out_c);
    const std::size_t taps = extent(layer.kernel_h) * extent(layer.kernel_w);
    for (std::size_t tap = 0; tap < taps; ++tap) {
        const std::size_t begin = std::max(first_row.value(), tap * channels);
        const std::size_t end = std::min(end_row.value(), (tap + 1) * channels);
        if (begin >= end) continue;
        const int rotated = static_cast<int>(taps - 1 - tap);
        taps_.push_back({rotated / layer.kernel_w, rotated % layer.kernel_w, begin - tap * channels,
                         (end - begin) * element_bytes});
    }
}

void OperandWindows::gather(const std::byte* sample, std::size_t first, std::size_t end, std::byte* windows) const
{
    /// The position along one axis; negative: none.
    const auto position = [&](int place, int tap, int positions) {
        const int offset = place + pad_ - tap;
        return offset >= 0 && offset % stride_ == 0 && offset / stride_ < positions ? offset / stride_ : -1;
    };
    std::byte* to = windows;
    for (auto y = static_cast<int>(first); y < static_cast<int>(end); ++y) {
        for (int x = 0; x < in_w_; ++x) {
            for (const Tap& tap : taps_) {
                const int acc_y = position(y, tap.kh, acc_h_);
                const int acc_x = position(x, tap.kw, acc_w_);
                if (acc_y < 0 || acc_x < 0) {
                    std::memset(to, 0, tap.bytes);
                } else {
                    const std::size_t at = extent(acc_y) * extent(acc_w_) + extent(acc_x);
                    std::memcpy(to, sample + at * position_bytes_ + tap.channel * element_bytes_, tap.bytes);
                }
                to += tap.bytes;
            }
        }
    }
}

}  // namespace wagesim::chip
