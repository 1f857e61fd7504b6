// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Batches put together from a source: copied where it is in memory, and else decoded by several threads, the next batch
// while the current one is used. Which images make a batch is the caller's plan.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <vector>

#include "ref/data/image_source.hpp"

namespace wagesim {

/// Which image, and where it is cut.
struct Sample {
    std::uint32_t position = 0;
    Crop crop;
};

/// Images of the network's size with their labels and positions.
struct Batch {
    std::vector<std::uint32_t> positions;
    std::vector<std::uint8_t> images;
    std::vector<std::uint16_t> labels;
    [[nodiscard]] BatchView view() const noexcept { return {labels.size(), images.data(), labels.data()}; }
};

class BatchLoader {
public:
    /// The samples of batch `number`; a function of nothing else. Called by one thread at a time.
    using Plan = std::function<std::vector<Sample>(std::uint64_t number)>;

    /// `source` is kept by reference. There are batches 0 to `batches` - 1. The bytes of a batch do not depend on
    /// `threads`, of which at least one decodes.
    BatchLoader(const ImageSource& source, Plan plan, std::uint64_t batches, std::size_t threads);
    /// Abandons the batch that is being made.
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// Holds until the next call. Any order is legal; the next number is what has been made ready. Throws DataError for
    /// the first image of this batch that cannot be read, whatever was found in others.
    const Batch& load(std::uint64_t number);

private:
    void fill(std::uint64_t number, Batch& batch) const;
    void read_samples(const std::vector<Sample>& samples, Batch& batch) const;

    const ImageSource& source_;
    Plan plan_;
    std::uint64_t batches_;
    std::size_t threads_;
    Batch current_;
    Batch next_;
    std::uint64_t ahead_number_ = 0;
    std::atomic<bool> abandoned_{false};
    std::future<void> ahead_;  ///< last: its destructor waits for the thread that uses the others
};

/// Which samples of a batch a process takes, where several share it.
struct BatchPart {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// The images of a test set in their order, each cut at its centre, `batch` at a time; the last batch may be shorter.
class EvaluationBatches {
public:
    /// The part of a batch of so many samples; may be empty.
    using PartOf = std::function<BatchPart(std::size_t samples)>;

    /// Keeps a reference to `source`. Without `part_of` batches are whole.
    EvaluationBatches(const ImageSource& source, std::size_t batch, std::size_t threads, PartOf part_of = {});

    [[nodiscard]] std::uint64_t count() const noexcept;
    /// This process's part of a batch. The view holds until the next call.
    [[nodiscard]] BatchView batch(std::uint64_t number);

private:
    /// In positions of the source.
    [[nodiscard]] BatchPart part(std::uint64_t number) const;

    const ImageSource& source_;
    std::size_t batch_;
    PartOf part_of_;
    BatchLoader loader_;
};

}  // namespace wagesim
