// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A random permutation of 0..n-1 of which no more than a key is kept: a Feistel network over the next power of four,
// walked until it falls below n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002, cycle walking).
#pragma once

#include <cstdint>

namespace wagesim::sweep {

class Permutation {
public:
    /// 1 <= n <= 2^62. The same n and key are the same permutation everywhere.
    Permutation(std::uint64_t n, std::uint64_t key);

    /// Where i, below n, goes.
    [[nodiscard]] std::uint64_t at(std::uint64_t i) const noexcept;

private:
    [[nodiscard]] std::uint64_t encrypted(std::uint64_t block) const noexcept;

    std::uint64_t n_;
    std::uint64_t key_;
    unsigned half_bits_ = 1;
};

}  // namespace wagesim::sweep
