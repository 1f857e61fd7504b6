// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Shuffling, cropping and flipping by position (docs/numerics.md section 8). See the header.
#include "ref/data/batcher.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "ref/data/dataset_limits.hpp"
#include "ref/numerics/random_words.hpp"

namespace wagesim {
namespace {

constexpr std::uint32_t kPad = 4;

/// Where an image is cut out of its padded self.
struct Crop {
    std::uint32_t row = 0;  ///< 0..2 kPad
    std::uint32_t column = 0;
    bool flip = false;
};

Crop crop_of(const numerics::Speck32& words, std::uint32_t position, Augment augment)
{
    const std::uint32_t first = 4 * position;
    return {numerics::bounded(words.word32(first), 2 * kPad + 1),
            numerics::bounded(words.word32(first + 1), 2 * kPad + 1),
            augment == Augment::crop_flip && words.word32(first + 2) >= 0x80000000U};
}

/// One row: `to[x] = from[x + column - kPad]` where that exists, 0 elsewhere, then reversed for a flip.
void crop_row(const std::uint8_t* from, std::uint8_t* to, std::size_t width, const Crop& crop)
{
    for (std::size_t x = 0; x < width; ++x) {
        const std::size_t padded = x + crop.column;
        const bool inside = padded >= kPad && padded < width + kPad;
        to[crop.flip ? width - 1 - x : x] = inside ? from[padded - kPad] : std::uint8_t{0};
    }
}

void crop_image(const std::uint8_t* from, std::uint8_t* to, const ImageSize& size, const Crop& crop)
{
    for (std::size_t channel = 0; channel < size.channels; ++channel) {
        for (std::size_t y = 0; y < size.height; ++y, to += size.width) {
            const std::size_t padded = y + crop.row;
            if (padded >= kPad && padded < size.height + kPad) {
                crop_row(from + (channel * size.height + padded - kPad) * size.width, to, size.width, crop);
            } else {
                std::fill(to, to + size.width, std::uint8_t{0});
            }
        }
    }
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

Batcher::Batcher(const LabelledImages& data, const Options& options) : data_(data), options_(options)
{
    require_count(data.count(), "data set");
    if (data.images.size() != data.count() * data.size.bytes()) {
        throw DataError("data set: got " + std::to_string(data.images.size()) + " bytes of images, allowed " +
                        std::to_string(data.count()) + " images of " + text_of(data.size));
    }
    if (options.batch < 1 || options.batch > data.count()) {
        throw DataError("batch: got " + std::to_string(options.batch) + ", allowed 1.." + std::to_string(data.count()) +
                        ", the images of the data set");
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
    return part(step, 0, options_.batch);
}

BatchView Batcher::part(std::uint64_t step, std::size_t first_of_batch, std::size_t count)
{
    const std::uint64_t epoch = step / steps_per_epoch();
    const std::size_t first = static_cast<std::size_t>(step % steps_per_epoch()) * options_.batch + first_of_batch;
    if (options_.shuffle && order_epoch_ != epoch) {
        order_ = shuffled_order(options_.seed, epoch, static_cast<std::uint32_t>(data_.count()));
        order_epoch_ = epoch;
    }
    const numerics::Speck32 words(numerics::stream_key(options_.seed, numerics::RandomDomain::augmentation, epoch, 0));
    const std::size_t bytes = data_.size.bytes();
    positions_.resize(count);
    labels_.resize(count);
    images_.resize(count * bytes);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t p = options_.shuffle ? order_[first + i] : static_cast<std::uint32_t>(first + i);
        positions_[i] = p;
        labels_[i] = data_.labels[p];
        const std::uint8_t* from = data_.images.data() + p * bytes;
        std::uint8_t* to = images_.data() + i * bytes;
        if (options_.augment == Augment::none) {
            std::copy(from, from + bytes, to);
        } else {
            crop_image(from, to, data_.size, crop_of(words, p, options_.augment));
        }
    }
    return {count, images_.data(), labels_.data()};
}

}  // namespace wagesim
