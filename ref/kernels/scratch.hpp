// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Storage that one thread keeps from call to call, so that a step neither allocates nor clears it. For thread_local
// variables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wagesim::ref {

template <class T>
class Scratch {
public:
    /// At least `count` elements, aligned to a cache line; what they hold is left over from earlier calls.
    [[nodiscard]] T* grown(std::size_t count)
    {
        if (elements_.size() < count + kAlignment) elements_.resize(count + kAlignment);
        const auto address = reinterpret_cast<std::uintptr_t>(elements_.data());
        return elements_.data() + (kAlignment - address % kAlignment) % kAlignment / sizeof(T);
    }

private:
    static constexpr std::size_t kAlignment = 64;
    std::vector<T> elements_;
};

}  // namespace wagesim::ref
