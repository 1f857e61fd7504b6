// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Cutting the network's input out of an image, at the centre or where the epoch's random words say
// (docs/numerics.md section 8, docs/data.md). Knows neither files nor batches.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/data/dataset.hpp"
#include "ref/numerics/random_words.hpp"

namespace wagesim {

enum class Augment { none, crop, crop_flip };

/// From what images are cut, and how large. A crop may begin at every offset from 0 to margin() in the padded image.
struct Framing {
    ImageSize stored;     ///< images as their source has them
    ImageSize input;      ///< the network's: the same channels, nowhere larger than the padded image
    std::size_t pad = 0;  ///< zero pixels on each side of a stored image

    [[nodiscard]] std::size_t row_margin() const noexcept { return stored.height + 2 * pad - input.height; }
    [[nodiscard]] std::size_t column_margin() const noexcept { return stored.width + 2 * pad - input.width; }
};

/// Images of the network's own size are padded by 4 (paper, section 4.1, CIFAR-10).
[[nodiscard]] Framing padded_framing(const ImageSize& size) noexcept;

/// Offsets in the padded image; `flip` mirrors what was cut, left to right.
struct Crop {
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    bool flip = false;
};

/// floor(margin / 2) from top and left: an image of the network's own size as it is.
[[nodiscard]] Crop centre_crop(const Framing& framing) noexcept;

/// Of the sample with index `position`, by the words of domain 3 of its epoch; the centre where `augment` is none.
[[nodiscard]] Crop crop_of(const numerics::Speck32& words, std::uint32_t position, Augment augment,
                           const Framing& framing) noexcept;

/// `from` holds framing.stored.bytes(), `to` receives framing.input.bytes().
void cut_image(const std::uint8_t* from, const Framing& framing, const Crop& crop, std::uint8_t* to);

}  // namespace wagesim
