// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The order and the augmentation of training images (docs/numerics.md section 8). Any batch of any epoch can be asked
// for in any order: nothing is drawn from a stream.
#pragma once

#include <cstdint>
#include <vector>

#include "ref/data/dataset.hpp"

namespace wagesim {

enum class Augment { none, crop, crop_flip };

/// Fisher-Yates order of epoch `epoch`: positions 0..n-1 of the data set.
[[nodiscard]] std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint64_t epoch, std::uint32_t n);

class Batcher {
public:
    struct Options {
        std::size_t batch = 128;
        std::uint64_t seed = 1;
        bool shuffle = true;
        Augment augment = Augment::none;
    };
    /// Keeps a reference to `data`. Throws DataError where the batch is larger than the data set.
    Batcher(const LabelledImages& data, const Options& options);

    [[nodiscard]] std::uint64_t steps_per_epoch() const noexcept;
    /// The batch of training step `step` (epoch step / steps_per_epoch). The view holds until the next call.
    [[nodiscard]] BatchView batch(std::uint64_t step);
    /// Of that batch, the samples first .. first + count - 1 alone. Likewise.
    [[nodiscard]] BatchView part(std::uint64_t step, std::size_t first, std::size_t count);
    /// Data-set positions of what was asked for last.
    [[nodiscard]] const std::vector<std::uint32_t>& positions() const noexcept;

private:
    const LabelledImages& data_;
    Options options_;
    std::uint64_t order_epoch_ = ~std::uint64_t{0};
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> positions_;
    std::vector<std::uint8_t> images_;
    std::vector<std::uint16_t> labels_;
};

}  // namespace wagesim
