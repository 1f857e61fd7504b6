// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading what a header promises without believing it: memory follows the bytes that really come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace wagesim {

/// Up to `promised` bytes from read(to, bytes) -> bytes read (fewer only at the end). The result is shorter than the
/// promise where the source was. Holds what came and one chunk more.
template <class Read>
[[nodiscard]] std::vector<std::uint8_t> collect_bytes(std::uint64_t promised, Read&& read)
{
    // Beyond 32 MiB glibc gives each block pages of its own and takes them back when it is freed; smaller ones would
    // stay with the process while their bytes exist a second time in the result. Not initialised, so that a chunk has
    // no more memory than was read into it. The first is small, for most files are.
    constexpr std::uint64_t kFirstChunkBytes = std::uint64_t{1} << 20U;
    constexpr std::uint64_t kChunkBytes = std::uint64_t{33} << 20U;
    struct Chunk {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::size_t size = 0;
    };
    std::list<Chunk> chunks;
    std::uint64_t collected = 0;
    for (bool ended = false; !ended && collected < promised;) {
        const auto most =
            static_cast<std::size_t>(std::min(promised - collected, collected == 0 ? kFirstChunkBytes : kChunkBytes));
        Chunk& chunk = chunks.emplace_back();
        chunk.bytes.reset(new std::uint8_t[most]);
        chunk.size = read(chunk.bytes.get(), most);
        ended = chunk.size < most;
        collected += chunk.size;
    }
    std::vector<std::uint8_t> out;
    out.reserve(static_cast<std::size_t>(collected));
    for (; !chunks.empty(); chunks.pop_front()) {
        const Chunk& chunk = chunks.front();
        out.insert(out.end(), chunk.bytes.get(), chunk.bytes.get() + chunk.size);
    }
    return out;
}

}  // namespace wagesim
