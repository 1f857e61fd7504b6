// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tiles for AVX-512 VNNI, AVX2 and any machine. This file is compiled once for each: Highway sets the compiler's target
// and picks one at run time. The only intrinsics of the reference.
#include "ref/kernels/byte_tile.hpp"

#include <array>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define HWY_WANT_AVX3_DL 1  // AVX-512 with VNNI
#define HWY_DISABLED_TARGETS \
    (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3)  // they have nothing between "any machine" and the others
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ref/kernels/byte_tile.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace wagesim::ref::byte_tile {
namespace HWY_NAMESPACE {

/// What a tile does with its steps: the compiler knows all of it.
template <std::size_t kRows_, std::size_t kVectors_, bool kUnsignedLines_, bool kPairsFit_>
struct Kind {
    static constexpr std::size_t kRows = kRows_;
    static constexpr std::size_t kVectors = kVectors_;
    static constexpr bool kUnsignedLines = kUnsignedLines_;
    static constexpr bool kPairsFit = kPairsFit_;
};

#if HWY_TARGET == HWY_AVX3_DL

// Highway 1.0.3 checks the machine for this extension, but does not hand it to the compiler.
#pragma GCC target("avx512vnni")

template <class K>
void accumulate(const Walk& walk, const Tile& tile)
{
    constexpr std::size_t kRows = K::kRows;
    constexpr std::size_t kVectors = K::kVectors;
    __m512i sums[kRows][kVectors];
    const std::size_t start_stride = tile.start == tile.sums ? tile.stride : 0;
    const auto last = static_cast<__mmask16>((1U << tile.last_lanes) - 1U);
    for (std::size_t r = 0; r < kRows; ++r) {
        for (std::size_t v = 0; v < kVectors; ++v) {
            const __mmask16 lanes = v + 1 == kVectors ? last : static_cast<__mmask16>(0xFFFF);
            sums[r][v] = _mm512_maskz_loadu_epi32(lanes, tile.start + r * start_stride + v * kLanes);
        }
    }
    for (std::size_t i = 0; i < walk.outer.count; ++i) {
        for (std::size_t j = 0; j < walk.middle.count; ++j) {
            std::size_t at = i * walk.outer.line + j * walk.middle.line;
            const std::uint8_t* panel = tile.panel + i * walk.outer.panel + j * walk.middle.panel;
            for (std::size_t k = 0; k < walk.inner.count; ++k, at += walk.inner.line, panel += walk.inner.panel) {
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
                        sums[r][v] = K::kUnsignedLines ? _mm512_dpbusd_epi32(sums[r][v], line, vectors[v])
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

const char* name()
{
    return "AVX-512 VNNI";
}

#elif HWY_TARGET == HWY_AVX2

/// The sums of four neighbouring products in each 32-bit lane.
template <bool kPairsFit>
inline __m256i four_products(__m256i unsigned_bytes, __m256i signed_bytes)
{
    if (kPairsFit) {
        return _mm256_madd_epi16(_mm256_maddubs_epi16(unsigned_bytes, signed_bytes), _mm256_set1_epi16(1));
    }
    // Even and odd bytes as 16-bit elements; their products are added in 32 bits.
    const __m256i even = _mm256_madd_epi16(_mm256_and_si256(unsigned_bytes, _mm256_set1_epi16(0xFF)),
                                           _mm256_srai_epi16(_mm256_slli_epi16(signed_bytes, 8), 8));
    const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(unsigned_bytes, 8), _mm256_srai_epi16(signed_bytes, 8));
    return _mm256_add_epi32(even, odd);
}

/// kRows rows from `first` on, 16 lines of the panel: as many sums as 16 registers can hold beside the operands.
template <class K, std::size_t kRows>
void accumulate_part(const Walk& walk, const Tile& tile, std::size_t first, std::size_t vector,
                     std::int32_t (*out)[kPanelLines])
{
    __m256i sums[kRows][2];
    for (std::size_t r = 0; r < kRows; ++r) sums[r][0] = sums[r][1] = _mm256_setzero_si256();
    for (std::size_t i = 0; i < walk.outer.count; ++i) {
        for (std::size_t j = 0; j < walk.middle.count; ++j) {
            std::size_t at = i * walk.outer.line + j * walk.middle.line;
            const std::uint8_t* panel = tile.panel + i * walk.outer.panel + j * walk.middle.panel + 64 * vector;
            for (std::size_t k = 0; k < walk.inner.count; ++k, at += walk.inner.line, panel += walk.inner.panel) {
                const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel));
                const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel + 32));
#pragma GCC unroll 3
                for (std::size_t r = 0; r < kRows; ++r) {
                    std::int32_t four = 0;
                    std::memcpy(&four, tile.lines[first + r] + at, sizeof four);
                    const __m256i line = _mm256_set1_epi32(four);
                    sums[r][0] =
                        _mm256_add_epi32(sums[r][0], K::kUnsignedLines ? four_products<K::kPairsFit>(line, low)
                                                                       : four_products<K::kPairsFit>(low, line));
                    sums[r][1] =
                        _mm256_add_epi32(sums[r][1], K::kUnsignedLines ? four_products<K::kPairsFit>(line, high)
                                                                       : four_products<K::kPairsFit>(high, line));
                }
            }
        }
    }
    for (std::size_t r = 0; r < kRows; ++r) {
        auto* const row = reinterpret_cast<__m256i*>(out[first + r] + kLanes * vector);
        _mm256_storeu_si256(row, sums[r][0]);
        _mm256_storeu_si256(row + 1, sums[r][1]);
    }
}

template <class K>
void add_products(const Walk& walk, const Tile& tile, std::int32_t (*out)[kPanelLines])
{
    constexpr std::size_t kFirst = K::kRows < 3 ? K::kRows : 3;
    for (std::size_t v = 0; v < K::kVectors; ++v) {
        accumulate_part<K, kFirst>(walk, tile, 0, v, out);
        if constexpr (K::kRows > kFirst) accumulate_part<K, K::kRows - kFirst>(walk, tile, kFirst, v, out);
    }
}

const char* name()
{
    return "AVX2";
}

#else

template <class K>
void add_products(const Walk& walk, const Tile& tile, std::int32_t (*out)[kPanelLines])
{
    for (std::size_t r = 0; r < K::kRows; ++r) std::memset(out[r], 0, sizeof out[r]);
    for (std::size_t i = 0; i < walk.outer.count; ++i) {
        for (std::size_t j = 0; j < walk.middle.count; ++j) {
            std::size_t at = i * walk.outer.line + j * walk.middle.line;
            const std::uint8_t* panel = tile.panel + i * walk.outer.panel + j * walk.middle.panel;
            for (std::size_t k = 0; k < walk.inner.count; ++k, at += walk.inner.line, panel += walk.inner.panel) {
                for (std::size_t r = 0; r < K::kRows; ++r) {
                    for (std::size_t lane = 0; lane < K::kVectors * kLanes; ++lane) {
                        std::int32_t sum = 0;
                        for (std::size_t b = 0; b < kStep; ++b) {
                            const std::uint8_t x = tile.lines[r][at + b];
                            const std::uint8_t y = panel[kStep * lane + b];
                            sum +=
                                K::kUnsignedLines ? x * static_cast<std::int8_t>(y) : static_cast<std::int8_t>(x) * y;
                        }
                        out[r][lane] = static_cast<std::int32_t>(static_cast<std::uint32_t>(out[r][lane]) +
                                                                 static_cast<std::uint32_t>(sum));
                    }
                }
            }
        }
    }
}

const char* name()
{
    return "portable";
}

#endif

#if HWY_TARGET != HWY_AVX3_DL
template <class K>
void accumulate(const Walk& walk, const Tile& tile)
{
    std::int32_t out[K::kRows][kPanelLines];
    add_products<K>(walk, tile, out);
    const std::size_t start_stride = tile.start == tile.sums ? tile.stride : 0;
    const std::size_t lanes = (K::kVectors - 1) * kLanes + tile.last_lanes;
    for (std::size_t r = 0; r < K::kRows; ++r) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const auto start = static_cast<std::uint32_t>(tile.start[r * start_stride + lane]);
            tile.sums[r * tile.stride + lane] =
                static_cast<std::int32_t>(start + static_cast<std::uint32_t>(out[r][lane]));
        }
    }
}
#endif

template <bool kUnsignedLines, bool kPairsFit, std::size_t... kIndices>
const Multiplier::Function* table_of(std::index_sequence<kIndices...>)
{
    static constexpr std::array<Multiplier::Function, sizeof...(kIndices)> kTable{
        accumulate<Kind<kIndices / kLargestVectors + 1, kIndices % kLargestVectors + 1, kUnsignedLines, kPairsFit>>...};
    return kTable.data();
}

const Multiplier::Function* functions(Unsigned which, bool pairs_fit)
{
    using Sizes = std::make_index_sequence<kLargestRows * kLargestVectors>;
    if (which == Unsigned::lines) return pairs_fit ? table_of<true, true>(Sizes{}) : table_of<true, false>(Sizes{});
    return pairs_fit ? table_of<false, true>(Sizes{}) : table_of<false, false>(Sizes{});
}

}  // namespace HWY_NAMESPACE
}  // namespace wagesim::ref::byte_tile
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <oneapi/dnnl/dnnl.h>

namespace wagesim::ref::byte_tile {
namespace {

HWY_EXPORT(functions);
HWY_EXPORT(name);

/// Takes from Highway what oneDNN was told to do without.
bool hold_to_onednn()
{
    switch (dnnl_get_effective_cpu_isa()) {
        case dnnl_cpu_isa_sse41:
        case dnnl_cpu_isa_avx: hwy::DisableTargets(HWY_AVX3_DL | HWY_AVX3 | HWY_AVX2); break;
        case dnnl_cpu_isa_avx2:
        case dnnl_cpu_isa_avx2_vnni:
        case dnnl_cpu_isa_avx512_mic:
        case dnnl_cpu_isa_avx512_mic_4ops:
        case dnnl_cpu_isa_avx512_core: hwy::DisableTargets(HWY_AVX3_DL); break;
        default: break;
    }
    return true;
}

void choose_once()
{
    [[maybe_unused]] static const bool done = hold_to_onednn();
}

}  // namespace

Multiplier::Multiplier(Unsigned which, const Magnitudes& magnitudes)
    : functions_((choose_once(), HWY_DYNAMIC_DISPATCH(functions)(which, magnitudes.pairs_fit_16_bits())))
{
}

const char* instructions()
{
    choose_once();
    return HWY_DYNAMIC_DISPATCH(name)();
}

}  // namespace wagesim::ref::byte_tile
#endif
