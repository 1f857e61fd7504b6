// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/dataset_limits.hpp"

namespace wagesim {

std::string text_of(const ImageSize& size)
{
    return std::to_string(size.channels) + "x" + std::to_string(size.height) + "x" + std::to_string(size.width);
}

void require_size(const ImageSize& size, const DatasetLimits& limits, const std::string& origin)
{
    if (size == limits.size) return;
    throw DataError(origin + ": got images of " + text_of(size) + ", allowed " + text_of(limits.size) +
                    ", the network's input");
}

void require_labels(const std::vector<std::uint16_t>& labels, const DatasetLimits& limits, const std::string& origin)
{
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < limits.classes) continue;
        throw DataError(origin + ": got label " + std::to_string(labels[i]) + " of image " + std::to_string(i) +
                        ", allowed labels below " + std::to_string(limits.classes) + ", the last layer's units");
    }
}

void require_count(std::uint64_t count, const std::string& origin)
{
    if (count >= 1 && count <= kLargestCount) return;
    throw DataError(origin + ": got " + std::to_string(count) + " images, allowed 1.." + std::to_string(kLargestCount));
}

}  // namespace wagesim
