// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/folder_images.hpp"

#include <algorithm>
#include <utility>

#include "ref/data/picture_file.hpp"

namespace wagesim {
namespace {

void require_classes(const FolderIndex& index, const DatasetLimits& limits)
{
    if (index.classes().size() <= limits.classes) return;
    throw DataError(index.root() + ": got " + std::to_string(index.classes().size()) + " class folders, allowed 1.." +
                    std::to_string(limits.classes) + ", the last layer's units");
}

/// Labels of the test images: a class has the number that it has among the training classes.
std::vector<std::uint16_t> test_labels(const FolderIndex& test, const FolderIndex& train)
{
    const std::vector<std::string>& known = train.classes();
    std::vector<std::uint16_t> number;
    for (const std::string& each : test.classes()) {
        const auto found = std::lower_bound(known.begin(), known.end(), each);
        if (found == known.end() || *found != each) {
            throw DataError(test.root() + "/" + each + ": got a class without a folder in " + train.root() +
                            ", allowed classes of the training set");
        }
        number.push_back(static_cast<std::uint16_t>(found - known.begin()));
    }
    std::vector<std::uint16_t> out;
    out.reserve(test.count());
    for (const std::uint16_t each : test.class_of()) out.push_back(number[each]);
    return out;
}

Framing folder_framing(std::size_t resize, const ImageSize& input)
{
    Framing out;
    out.input = input;
    out.stored = resize == 0 ? input : ImageSize{input.channels, resize, resize};
    return out;
}

}  // namespace

ImageSources open_folders(const FolderOptions& options, const DatasetLimits& limits)
{
    const Framing framing = folder_framing(options.resize, limits.size);
    const auto budget = std::make_shared<CacheBudget>(options.cache_bytes);
    FolderIndex train(options.train);
    require_classes(train, limits);
    ImageSources out;
    if (options.test.empty()) {
        auto none = std::make_shared<LabelledImages>();
        none->size = limits.size;
        out.test = std::make_unique<MemoryImages>(std::move(none));
    } else {
        FolderIndex test(options.test);
        std::vector<std::uint16_t> labels = test_labels(test, train);
        out.test = std::make_unique<FolderImages>(std::move(test), std::move(labels), framing, budget);
    }
    std::vector<std::uint16_t> labels = train.class_of();
    out.train = std::make_unique<FolderImages>(std::move(train), std::move(labels), framing, budget);
    return out;
}

bool CacheBudget::take(std::size_t bytes) noexcept
{
    std::size_t left = left_.load();
    while (left >= bytes) {
        if (left_.compare_exchange_weak(left, left - bytes)) return true;
    }
    return false;
}

FolderImages::FolderImages(FolderIndex index, std::vector<std::uint16_t> labels, const Framing& framing,
                           std::shared_ptr<CacheBudget> budget)
    : index_(std::move(index)),
      labels_(std::move(labels)),
      framing_(framing),
      budget_(std::move(budget)),
      kept_(labels_.size())
{
    for (std::atomic<std::uint8_t*>& each : kept_) each.store(nullptr);
}

FolderImages::~FolderImages()
{
    for (std::atomic<std::uint8_t*>& each : kept_) delete[] each.load();
}

void FolderImages::read(std::size_t position, std::uint8_t* to) const
{
    const ImageSize& size = framing_.stored;
    if (const std::uint8_t* image = kept_[position].load(std::memory_order_acquire)) {
        std::copy(image, image + size.bytes(), to);
        return;
    }
    resize_to(with_channels(read_picture(index_.path(position)), size.channels), size.height, size.width, to);
    keep(position, to);
}

void FolderImages::keep(std::size_t position, const std::uint8_t* image) const
{
    const std::size_t bytes = framing_.stored.bytes();
    if (!budget_->take(bytes)) return;
    auto copy = std::make_unique<std::uint8_t[]>(bytes);
    std::copy(image, image + bytes, copy.get());
    std::uint8_t* none = nullptr;
    // Two threads may have decoded the same image, of which one copy is enough.
    if (kept_[position].compare_exchange_strong(none, copy.get(), std::memory_order_acq_rel)) {
        static_cast<void>(copy.release());
    }
}

}  // namespace wagesim
