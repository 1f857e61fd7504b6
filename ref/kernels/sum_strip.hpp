// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Accumulators on their way out of a product: shown some rows at a time, while they are in a core's caches, to whoever
// pools, quantizes or searches them. So nobody needs to write them to memory and read them back.
#pragma once

#include <cstddef>

#include "ref/kernels/buffer.hpp"

namespace wagesim::ref {

/// Complete sums of rows first_row .. first_row + rows - 1 of one sample: rows x columns x channels, contiguous.
struct SumStrip {
    std::size_t sample;
    std::size_t first_row;
    std::size_t rows;
    ElementType type;  ///< int32 or int64
    const void* sums;

    template <class Sum>
    [[nodiscard]] const Sum* as() const
    {
        return static_cast<const Sum*>(sums);
    }
};

class SumConsumer {
public:
    virtual ~SumConsumer() = default;
    SumConsumer() = default;
    SumConsumer(const SumConsumer&) = delete;
    SumConsumer& operator=(const SumConsumer&) = delete;

    /// Strips begin at multiples of this many rows; 0: a strip is a whole sample.
    [[nodiscard]] virtual std::size_t rows_together() const = 0;
    /// Each row of each sample once; several threads at a time, with different strips.
    virtual void take(const SumStrip& strip) = 0;
};

/// Where a product's sums go: into `sums` as a whole, to `consumer` strip by strip, or both. One of them is given.
struct SumTarget {
    Buffer* sums = nullptr;
    SumConsumer* consumer = nullptr;
};

}  // namespace wagesim::ref
