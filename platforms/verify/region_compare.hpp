// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A region of chip memory against the reference tensor, element by element, in whatever types both are stored. Equal
// regions take a blocked pass without divisions; only a region that differs is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "platforms/verify/region_layout.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim::verify {

struct RegionMismatch {
    std::size_t count = 0;       ///< differing elements
    std::size_t first = 0;       ///< lowest differing contract position
    std::int64_t expected = 0;   ///< there
    std::int64_t got = 0;        ///< there
    double max_deviation = 0.0;  ///< largest |got - expected|
    double sum_deviation = 0.0;  ///< of |got - expected|
};

/// Nothing where all elements are equal. `reference` is the whole tensor, of integers; a flag counts as 0 or 1.
[[nodiscard]] std::optional<RegionMismatch> compare_region(const chip::TensorRegion& region, const RegionLayout& layout,
                                                           const TensorView& reference);

/// The largest magnitude of a tensor's elements; 0 where it has none.
[[nodiscard]] double largest_magnitude(const TensorView& tensor);

}  // namespace wagesim::verify
