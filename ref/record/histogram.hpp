// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many elements of a tensor fall into each bin of an axis. Exact counts; every element is counted once.
#pragma once

#include <cstdint>
#include <vector>

#include "ref/record/axis.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim {

struct Histogram {
    std::vector<std::uint64_t> bins;
    std::uint64_t zero = 0;   ///< log2 axes, where 0 has no bin
    std::uint64_t below = 0;  ///< beyond the first bin
    std::uint64_t above = 0;  ///< beyond the last bin

    /// Number of elements counted.
    [[nodiscard]] std::uint64_t total() const noexcept;
    friend bool operator==(const Histogram& x, const Histogram& y) noexcept
    {
        return x.bins == y.bins && x.zero == y.zero && x.below == y.below && x.above == y.above;
    }
};

/// `keep`, where given, has a byte for each element: those with a byte of 0 count as the value 0.
[[nodiscard]] Histogram histogram_of(const TensorView& tensor, const Axis& axis, const std::uint8_t* keep = nullptr);

}  // namespace wagesim
