// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Vectors that begin at a cache line: what the widest loads read must not lie across two of them, which costs two reads
// each.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace wagesim::ref {

template <class T>
struct CacheAlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t kAlignment{64};  // a cache line, and the widest vector

    CacheAlignedAllocator() = default;
    template <class U>
    CacheAlignedAllocator(const CacheAlignedAllocator<U>& /*other*/) noexcept
    {
    }

    [[nodiscard]] T* allocate(std::size_t count)
    {
        return static_cast<T*>(::operator new(count * sizeof(T), kAlignment));
    }
    void deallocate(T* elements, std::size_t /*count*/) noexcept { ::operator delete(elements, kAlignment); }
};

template <class T, class U>
bool operator==(const CacheAlignedAllocator<T>& /*a*/, const CacheAlignedAllocator<U>& /*b*/) noexcept
{
    return true;
}
template <class T, class U>
bool operator!=(const CacheAlignedAllocator<T>& /*a*/, const CacheAlignedAllocator<U>& /*b*/) noexcept
{
    return false;
}

template <class T>
using CacheAligned = std::vector<T, CacheAlignedAllocator<T>>;

}  // namespace wagesim::ref
