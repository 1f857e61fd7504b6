// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Storage that one thread keeps from call to call, so that a step neither allocates nor clears it. For thread_local
// variables.
#pragma once

#include <cstddef>

#include "ref/kernels/cache_aligned.hpp"

namespace wagesim::ref {

template <class T>
class Scratch {
public:
    /// At least `count` elements, aligned to a cache line; what they hold is left over from earlier calls.
    [[nodiscard]] T* grown(std::size_t count)
    {
        if (elements_.size() < count) elements_.resize(count);
        return elements_.data();
    }

private:
    CacheAligned<T> elements_;
};

}  // namespace wagesim::ref
