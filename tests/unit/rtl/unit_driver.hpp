// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Settings to registers, vectors to bursts, and a count of what was compared: shared by the tests of the RTL unit.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "tests/unit/rtl/expected_unit.hpp"

namespace wagesim::test {

using Register = QuantizeUpdateRegister;
using Mode = QuantizeUpdateMode;

inline constexpr std::int64_t kLargestOperand = (std::int64_t{1} << 47) - 1;
inline constexpr std::int64_t kSmallestOperand = -kLargestOperand - 1;

inline CycleCount write(QuantizeUpdateUnit& unit, Register address, std::uint32_t value)
{
    return unit.write_register(static_cast<std::uint32_t>(address), value);
}

inline std::uint32_t read(QuantizeUpdateUnit& unit, Register address)
{
    return unit.read_register(static_cast<std::uint32_t>(address));
}

/// Every setting as a register and its value; the key only where the mode draws words.
[[nodiscard]] std::vector<std::pair<Register, std::uint32_t>> register_values(Mode mode, const Settings& settings);
void apply(QuantizeUpdateUnit& unit, Mode mode, const Settings& settings);

void set_maximum(QuantizeUpdateUnit& unit, std::uint64_t maximum);
[[nodiscard]] std::uint64_t maximum_of(QuantizeUpdateUnit& unit);
[[nodiscard]] Uint128 loss_of(QuantizeUpdateUnit& unit);

/// Settings of numerics.md section 1, drawn over all their legal values; exponents now and then beyond, where a fault
/// or a restore may put them.
[[nodiscard]] Settings random_settings(std::mt19937_64& random);

/// Operands that matter: extremes, powers of two and their neighbours, ties of both signs at every shift, and values of
/// random length. The corners come first, in every call.
[[nodiscard]] std::vector<std::int64_t> interesting_operands(std::mt19937_64& random, std::size_t count);

/// Counts comparisons; a scoreboard that compared nothing fails its test.
class Scoreboard {
public:
    Scoreboard() = default;
    ~Scoreboard() { EXPECT_GT(compared_, 0U) << "nothing was compared"; }
    Scoreboard(const Scoreboard&) = delete;
    Scoreboard& operator=(const Scoreboard&) = delete;

    template <class Expected, class Got, class Context>
    void compare(const Expected& expected, const Got& got, const Context& context)
    {
        ++compared_;
        ASSERT_EQ(expected, got) << context();
    }
    [[nodiscard]] std::size_t compared() const noexcept { return compared_; }

private:
    std::size_t compared_ = 0;
};

}  // namespace wagesim::test
