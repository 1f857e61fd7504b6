// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Anonymous mapping without reserved swap: the kernel hands out zero pages on first touch.
#include "tlm/common/byte_store.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <sys/mman.h>

namespace wagesim::chip {

ByteStore::ByteStore(std::uint64_t bytes) : data_(nullptr), bytes_(bytes)
{
    void* const mapped =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "memory of " + std::to_string(bytes) + " bytes");
    }
    data_ = static_cast<std::byte*>(mapped);
}

ByteStore::~ByteStore()
{
    ::munmap(data_, bytes_);
}

}  // namespace wagesim::chip
