// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the accumulator rows of several samples are cut into blocks that fit the host's caches. Decides speed only.
#pragma once

#include <algorithm>
#include <cstddef>

namespace wagesim::chip {

/// Rows are counted through all samples: sample * rows_per_sample + y. A block is whole samples, or rows of one sample
/// in multiples of `unit` (0: a sample must stay whole).
class RowBlocks {
public:
    RowBlocks(std::size_t samples, std::size_t rows_per_sample, std::size_t unit, std::size_t row_bytes,
              std::size_t target_bytes, std::size_t threads)
        : rows_per_sample_(rows_per_sample), samples_(samples)
    {
        const std::size_t fitting = std::max<std::size_t>(1, target_bytes / std::max<std::size_t>(1, row_bytes));
        if (fitting >= rows_per_sample || unit == 0) {
            // As many blocks for each thread, all of nearly one size.
            const std::size_t share = (samples + threads - 1) / threads;
            const std::size_t at_once = std::max<std::size_t>(1, fitting / rows_per_sample);
            blocks_ = std::min(samples, threads * ((share + at_once - 1) / at_once));
        } else {
            step_ = std::max(unit, fitting / unit * unit);
            per_sample_ = (rows_per_sample + step_ - 1) / step_;
            blocks_ = samples * per_sample_;
        }
    }

    [[nodiscard]] std::size_t count() const noexcept { return blocks_; }
    [[nodiscard]] std::size_t first(std::size_t block) const noexcept
    {
        if (per_sample_ == 0) return block * samples_ / blocks_ * rows_per_sample_;
        return block / per_sample_ * rows_per_sample_ + block % per_sample_ * step_;
    }
    [[nodiscard]] std::size_t end(std::size_t block) const noexcept
    {
        if (per_sample_ == 0) return (block + 1) * samples_ / blocks_ * rows_per_sample_;
        return std::min(first(block) + step_, (block / per_sample_ + 1) * rows_per_sample_);
    }

private:
    std::size_t rows_per_sample_, samples_;
    std::size_t step_ = 1;        ///< rows of a block that is part of a sample
    std::size_t per_sample_ = 0;  ///< blocks of one sample; 0 where blocks are whole samples
    std::size_t blocks_ = 0;
};

/// Calls visit(sample, first_y, end_y) for each sample that rows first..end touch.
template <class Visitor>
void for_each_sample(std::size_t first, std::size_t end, std::size_t rows_per_sample, const Visitor& visit)
{
    while (first < end) {
        const std::size_t sample = first / rows_per_sample;
        const std::size_t stop = std::min(end, (sample + 1) * rows_per_sample);
        visit(sample, first - sample * rows_per_sample, stop - sample * rows_per_sample);
        first = stop;
    }
}

/// Scratch that a block of windows and what is computed from them should stay within: most of a core's L2.
inline constexpr std::size_t kBlockBytes = std::size_t{768} << 10;

}  // namespace wagesim::chip
