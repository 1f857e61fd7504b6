// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The images of one part of a data set by position, wherever they are: in memory, or in files that are decoded when
// they are asked for. What a batch takes of them is BatchLoader's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ref/data/crop.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim {

class ImageSource {
public:
    virtual ~ImageSource() = default;
    ImageSource() = default;
    ImageSource(const ImageSource&) = delete;
    ImageSource& operator=(const ImageSource&) = delete;

    /// One for each image, in the order of positions.
    [[nodiscard]] virtual const std::vector<std::uint16_t>& labels() const noexcept = 0;
    [[nodiscard]] virtual const Framing& framing() const noexcept = 0;
    /// All images one behind the other, where they lie in memory; null where read() must be asked.
    [[nodiscard]] virtual const std::uint8_t* in_memory() const noexcept { return nullptr; }
    /// Writes framing().stored.bytes() to `to`. Any number of threads may read at once. Throws DataError naming the
    /// file of an image that cannot be had.
    virtual void read(std::size_t position, std::uint8_t* to) const = 0;

    [[nodiscard]] std::size_t count() const noexcept { return labels().size(); }
};

/// A data set that was read whole.
class MemoryImages final : public ImageSource {
public:
    /// Throws DataError where bytes and labels do not fit each other.
    explicit MemoryImages(std::shared_ptr<const LabelledImages> images);

    [[nodiscard]] const std::vector<std::uint16_t>& labels() const noexcept override { return images_->labels; }
    [[nodiscard]] const Framing& framing() const noexcept override { return framing_; }
    [[nodiscard]] const std::uint8_t* in_memory() const noexcept override { return images_->images.data(); }
    void read(std::size_t position, std::uint8_t* to) const override;

private:
    std::shared_ptr<const LabelledImages> images_;
    Framing framing_;
};

/// The parts of a data set. Neither is null; a test set that there is not has no images.
struct ImageSources {
    std::unique_ptr<ImageSource> train;
    std::unique_ptr<ImageSource> test;
};

}  // namespace wagesim
