// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Result beats against what was expected, in order. It counts, so that a bench which compared nothing cannot pass, and
// knows what is still owed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "rtl/verilated/quantize_update_pins.hpp"
#include "tests/rtl/bench/expected_beats.hpp"

namespace wagesim::test {

class BeatScoreboard {
public:
    void expect(QuantizeUpdateMode mode, std::vector<ExpectedBeat> beats);
    /// A beat that moved. Throws BenchFailure where it is not the next one expected.
    void take(const rtl::PinOutputs& outputs);
    /// Counts `elements` of a mode that hands over nothing: MAX became theirs, and was compared.
    void count(QuantizeUpdateMode mode, std::size_t elements) { compared_[mode] += elements; }
    /// Throws BenchFailure where beats are owed.
    void expect_nothing_left() const;
    /// After a reset in the middle: what was owed is gone.
    void forget() { owed_.clear(); }

    /// Elements compared, by mode.
    [[nodiscard]] const std::map<QuantizeUpdateMode, std::uint64_t>& compared() const noexcept { return compared_; }

private:
    struct Owed {
        QuantizeUpdateMode mode;
        ExpectedBeat beat;
    };
    std::deque<Owed> owed_;
    std::map<QuantizeUpdateMode, std::uint64_t> compared_;
    std::uint64_t taken_ = 0;
};

}  // namespace wagesim::test
