// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The register table of docs/modules/quantize_update.md, line by line.
#include "tlm/quantize_update/quantize_update_registers.hpp"

#include <stdexcept>
#include <string>

#include "ref/numerics/integer.hpp"

namespace wagesim::chip {
namespace {

using Register = QuantizeUpdateRegister;

constexpr std::uint32_t kTableBase = static_cast<std::uint32_t>(Register::table);

[[nodiscard]] bool in_table(std::uint32_t address) noexcept
{
    return address >= kTableBase && address < kTableBase + QuantizeUpdateRegisters::kTableEntries;
}

[[noreturn]] void refuse(std::uint32_t address)
{
    throw std::out_of_range("quantize/update unit: no register at address " + std::to_string(address));
}

/// The low `bits` of `value` as a two's complement number.
[[nodiscard]] constexpr int sign_extended(std::uint32_t value, unsigned bits) noexcept
{
    const std::uint32_t sign = 1U << (bits - 1U);
    const std::uint32_t field = value & ((1U << bits) - 1U);
    return static_cast<int>(field ^ sign) - static_cast<int>(sign);
}

[[nodiscard]] constexpr std::uint64_t with_low(std::uint64_t word, std::uint32_t value) noexcept
{
    return (word & ~std::uint64_t{0xFFFFFFFFU}) | value;
}

[[nodiscard]] constexpr std::uint64_t with_high(std::uint64_t word, std::uint32_t value) noexcept
{
    return (word & 0xFFFFFFFFU) | (static_cast<std::uint64_t>(value) << 32U);
}

[[nodiscard]] constexpr unsigned loss_shift(Register loss_word) noexcept
{
    return 8U * (static_cast<std::uint32_t>(loss_word) - static_cast<std::uint32_t>(Register::loss_0));
}

}  // namespace

void QuantizeUpdateRegisters::write(std::uint32_t address, std::uint32_t value)
{
    if (address % 4 != 0) refuse(address);
    if (in_table(address)) return write_table(address, value);
    const auto which = static_cast<Register>(address);
    switch (which) {
        case Register::lanes: return;
        case Register::mode: mode_ = static_cast<QuantizeUpdateMode>(value & 7U); return;
        case Register::widths:
            widths_ = {static_cast<int>(value & 0xFFU), static_cast<int>((value >> 8U) & 0xFFU),
                       static_cast<int>((value >> 16U) & 0xFFU), static_cast<int>(value >> 24U)};
            return;
        case Register::attenuation: attenuation_ = static_cast<int>(value & 0x1FU); return;
        case Register::gamma: log2_gamma_ = static_cast<int>(value & 0xFU); return;
        case Register::eta: eta_exponent_ = sign_extended(value, 6); return;
        case Register::weight_clip: weight_clip_ = (value & 1U) != 0 ? WeightClip::kw : WeightClip::kg; return;
        case Register::exponent: exponent_ = sign_extended(value, 8); return;
        case Register::max_low: maximum_ = with_low(maximum_, value); return;
        case Register::max_high: maximum_ = with_high(maximum_, value & 0xFFFFU); return;
        case Register::control: return control(value);
        case Register::index_low: index_ = with_low(index_, value & ~1U); return;
        case Register::index_high: index_ = with_high(index_, value & 1U); return;
        case Register::key_0: key_ = with_low(key_, value); return;
        case Register::key_1:
            key_ = with_high(key_, value);
            round_keys_ = numerics::Speck32(key_).round_keys();
            return;
        case Register::loss_0:
        case Register::loss_1:
        case Register::loss_2:
        case Register::loss_3: {
            const unsigned shift = loss_shift(which);
            loss_ = (loss_ & ~(Uint128{0xFFFFFFFFU} << shift)) | (Uint128{value} << shift);
            return;
        }
        case Register::table: break;  // answered above
    }
    refuse(address);
}

std::uint32_t QuantizeUpdateRegisters::read(std::uint32_t address) const
{
    if (address % 4 != 0) refuse(address);
    if (in_table(address)) return read_table(address);
    const auto which = static_cast<Register>(address);
    switch (which) {
        case Register::lanes: return static_cast<std::uint32_t>(lanes_);
        case Register::mode: return static_cast<std::uint32_t>(mode_);
        case Register::widths:
            return static_cast<std::uint32_t>(widths_.w) | (static_cast<std::uint32_t>(widths_.a) << 8U) |
                   (static_cast<std::uint32_t>(widths_.g) << 16U) | (static_cast<std::uint32_t>(widths_.e) << 24U);
        case Register::attenuation: return static_cast<std::uint32_t>(attenuation_);
        case Register::gamma: return static_cast<std::uint32_t>(log2_gamma_);
        case Register::eta: return static_cast<std::uint32_t>(eta_exponent_);
        case Register::weight_clip: return weight_clip_ == WeightClip::kw ? 1U : 0U;
        case Register::exponent: return static_cast<std::uint32_t>(exponent_);
        case Register::max_low: return static_cast<std::uint32_t>(maximum_);
        case Register::max_high: return static_cast<std::uint32_t>(maximum_ >> 32U);
        case Register::control: return 0;
        case Register::index_low: return static_cast<std::uint32_t>(index_);
        case Register::index_high: return static_cast<std::uint32_t>(index_ >> 32U);
        case Register::key_0: return static_cast<std::uint32_t>(key_);
        case Register::key_1: return static_cast<std::uint32_t>(key_ >> 32U);
        case Register::loss_0:
        case Register::loss_1:
        case Register::loss_2:
        case Register::loss_3: return static_cast<std::uint32_t>(loss_ >> loss_shift(which));
        case Register::table: break;  // answered above
    }
    refuse(address);
}

void QuantizeUpdateRegisters::control(std::uint32_t value)
{
    // The exponent first: with both bits set it is that of the maximum before it is cleared.
    if ((value & kControlSetExponent) != 0) exponent_ = maximum_ == 0 ? -1 : numerics::exponent(maximum_);
    if ((value & kControlClearMax) != 0) maximum_ = 0;
    if ((value & kControlClearLoss) != 0) loss_ = 0;
}

void QuantizeUpdateRegisters::write_table(std::uint32_t address, std::uint32_t value)
{
    for (std::uint32_t byte = 0; byte < 4; ++byte) {
        table_[address - kTableBase + byte] = static_cast<std::int8_t>((value >> (8U * byte)) & 0xFFU);
    }
}

std::uint32_t QuantizeUpdateRegisters::read_table(std::uint32_t address) const
{
    std::uint32_t value = 0;
    for (std::uint32_t byte = 0; byte < 4; ++byte) {
        value |= std::uint32_t{static_cast<std::uint8_t>(table_[address - kTableBase + byte])} << (8U * byte);
    }
    return value;
}

}  // namespace wagesim::chip
