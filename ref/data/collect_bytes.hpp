// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading what a header promises without believing it: memory follows the bytes that really come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

namespace wagesim {

/// Up to `promised` bytes from read(to, bytes) -> bytes read (fewer only at the end). The result is shorter than the
/// promise where the source was. Never holds more than twice what came, plus one chunk.
template <class Read>
[[nodiscard]] std::vector<std::uint8_t> collect_bytes(std::uint64_t promised, Read&& read)
{
    constexpr std::uint64_t kChunkBytes = std::uint64_t{1} << 20U;
    std::list<std::vector<std::uint8_t>> chunks;
    std::uint64_t collected = 0;
    while (collected < promised) {
        std::vector<std::uint8_t> chunk(static_cast<std::size_t>(std::min(promised - collected, kChunkBytes)));
        const std::size_t got = read(chunk.data(), chunk.size());
        const bool ended = got < chunk.size();
        chunk.resize(got);
        collected += got;
        chunks.push_back(std::move(chunk));
        if (ended) break;
    }
    if (chunks.size() == 1) return std::move(chunks.front());
    std::vector<std::uint8_t> out;
    out.reserve(static_cast<std::size_t>(collected));
    for (; !chunks.empty(); chunks.pop_front()) {
        out.insert(out.end(), chunks.front().begin(), chunks.front().end());
    }
    return out;
}

}  // namespace wagesim
