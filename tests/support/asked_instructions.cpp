// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Skips all tests of a program where ONEDNN_MAX_CPU_ISA asks for instructions that this processor lacks: they would run
// others, and pass. For test programs that are rerun for each instruction set.
#include <cpuid.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace wagesim::test {
namespace {

bool has_amx()
{
    constexpr unsigned kAmxInt8 = 1U << 25U;
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d & kAmxInt8) != 0;
}

bool has(const std::string& instructions)
{
    __builtin_cpu_init();
    const auto found = [](int bits) { return bits != 0; };
    const bool avx512 = found(__builtin_cpu_supports("avx512bw")) && found(__builtin_cpu_supports("avx512dq")) &&
                        found(__builtin_cpu_supports("avx512vl"));
    const bool vnni = avx512 && found(__builtin_cpu_supports("avx512vnni"));
    if (instructions == "AVX") return found(__builtin_cpu_supports("avx"));
    if (instructions == "AVX2") return found(__builtin_cpu_supports("avx2"));
    if (instructions == "AVX512_CORE") return avx512;
    if (instructions == "AVX512_CORE_VNNI") return vnni;
    if (instructions == "AVX512_CORE_AMX") return vnni && has_amx();
    return true;
}

class SkipWhereMissing final : public testing::Environment {
public:
    void SetUp() override
    {
        const char* const asked = std::getenv("ONEDNN_MAX_CPU_ISA");
        if (asked == nullptr || has(asked)) return;
        std::cout << "[  SKIPPED ] this processor has no " << asked << std::endl;  // the words that CTest looks for
        GTEST_SKIP();  // other instructions would run, and their success would be taken for that of those asked for
    }
};

// GoogleTest owns it.
const testing::Environment* const kSkipWhereMissing = testing::AddGlobalTestEnvironment(new SkipWhereMissing);

}  // namespace
}  // namespace wagesim::test
