// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How work is shared among threads: in parts that depend on the problem alone, never on the number of threads, each
// done by one thread from beginning to end. What the parts yield is added in their order, so threads change no bit.
#pragma once

#include <algorithm>
#include <cstddef>

#include "ref/kernels/team_failure.hpp"

namespace wagesim::floating {

/// A batch has no more parts than this.
inline constexpr std::size_t kMostParts = 16;

/// How many samples each part of batches up to `batch` has (the last may have fewer).
[[nodiscard]] constexpr std::size_t samples_of_a_part(std::size_t batch) noexcept
{
    return batch == 0 ? 1 : (batch + kMostParts - 1) / kMostParts;
}

[[nodiscard]] constexpr std::size_t number_of_parts(std::size_t count, std::size_t part) noexcept
{
    return (count + part - 1) / part;
}

/// work(index, first, count) for each run of `part` elements of 0 .. count - 1, on all threads. After an exception
/// no further part is begun, and the first one is thrown again when all have ended.
template <class Work>
void for_each_part(std::size_t count, std::size_t part, Work&& work)
{
    const std::size_t parts = number_of_parts(count, part);
    ref::TeamFailure failure;
#pragma omp parallel for schedule(dynamic)
    for (std::size_t index = 0; index < parts; ++index) {
        failure.guard([&] { work(index, index * part, std::min(part, count - index * part)); });
    }
    failure.rethrow();
}

}  // namespace wagesim::floating
