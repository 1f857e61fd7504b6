// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Shuffling and augmentation by position (docs/numerics.md section 8). See the header.
#include "ref/data/batcher.hpp"

#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "ref/data/dataset_limits.hpp"
#include "ref/numerics/random_words.hpp"

namespace wagesim {
namespace {

std::unique_ptr<ImageSource> view_of(const LabelledImages& data)
{
    // Shares the pointer and owns nothing.
    return std::make_unique<MemoryImages>(std::shared_ptr<const LabelledImages>(std::shared_ptr<void>(), &data));
}

}  // namespace

std::vector<std::uint32_t> shuffled_order(std::uint64_t seed, std::uint64_t epoch, std::uint32_t n)
{
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0U);
    const numerics::Speck32 words(numerics::stream_key(seed, numerics::RandomDomain::shuffling, epoch, 0));
    for (std::uint32_t j = n; j-- > 1;) std::swap(order[j], order[numerics::bounded(words.word32(n - 1 - j), j + 1)]);
    return order;
}

Batcher::Batcher(const ImageSource& data, const Options& options) : Batcher(nullptr, &data, options) {}

Batcher::Batcher(const LabelledImages& data, const Options& options) : Batcher(view_of(data), nullptr, options) {}

Batcher::Batcher(std::unique_ptr<ImageSource> own, const ImageSource* data, const Options& options)
    : own_(std::move(own)),
      data_(own_ ? *own_ : *data),
      options_(options),
      part_count_(options.count.value_or(options.batch)),
      positions_(part_count_),
      loader_(
          data_, [this](std::uint64_t step) { return samples(step); }, std::numeric_limits<std::uint64_t>::max(),
          options.threads)
{
    require_count(data_.count(), "data set");
    if (options.batch < 1 || options.batch > data_.count()) {
        throw DataError("batch: got " + std::to_string(options.batch) + ", allowed 1.." +
                        std::to_string(data_.count()) + ", the images of the data set");
    }
}

std::uint64_t Batcher::steps_per_epoch() const noexcept
{
    return data_.count() / options_.batch;
}

const std::vector<std::uint32_t>& Batcher::positions() const noexcept
{
    return positions_;
}

BatchView Batcher::batch(std::uint64_t step)
{
    const Batch& batch = loader_.load(step);
    positions_ = batch.positions;
    return batch.view();
}

std::vector<Sample> Batcher::samples(std::uint64_t step)
{
    const std::uint64_t epoch = step / steps_per_epoch();
    const std::size_t first = static_cast<std::size_t>(step % steps_per_epoch()) * options_.batch + options_.first;
    if (options_.shuffle && order_epoch_ != epoch) {
        order_ = shuffled_order(options_.seed, epoch, static_cast<std::uint32_t>(data_.count()));
        order_epoch_ = epoch;
    }
    const numerics::Speck32 words(numerics::stream_key(options_.seed, numerics::RandomDomain::augmentation, epoch, 0));
    std::vector<Sample> out(part_count_);
    for (std::size_t i = 0; i < part_count_; ++i) {
        const std::uint32_t p = options_.shuffle ? order_[first + i] : static_cast<std::uint32_t>(first + i);
        out[i] = {p, crop_of(words, p, options_.augment, data_.framing())};
    }
    return out;
}

}  // namespace wagesim
