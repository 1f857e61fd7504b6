// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Folders of JPEG and PNG files as a source of images: each is decoded and resized when it is asked for, and kept as
// long as there is room (docs/data.md, "Image folders").
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "ref/data/dataset_limits.hpp"
#include "ref/data/folder_index.hpp"
#include "ref/data/image_source.hpp"

namespace wagesim {

struct FolderOptions {
    std::string train;            ///< folder of class folders
    std::string test;             ///< likewise; empty: no test set
    std::size_t resize = 0;       ///< images become resize x resize; 0: the network's input
    std::size_t cache_bytes = 0;  ///< most bytes of decoded images that the two parts keep together
};

/// Lists both folders and opens no image. Throws DataError for folders that FolderIndex refuses, more classes than
/// limits.classes, and a class of the test set that the training set has not.
[[nodiscard]] ImageSources open_folders(const FolderOptions& options, const DatasetLimits& limits);

/// Room that several sources share.
class CacheBudget {
public:
    explicit CacheBudget(std::size_t bytes) noexcept : left_(bytes) {}
    /// Whether there was room; it is taken then, for good.
    [[nodiscard]] bool take(std::size_t bytes) noexcept;

private:
    std::atomic<std::size_t> left_;
};

class FolderImages final : public ImageSource {
public:
    /// A label for each image of the index.
    FolderImages(FolderIndex index, std::vector<std::uint16_t> labels, const Framing& framing,
                 std::shared_ptr<CacheBudget> budget);
    ~FolderImages() override;

    [[nodiscard]] const std::vector<std::uint16_t>& labels() const noexcept override { return labels_; }
    [[nodiscard]] const Framing& framing() const noexcept override { return framing_; }
    void read(std::size_t position, std::uint8_t* to) const override;

private:
    void keep(std::size_t position, const std::uint8_t* image) const;

    FolderIndex index_;
    std::vector<std::uint16_t> labels_;
    Framing framing_;
    std::shared_ptr<CacheBudget> budget_;
    /// A pointer for each image, null until it is kept. What is kept stays: an epoch asks for every image once, so
    /// replacing one by another would win nothing.
    mutable std::vector<std::atomic<std::uint8_t*>> kept_;
};

}  // namespace wagesim
