// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Speck32/64 over vectors of consecutive blocks. See the header.
#include "ref/quantizers/random_words.hpp"

#include <array>

#include "ref/kernels/multiversion.hpp"
#include "ref/kernels/scratch.hpp"

namespace wagesim::ref {
namespace {

constexpr std::size_t kBlocks = 128;  // of one call of encrypt_run: enough independent chains to hide latency

/// Words of blocks first .. first + kBlocks - 1, two a block: y' then x'.
WAGESIM_MULTIVERSION void encrypt_run(const std::uint16_t* round_keys, std::uint32_t first, std::uint16_t* words)
{
    std::array<std::uint16_t, kBlocks> x;
    std::array<std::uint16_t, kBlocks> y;
    for (std::uint32_t i = 0; i < kBlocks; ++i) {
        const std::uint32_t block = first + i;
        x[i] = static_cast<std::uint16_t>(block >> 16U);
        y[i] = static_cast<std::uint16_t>(block);
    }
    for (int round = 0; round < numerics::Speck32::kRounds; ++round) {
        const std::uint16_t key = round_keys[round];
        for (std::size_t i = 0; i < kBlocks; ++i) {
            const auto turned = static_cast<std::uint16_t>((x[i] >> 7U) | (x[i] << 9U));
            x[i] = static_cast<std::uint16_t>(static_cast<std::uint16_t>(turned + y[i]) ^ key);
            y[i] = static_cast<std::uint16_t>(static_cast<std::uint16_t>((y[i] << 2U) | (y[i] >> 14U)) ^ x[i]);
        }
    }
    for (std::size_t i = 0; i < kBlocks; ++i) {
        words[2 * i] = y[i];
        words[2 * i + 1] = x[i];
    }
}

}  // namespace

const std::uint16_t* RandomWords::run(std::uint64_t first, std::size_t count) const
{
    const auto odd = static_cast<std::size_t>(first & 1U);
    const std::size_t blocks = (odd + count + 1) / 2;
    const std::size_t runs = (blocks + kBlocks - 1) / kBlocks;
    thread_local Scratch<std::uint16_t> scratch;
    std::uint16_t* const words = scratch.grown(2 * kBlocks * runs);
    const auto start = static_cast<std::uint32_t>(first >> 1U);
    for (std::size_t i = 0; i < runs; ++i) {
        encrypt_run(cipher_.round_keys().data(), start + static_cast<std::uint32_t>(i * kBlocks),
                    words + 2 * kBlocks * i);
    }
    return words + odd;
}

}  // namespace wagesim::ref
