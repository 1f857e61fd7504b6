// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Images and labels in memory, as bytes. What produced them (IDX, CIFAR-10, npz, synthetic) is forgotten here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "ref/tensor/batch_view.hpp"

namespace wagesim {

/// Data, checkpoint or weights that cannot be used. `what()` is one line: "file: what was found, what is allowed".
class DataError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct ImageSize {
    std::size_t channels = 1, height = 1, width = 1;
    [[nodiscard]] std::size_t bytes() const noexcept { return channels * height * width; }
    friend bool operator==(const ImageSize& x, const ImageSize& y) noexcept
    {
        return x.channels == y.channels && x.height == y.height && x.width == y.width;
    }
};

/// count images of N, C, H, W bytes with a label each.
struct LabelledImages {
    ImageSize size;
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;
    [[nodiscard]] std::size_t count() const noexcept { return labels.size(); }
};

struct Dataset {
    LabelledImages train;
    LabelledImages test;  ///< may be empty
};

}  // namespace wagesim
