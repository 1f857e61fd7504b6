// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/crop.hpp"

#include <algorithm>

namespace wagesim {
namespace {

constexpr std::size_t kPad = 4;

/// One row: `to[x] = from[x + column - pad]` where that exists, 0 elsewhere, then reversed for a flip.
void cut_row(const std::uint8_t* from, const Framing& framing, const Crop& crop, std::uint8_t* to)
{
    const std::size_t width = framing.input.width;
    const std::size_t column = crop.column;
    const std::size_t first = std::min(width, framing.pad > column ? framing.pad - column : 0);
    // Of an input narrower than the padding, a crop may have nothing at all.
    const std::size_t end = std::max(framing.stored.width + framing.pad, column) - column;
    const std::size_t last = std::clamp(end, first, width);
    std::fill(to, to + first, std::uint8_t{0});
    std::copy(from + (first + column - framing.pad), from + (last + column - framing.pad), to + first);
    std::fill(to + last, to + width, std::uint8_t{0});
    if (crop.flip) std::reverse(to, to + width);
}

}  // namespace

Framing padded_framing(const ImageSize& size) noexcept
{
    return {size, size, kPad};
}

Crop centre_crop(const Framing& framing) noexcept
{
    return {static_cast<std::uint32_t>(framing.row_margin() / 2),
            static_cast<std::uint32_t>(framing.column_margin() / 2), false};
}

Crop crop_of(const numerics::Speck32& words, std::uint32_t position, Augment augment, const Framing& framing) noexcept
{
    if (augment == Augment::none) return centre_crop(framing);
    const auto rows = static_cast<std::uint32_t>(framing.row_margin() + 1);
    const auto columns = static_cast<std::uint32_t>(framing.column_margin() + 1);
    const std::uint32_t first = 4 * position;
    return {numerics::bounded(words.word32(first), rows), numerics::bounded(words.word32(first + 1), columns),
            augment == Augment::crop_flip && words.word32(first + 2) >= 0x80000000U};
}

void cut_image(const std::uint8_t* from, const Framing& framing, const Crop& crop, std::uint8_t* to)
{
    const ImageSize& stored = framing.stored;
    const ImageSize& input = framing.input;
    if (stored == input && crop.row == framing.pad && crop.column == framing.pad && !crop.flip) {
        std::copy(from, from + stored.bytes(), to);
        return;
    }
    for (std::size_t channel = 0; channel < input.channels; ++channel) {
        const std::uint8_t* plane = from + channel * stored.height * stored.width;
        for (std::size_t y = 0; y < input.height; ++y, to += input.width) {
            const std::size_t padded = y + crop.row;
            if (padded >= framing.pad && padded < stored.height + framing.pad) {
                cut_row(plane + (padded - framing.pad) * stored.width, framing, crop, to);
            } else {
                std::fill(to, to + input.width, std::uint8_t{0});
            }
        }
    }
}

}  // namespace wagesim
