// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A memory's bytes: zero at first, and taken from the host only where they are touched, so that gigabytes of modelled
// DRAM cost nothing until they are used. No time, no addresses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim::chip {

class ByteStore {
public:
    /// Throws std::system_error where the host has no such address space.
    explicit ByteStore(std::uint64_t bytes);
    ByteStore(const ByteStore&) = delete;
    ByteStore& operator=(const ByteStore&) = delete;
    ~ByteStore();

    [[nodiscard]] std::uint64_t size() const noexcept { return bytes_; }
    [[nodiscard]] std::byte* data() noexcept { return data_; }

private:
    std::byte* data_;
    std::uint64_t bytes_;
};

}  // namespace wagesim::chip
