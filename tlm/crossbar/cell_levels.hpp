// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How a weight code stands in single cells: its magnitude in slices of cell_bits bits, in the positive cells or in the
// negative ones. No storage.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace wagesim::chip {

class CellLevels {
public:
    explicit CellLevels(int cell_bits) : cell_bits_(cell_bits)
    {
        for (int code = -128; code <= 127; ++code) {
            for (int slice = 0; slice * cell_bits < kMagnitudeBits; ++slice) {
                conducting_[index(code)] =
                    static_cast<std::uint8_t>(conducting_[index(code)] + (level(code, slice) > 0));
            }
        }
    }

    /// Of the cells of either polarity in a slice; the other one is at 0.
    [[nodiscard]] int level(int code, int slice) const noexcept
    {
        return (std::abs(code) >> (slice * cell_bits_)) & ((1 << cell_bits_) - 1);
    }
    /// Cells above level 0.
    [[nodiscard]] std::uint32_t conducting(int code) const noexcept { return conducting_[index(code)]; }
    /// Cells that go up and down when `before` is replaced by `after`.
    void count_changes(int before, int after, std::uint64_t& up, std::uint64_t& down) const noexcept
    {
        if (before >= -1 && before <= 1 && after >= -1 && after <= 1) {
            // One cell holds all of such a code, and the sign says which.
            if (before == after) return;
            up += after != 0 ? 1U : 0U;
            down += before != 0 ? 1U : 0U;
            return;
        }
        for_each_slice(before, after, [&](std::size_t, std::size_t, int old_level, int new_level) {
            if (new_level > old_level) ++up;
            if (new_level < old_level) ++down;
        });
    }
    /// Calls visit(slice, polarity) for the cells whose level changes when `before` is replaced by `after`; polarity 0
    /// holds positive codes, 1 negative ones.
    template <class Visitor>
    void for_each_change(int before, int after, const Visitor& visit) const
    {
        for_each_slice(before, after, [&](std::size_t slice, std::size_t polarity, int old_level, int new_level) {
            if (new_level != old_level) visit(slice, polarity);
        });
    }

private:
    static constexpr int kMagnitudeBits = 8;

    template <class Visitor>
    void for_each_slice(int before, int after, const Visitor& visit) const
    {
        for (int slice = 0; slice * cell_bits_ < kMagnitudeBits; ++slice) {
            for (const int sign : {1, -1}) {
                visit(static_cast<std::size_t>(slice), sign > 0 ? std::size_t{0} : std::size_t{1},
                      before * sign > 0 ? level(before, slice) : 0, after * sign > 0 ? level(after, slice) : 0);
            }
        }
    }
    [[nodiscard]] static std::size_t index(int code) noexcept { return static_cast<std::size_t>(code + 128); }

    int cell_bits_;
    std::array<std::uint8_t, 256> conducting_{};
};

}  // namespace wagesim::chip
