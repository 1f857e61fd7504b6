// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/batch_loader.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

namespace wagesim {
namespace {

/// Calls work(i) for i = 0 .. count - 1 on up to `threads` threads, each taking the lowest number that is left. After
/// an exception no further number is taken, and the exception of the lowest number comes out: all below it had been
/// taken before, so it is the same one whatever the threads do.
template <class Work>
void for_each_index(std::size_t count, std::size_t threads, const Work& work)
{
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::size_t failed_index = count;
    std::exception_ptr failure;
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                const std::lock_guard<std::mutex> lock(mutex);
                if (i < failed_index) {
                    failed_index = i;
                    failure = std::current_exception();
                }
                next = count;
            }
        }
    };
    {
        std::vector<std::future<void>> helpers;
        for (std::size_t i = 1; i < std::min(threads, count); ++i) {
            helpers.push_back(std::async(std::launch::async, run));
        }
        run();
    }  // a future of std::async waits for its thread
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

BatchLoader::BatchLoader(const ImageSource& source, Plan plan, std::uint64_t batches, std::size_t threads)
    : source_(source), plan_(std::move(plan)), batches_(batches), threads_(std::max<std::size_t>(1, threads))
{
}

BatchLoader::~BatchLoader()
{
    abandoned_ = true;
}

const Batch& BatchLoader::load(std::uint64_t number)
{
    if (ahead_.valid() && ahead_number_ == number) {
        ahead_.get();
        std::swap(current_, next_);
    } else {
        // Its outcome is nobody's, but it must have let go of the plan and of next_.
        if (ahead_.valid()) ahead_.wait();
        ahead_ = {};
        fill(number, current_);
    }
    if (source_.in_memory() == nullptr && number + 1 < batches_) {
        ahead_number_ = number + 1;
        ahead_ = std::async(std::launch::async, [this] { fill(ahead_number_, next_); });
    }
    return current_;
}

void BatchLoader::fill(std::uint64_t number, Batch& batch) const
{
    const std::vector<Sample> samples = plan_(number);
    batch.positions.resize(samples.size());
    batch.labels.resize(samples.size());
    batch.images.resize(samples.size() * source_.framing().input.bytes());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        batch.positions[i] = samples[i].position;
        batch.labels[i] = source_.labels()[samples[i].position];
    }
    read_samples(samples, batch);
}

void BatchLoader::read_samples(const std::vector<Sample>& samples, Batch& batch) const
{
    const Framing& framing = source_.framing();
    const std::size_t input_bytes = framing.input.bytes();
    const std::size_t stored_bytes = framing.stored.bytes();
    if (const std::uint8_t* images = source_.in_memory()) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            cut_image(images + samples[i].position * stored_bytes, framing, samples[i].crop,
                      batch.images.data() + i * input_bytes);
        }
        return;
    }
    for_each_index(samples.size(), threads_, [&](std::size_t i) {
        if (abandoned_) return;
        std::vector<std::uint8_t> stored(stored_bytes);
        source_.read(samples[i].position, stored.data());
        cut_image(stored.data(), framing, samples[i].crop, batch.images.data() + i * input_bytes);
    });
}

EvaluationBatches::EvaluationBatches(const ImageSource& source, std::size_t batch, std::size_t threads, PartOf part_of)
    : source_(source),
      batch_(std::max<std::size_t>(1, batch)),
      part_of_(std::move(part_of)),
      loader_(
          source,
          [this](std::uint64_t number) {
              const BatchPart own = part(number);
              std::vector<Sample> samples(own.count);
              for (std::size_t i = 0; i < own.count; ++i) {
                  samples[i] = {static_cast<std::uint32_t>(own.first + i), centre_crop(source_.framing())};
              }
              return samples;
          },
          count(), threads)
{
}

std::uint64_t EvaluationBatches::count() const noexcept
{
    return (source_.count() + batch_ - 1) / batch_;
}

BatchPart EvaluationBatches::part(std::uint64_t number) const
{
    const std::size_t first = number * batch_;
    const std::size_t samples = std::min<std::size_t>(batch_, source_.count() - first);
    if (!part_of_) return {first, samples};
    const BatchPart own = part_of_(samples);
    return {first + own.first, own.count};
}

BatchView EvaluationBatches::batch(std::uint64_t number)
{
    const std::uint8_t* images = source_.in_memory();
    if (images == nullptr) return loader_.load(number).view();
    // In memory images have the network's size: there is nothing to cut.
    const BatchPart own = part(number);
    return {own.count, images + own.first * source_.framing().stored.bytes(), source_.labels().data() + own.first};
}

}  // namespace wagesim
