// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the unit's registers must hold, written from the register table of docs/modules/quantize_update.md. It follows
// writes, bursts and resets; it knows nothing of pins or cycles.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "tests/unit/rtl/expected_unit.hpp"

namespace wagesim::test {

class RegisterShadow {
public:
    explicit RegisterShadow(int lanes) : lanes_(lanes) {}

    void reset() { values_ = {}; }
    /// Any address; one without a register is ignored.
    void write(std::uint32_t address, std::uint32_t value);
    /// What a read must give; 0 where there is no register.
    [[nodiscard]] std::uint32_t read(std::uint32_t address) const;

    /// A burst's contribution to MAX and LOSS.
    void accumulate(std::uint64_t maximum, Uint128 loss);

    [[nodiscard]] QuantizeUpdateMode mode() const noexcept { return static_cast<QuantizeUpdateMode>(values_.mode); }
    /// What bursts obey. Meaningful while WIDTHS holds legal widths.
    [[nodiscard]] Settings settings() const;
    [[nodiscard]] std::int8_t table(std::uint8_t byte) const noexcept
    {
        return static_cast<std::int8_t>(values_.table[byte]);
    }
    [[nodiscard]] std::uint64_t maximum() const noexcept { return values_.maximum; }

    /// Every address that a register stands at, CONTROL included.
    [[nodiscard]] static const std::vector<std::uint32_t>& addresses();

private:
    /// As after a reset.
    struct Values {
        std::uint32_t mode = 0;
        std::uint32_t widths = 0x0808'0802;
        std::uint32_t attenuation = 0;
        std::uint32_t gamma = 0;
        std::int32_t eta = 0;
        std::uint32_t weight_clip = 0;
        std::int32_t exponent = -1;
        std::uint64_t maximum = 0;
        std::uint64_t index = 0;
        std::uint64_t key = 0;
        std::optional<std::uint64_t> expanded_key;  ///< of the key schedule; none: the round keys are 0
        Uint128 loss = 0;
        std::array<std::uint8_t, 256> table{};
    };

    int lanes_;
    Values values_;
};

}  // namespace wagesim::test
