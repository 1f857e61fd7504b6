// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A tensor's extents, outermost first. At most four: N, C, H, W of activations and errors, O, I, kh, kw of weights.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace wagesim {

class Shape {
public:
    static constexpr std::size_t kMaxRank = 4;

    Shape() = default;
    Shape(std::initializer_list<std::size_t> extents)
    {
        if (extents.size() > kMaxRank) throw std::logic_error("Shape: more than four extents");
        for (const std::size_t extent : extents) extents_[rank_++] = extent;
    }

    [[nodiscard]] std::size_t rank() const noexcept { return rank_; }
    [[nodiscard]] std::size_t operator[](std::size_t axis) const { return extents_.at(axis); }

    /// Number of elements; 1 for rank 0 (a scalar).
    [[nodiscard]] std::size_t size() const noexcept
    {
        std::size_t n = 1;
        for (std::size_t axis = 0; axis < rank_; ++axis) n *= extents_[axis];
        return n;
    }

    friend bool operator==(const Shape& x, const Shape& y) noexcept
    {
        return x.rank_ == y.rank_ && x.extents_ == y.extents_;
    }
    friend bool operator!=(const Shape& x, const Shape& y) noexcept { return !(x == y); }

    /// "128x32x14x14"; "scalar" for rank 0.
    [[nodiscard]] std::string text() const
    {
        if (rank_ == 0) return "scalar";
        std::string out;
        for (std::size_t axis = 0; axis < rank_; ++axis) {
            if (axis > 0) out += 'x';
            out += std::to_string(extents_[axis]);
        }
        return out;
    }

private:
    std::array<std::size_t, kMaxRank> extents_{};
    std::size_t rank_ = 0;
};

}  // namespace wagesim
