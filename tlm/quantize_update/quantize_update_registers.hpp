// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit's registers: which bits are stored, how they read back, what CONTROL and KEY_1 do. No streams, no cycles.
#pragma once

#include <array>
#include <cstdint>

#include "ref/numerics/random_words.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/quantize_update/registers.hpp"

namespace wagesim::chip {

__extension__ using Uint128 = unsigned __int128;  // LOSS; ISO C++17 has no such type

class QuantizeUpdateRegisters {
public:
    static constexpr std::size_t kTableEntries = 256;
    using RoundKeys = std::array<std::uint16_t, numerics::Speck32::kRounds>;

    explicit QuantizeUpdateRegisters(int lanes) : lanes_(lanes) {}

    /// Throws std::out_of_range for an address without a register.
    void write(std::uint32_t address, std::uint32_t value);
    [[nodiscard]] std::uint32_t read(std::uint32_t address) const;

    [[nodiscard]] int lanes() const noexcept { return lanes_; }
    [[nodiscard]] QuantizeUpdateMode mode() const noexcept { return mode_; }
    [[nodiscard]] const Widths& widths() const noexcept { return widths_; }
    [[nodiscard]] int attenuation() const noexcept { return attenuation_; }
    [[nodiscard]] int log2_gamma() const noexcept { return log2_gamma_; }
    [[nodiscard]] int eta_exponent() const noexcept { return eta_exponent_; }
    [[nodiscard]] WeightClip weight_clip() const noexcept { return weight_clip_; }
    [[nodiscard]] int exponent() const noexcept { return exponent_; }
    [[nodiscard]] std::uint64_t index() const noexcept { return index_; }
    [[nodiscard]] const RoundKeys& round_keys() const noexcept { return round_keys_; }
    [[nodiscard]] const std::array<std::int8_t, kTableEntries>& table() const noexcept { return table_; }
    [[nodiscard]] std::uint64_t maximum() const noexcept { return maximum_; }

    /// What a burst may change.
    void raise_maximum(std::uint64_t magnitude) noexcept { maximum_ = magnitude > maximum_ ? magnitude : maximum_; }
    void add_loss(Uint128 squares) noexcept { loss_ += squares; }

private:
    void control(std::uint32_t value);
    void write_table(std::uint32_t address, std::uint32_t value);
    [[nodiscard]] std::uint32_t read_table(std::uint32_t address) const;

    int lanes_;
    QuantizeUpdateMode mode_ = QuantizeUpdateMode::input;
    Widths widths_{};
    int attenuation_ = 0;
    int log2_gamma_ = 0;
    int eta_exponent_ = 0;
    WeightClip weight_clip_ = WeightClip::kg;
    int exponent_ = -1;
    std::uint64_t maximum_ = 0;
    std::uint64_t index_ = 0;
    std::uint64_t key_ = 0;
    RoundKeys round_keys_{};  // all 0 after reset, which is no key's expansion
    Uint128 loss_ = 0;
    std::array<std::int8_t, kTableEntries> table_{};
};

}  // namespace wagesim::chip
