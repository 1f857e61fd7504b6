// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs of the 16-bit words of a random stream (docs/numerics.md section 8), many blocks at a time. Which word belongs
// to which weight is the caller's business.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/numerics/random_words.hpp"

namespace wagesim::ref {

class RandomWords {
public:
    explicit RandomWords(const numerics::Speck32& cipher) : cipher_(cipher) {}

    /// Words first .. first + count - 1. Valid until this thread's next call, of any stream.
    [[nodiscard]] const std::uint16_t* run(std::uint64_t first, std::size_t count) const;

private:
    numerics::Speck32 cipher_;
};

}  // namespace wagesim::ref
