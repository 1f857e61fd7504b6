// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The order and the augmentation of training images (docs/numerics.md section 8). Any batch of any epoch can be asked
// for in any order: nothing is drawn from a stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ref/data/batch_loader.hpp"
#include "ref/data/dataset.hpp"
#include "ref/data/image_source.hpp"

namespace wagesim {

/// Fisher-Yates order of epoch `epoch`: positions 0..n-1 of the data set.
[[nodiscard]] std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint64_t epoch, std::uint32_t n);

class Batcher {
public:
    struct Options {
        std::size_t batch = 128;
        std::uint64_t seed = 1;
        bool shuffle = true;
        Augment augment = Augment::none;
        std::size_t threads = 1;  ///< that decode images which are not in memory; no byte depends on it
        std::size_t first = 0;    ///< of each batch, where this process's part begins
        std::optional<std::size_t> count = std::nullopt;  ///< samples of the part; none: the whole batch
    };
    /// Keeps a reference to `data`. Throws DataError where the batch is larger than the data set.
    Batcher(const ImageSource& data, const Options& options);
    Batcher(const LabelledImages& data, const Options& options);

    [[nodiscard]] std::uint64_t steps_per_epoch() const noexcept;
    /// The batch of training step `step` (epoch step / steps_per_epoch), or the part of it that the options name. The
    /// view holds until the next call.
    [[nodiscard]] BatchView batch(std::uint64_t step);
    /// Data-set positions of what was asked for last.
    [[nodiscard]] const std::vector<std::uint32_t>& positions() const noexcept;

private:
    /// `data` where `own` is null.
    Batcher(std::unique_ptr<ImageSource> own, const ImageSource* data, const Options& options);
    [[nodiscard]] std::vector<Sample> samples(std::uint64_t step);

    std::unique_ptr<ImageSource> own_;  ///< where the data came as LabelledImages
    const ImageSource& data_;
    Options options_;
    std::uint64_t order_epoch_ = ~std::uint64_t{0};
    std::vector<std::uint32_t> order_;
    std::size_t part_count_;
    std::vector<std::uint32_t> positions_;
    BatchLoader loader_;
};

}  // namespace wagesim
