// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The machine's arithmetic peak, on request (serve.hpp): multiply-accumulates from registers into registers, no memory.
// int8 is vpdpbusd (AVX-512-VNNI), fp32 fused multiply-add (AVX-512 or AVX2). OMP_NUM_THREADS sets the threads, which
// all run the same; a round is a few milliseconds. Where the machine has no such instruction the greeting says
// "available": false and no round can be asked for.
//   peak_worker int8|fp32
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>

#include <fmt/core.h>
#include <omp.h>
#include <nlohmann/json.hpp>

#include "tests/bench/workers/serve.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

using namespace wagesim;

constexpr std::int64_t kIterations = 500'000;
/// Independent sums: enough for latency times width of every core so far, few enough for the 16 or 32 registers.
constexpr int kWideSums = 24;

/// A loop of `kIterations` over independent sums, and what it computes.
struct Peak {
    const char* instruction;
    std::int64_t macs_per_iteration;
    void (*loop)();  ///< null where the machine lacks the instruction
};

#if defined(__x86_64__)
constexpr int kNarrowSums = 12;

// The instruction stands in asm: from intrinsics GCC adds copies of the sums, which take slots of the same ports.
__attribute__((target("avx512f"))) void int8_avx512()
{
    __m512i sums[kWideSums] = {};
    const __m512i bytes = _mm512_set1_epi32(0x03030303);
    const __m512i codes = _mm512_set1_epi32(0x01010101);
    for (std::int64_t i = 0; i < kIterations; ++i) {
#pragma GCC unroll 24
        for (int s = 0; s < kWideSums; ++s)
            asm volatile("vpdpbusd %2, %1, %0" : "+v"(sums[s]) : "v"(bytes), "v"(codes));
    }
}

__attribute__((target("avx512f"))) void fp32_avx512()
{
    __m512 sums[kWideSums] = {};
    const __m512 x = _mm512_set1_ps(0.5F);
    const __m512 y = _mm512_set1_ps(0.25F);
    for (std::int64_t i = 0; i < kIterations; ++i) {
#pragma GCC unroll 24
        for (int s = 0; s < kWideSums; ++s) asm volatile("vfmadd231ps %2, %1, %0" : "+v"(sums[s]) : "v"(x), "v"(y));
    }
}

__attribute__((target("avx2,fma"))) void fp32_avx2()
{
    __m256 sums[kNarrowSums] = {};
    const __m256 x = _mm256_set1_ps(0.5F);
    const __m256 y = _mm256_set1_ps(0.25F);
    for (std::int64_t i = 0; i < kIterations; ++i) {
#pragma GCC unroll 12
        for (int s = 0; s < kNarrowSums; ++s) asm volatile("vfmadd231ps %2, %1, %0" : "+x"(sums[s]) : "x"(x), "x"(y));
    }
}

Peak int8_peak()
{
    const bool there = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni");
    return {"vpdpbusd, 512 bits", kWideSums * 64, there ? &int8_avx512 : nullptr};
}

Peak fp32_peak()
{
    if (__builtin_cpu_supports("avx512f")) return {"vfmadd, 512 bits", kWideSums * 16, &fp32_avx512};
    const bool there = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    return {"vfmadd, 256 bits", kNarrowSums * 8, there ? &fp32_avx2 : nullptr};
}
#else
Peak int8_peak()
{
    return {"vpdpbusd", kWideSums * 64, nullptr};
}
Peak fp32_peak()
{
    return {"vfmadd", kWideSums * 16, nullptr};
}
#endif

void work(int argc, char** argv)
{
    const std::string type = argc == 2 ? argv[1] : "";
    if (type != "int8" && type != "fp32") throw std::invalid_argument("usage: peak_worker int8|fp32");
    const Peak peak = type == "int8" ? int8_peak() : fp32_peak();
    const int threads = omp_get_max_threads();
    const nlohmann::json greeting = {{"worker", "peak " + type},
                                     {"instruction", peak.instruction},
                                     {"available", peak.loop != nullptr},
                                     {"threads", threads}};
    bench::serve(greeting, [&](std::uint64_t rounds) {
        if (peak.loop == nullptr) throw std::invalid_argument("this machine has no " + std::string(peak.instruction));
#pragma omp parallel num_threads(threads)
        for (std::uint64_t i = 0; i < rounds; ++i) peak.loop();
        const auto total = static_cast<std::int64_t>(rounds) * threads * kIterations * peak.macs_per_iteration;
        return nlohmann::json{{"macs", total}};
    });
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        work(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "peak_worker: {}\n", error.what());
        return 2;
    }
    return 0;
}
