// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One instantiation for each tile size, so that all sums stay in registers. See the header.
#include "ref/kernels/vnni_tile.hpp"

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "ref/kernels/product_paths.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define WAGESIM_VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))
#endif

namespace wagesim::ref::vnni {

#if defined(__x86_64__)
namespace {

template <std::size_t kRows, std::size_t kVectors, bool kUnsignedPlanes>
WAGESIM_VNNI void accumulate_tile(const Walk& walk, const Tile& tile)
{
    __m512i sums[kRows][kVectors];
    const std::size_t start_stride = tile.start == tile.sums ? tile.stride : 0;
    const auto last = static_cast<__mmask16>((1U << tile.last_lanes) - 1U);
    for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t v = 0; v < kVectors; ++v) {
            const __mmask16 lanes = v + 1 == kVectors ? last : static_cast<__mmask16>(0xFFFF);
            sums[r][v] = _mm512_maskz_loadu_epi32(lanes, tile.start + r * start_stride + v * kLanes);
        }
    }
    for (std::size_t n = 0; n < walk.images; ++n) {
        const std::uint8_t* panel = tile.panel + n * walk.panel_image_stride;
        for (std::size_t y = 0; y < walk.rows; ++y) {
            std::size_t at = n * walk.image_stride + y * walk.row_stride;
            for (std::size_t g = 0; g < walk.groups; ++g, at += 4, panel += 64 * kVectors) {
                __m512i vectors[kVectors];
#pragma GCC unroll 4
                for (std::size_t v = 0; v < kVectors; ++v) vectors[v] = _mm512_loadu_si512(panel + 64 * v);
#pragma GCC unroll 6
                for (std::size_t r = 0; r < kRows; ++r) {
                    std::int32_t four = 0;
                    std::memcpy(&four, tile.lines[r] + at, sizeof four);
                    const __m512i line = _mm512_set1_epi32(four);
#pragma GCC unroll 4
                    for (std::size_t v = 0; v < kVectors; ++v) {
                        sums[r][v] = kUnsignedPlanes ? _mm512_dpbusd_epi32(sums[r][v], line, vectors[v])
                                                     : _mm512_dpbusd_epi32(sums[r][v], vectors[v], line);
                    }
                }
            }
        }
    }
    for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t v = 0; v < kVectors; ++v) {
            const __mmask16 lanes = v + 1 == kVectors ? last : static_cast<__mmask16>(0xFFFF);
            _mm512_mask_storeu_epi32(tile.sums + r * tile.stride + v * kLanes, lanes, sums[r][v]);
        }
    }
}

using TileFunction = void (*)(const Walk&, const Tile&);

template <bool kUnsignedPlanes, std::size_t... kIndices>
constexpr auto tile_functions(std::index_sequence<kIndices...>)
{
    return std::array<TileFunction, sizeof...(kIndices)>{
        accumulate_tile<kIndices / kLargestVectors + 1, kIndices % kLargestVectors + 1, kUnsignedPlanes>...};
}

}  // namespace

bool available()
{
    // oneDNN's answer too, so that ONEDNN_MAX_CPU_ISA shows every machine's path on one machine.
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni") &&
           product::onednn_has_wide_byte_products();
}

void accumulate(const Walk& walk, const Tile& tile, bool unsigned_planes)
{
    using Sizes = std::make_index_sequence<kLargestRows * kLargestVectors>;
    static constexpr auto kUnsigned = tile_functions<true>(Sizes{});
    static constexpr auto kSigned = tile_functions<false>(Sizes{});
    const std::size_t size = (tile.rows - 1) * kLargestVectors + tile.vectors - 1;
    (unsigned_planes ? kUnsigned : kSigned)[size](walk, tile);
}
#else
bool available()
{
    return false;
}

void accumulate(const Walk&, const Tile&, bool)
{
    throw std::logic_error("vnni::accumulate: called on a machine without VNNI");
}
#endif

}  // namespace wagesim::ref::vnni
