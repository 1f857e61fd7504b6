// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a network can be trained on, and the checks that every reader makes against it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/data/dataset.hpp"

namespace wagesim {

struct DatasetLimits {
    ImageSize size;           ///< the network's input
    std::size_t classes = 0;  ///< units of the last layer: labels are below it
};

/// Most images of a data set: word 4p + 3 of the augmentation has a 32-bit index.
inline constexpr std::uint64_t kLargestCount = std::uint64_t{1} << 30U;

/// Each throws DataError that begins with `origin`, the file to blame.
void require_size(const ImageSize& size, const DatasetLimits& limits, const std::string& origin);
void require_labels(const std::vector<std::uint16_t>& labels, const DatasetLimits& limits, const std::string& origin);
/// 1..kLargestCount.
void require_count(std::uint64_t count, const std::string& origin);

/// "3x32x32".
[[nodiscard]] std::string text_of(const ImageSize& size);

}  // namespace wagesim
