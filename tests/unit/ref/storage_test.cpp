// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What tiles read vector by vector begins at a cache line, whatever its size: results do not show it, only time does.
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "ref/kernels/quads.hpp"
#include "ref/kernels/scratch.hpp"

namespace wagesim::ref {
namespace {

// Small blocks, and so large ones that an allocator takes each from the system.
constexpr std::size_t kSizes[] = {1, 7, 64, 1000, 100001, 3000001};

bool begins_at_cache_line(const void* address)
{
    return reinterpret_cast<std::uintptr_t>(address) % 64 == 0;
}

TEST(Storage, ScratchBeginsAtACacheLineAndKeepsItsPlaceWhileItIsLargeEnough)
{
    Scratch<std::int32_t> sums;
    Scratch<std::uint8_t> bytes;
    for (const std::size_t size : kSizes) {
        const std::int32_t* const place = sums.grown(size);
        EXPECT_TRUE(begins_at_cache_line(place)) << size;
        EXPECT_EQ(sums.grown(1), place) << size;
        EXPECT_TRUE(begins_at_cache_line(bytes.grown(size))) << size;
    }
}

TEST(Storage, EveryGroupOfQuadsBeginsAtACacheLine)
{
    for (const std::size_t channels : {64U, 70U, 150U, 512U}) {
        for (const std::size_t samples : {1U, 9U, 128U}) {
            Quads quads(9, 7, channels, 64, 16, 0);
            quads.resize(samples);
            for (std::size_t g = 0; g < quads.groups(); ++g) {
                EXPECT_TRUE(begins_at_cache_line(quads.data(g))) << channels << " channels, group " << g;
            }
        }
    }
}

}  // namespace
}  // namespace wagesim::ref
