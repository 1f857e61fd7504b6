// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// That the instructions asked for by ONEDNN_MAX_CPU_ISA are those that multiply: without this, all reruns of the kernel
// tests might take one path.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "ref/kernels/byte_tile.hpp"

namespace wagesim::ref {
namespace {

/// Of this processor, as GCC's runtime sees it.
std::string fastest_here()
{
    __builtin_cpu_init();
    const auto has = [](int found) { return found != 0; };
    // Ice Lake or Zen 4 and later: see docs/adr/0015-byte-tiles-and-strips.md.
    if (has(__builtin_cpu_supports("avx512vnni")) && has(__builtin_cpu_supports("avx512vbmi2")) &&
        has(__builtin_cpu_supports("avx512bitalg")) && has(__builtin_cpu_supports("vpclmulqdq"))) {
        return "AVX-512 VNNI";
    }
    return has(__builtin_cpu_supports("avx2")) ? "AVX2" : "portable";
}

TEST(Instructions, AreThoseThatWereAskedFor)
{
    const char* const variable = std::getenv("ONEDNN_MAX_CPU_ISA");
    const std::string limit = variable == nullptr ? "none" : variable;
    std::string expected = fastest_here();
    if (limit == "SSE41" || limit == "AVX") expected = "portable";
    if ((limit == "AVX2" || limit == "AVX512_CORE") && expected == "AVX-512 VNNI") expected = "AVX2";
    EXPECT_EQ(byte_tile::instructions(), expected) << "with ONEDNN_MAX_CPU_ISA " << limit;
}

}  // namespace
}  // namespace wagesim::ref
