// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/image_source.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {

MemoryImages::MemoryImages(std::shared_ptr<const LabelledImages> images)
    : images_(std::move(images)), framing_(padded_framing(images_->size))
{
    if (images_->images.size() == images_->count() * images_->size.bytes()) return;
    throw DataError("data set: got " + std::to_string(images_->images.size()) + " bytes of images, allowed " +
                    std::to_string(images_->count()) + " images of " + text_of(images_->size));
}

void MemoryImages::read(std::size_t position, std::uint8_t* to) const
{
    const std::size_t bytes = images_->size.bytes();
    const std::uint8_t* from = images_->images.data() + position * bytes;
    std::copy(from, from + bytes, to);
}

}  // namespace wagesim
