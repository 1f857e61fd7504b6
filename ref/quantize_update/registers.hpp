// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Register map and modes of the quantize/update unit (docs/modules/quantize_update.md is the table). The TLM twin and
// the RTL bridge both answer to these addresses; the RTL itself has its own copy in SystemVerilog.
#pragma once

#include <cstdint>

namespace wagesim {

/// What the unit does with a stream. The numbers are the values of the MODE register.
enum class QuantizeUpdateMode : std::uint32_t {
    input = 0,             ///< byte -> activation code through the 256-entry table
    activation = 1,        ///< accumulator -> code, active and unclipped flags (Eq. 8)
    abs_max = 2,           ///< error -> running maximum, values without the unclipped flag count as 0 (Eq. 9)
    error = 3,             ///< error -> error code with EXPONENT (Eq. 9)
    output_error = 4,      ///< accumulator, label -> error, loss, arg max, running maximum (Section 3.4)
    gradient_abs_max = 5,  ///< gradient -> running maximum (Eq. 10)
    update = 6,            ///< gradient -> weight step with EXPONENT, ETA, KEY, INDEX (Eq. 10, 11)
    requantize = 7,        ///< stored weight, weight step -> next stored weight, weight code (Eq. 12, 6)
};

/// Byte addresses of the 32-bit registers.
enum class QuantizeUpdateRegister : std::uint32_t {
    lanes = 0x00,        ///< RO: number of lanes
    mode = 0x04,         ///< RW: QuantizeUpdateMode
    widths = 0x08,       ///< RW: kW [7:0], kA [15:8], kG [23:16], kE [31:24]
    attenuation = 0x0C,  ///< RW: sA, 0..24
    gamma = 0x10,        ///< RW: log2 gamma, 0..8
    eta = 0x14,          ///< RW: h, signed, -16..8
    weight_clip = 0x18,  ///< RW: 0 kg, 1 kw
    exponent = 0x1C,     ///< RW: signed; exponent(MAX) after CONTROL.exponent, -1 where MAX is 0
    max_low = 0x20,      ///< RW: running maximum, bits 31:0
    max_high = 0x24,     ///< RW: running maximum, bits 47:32
    control = 0x28,      ///< WO: bit 0 clears MAX, bit 1 sets EXPONENT from MAX, bit 2 clears LOSS
    index_low = 0x2C,    ///< RW: index of the burst's first weight, bits 31:0; even
    index_high = 0x30,   ///< RW: the same, bit 32
    key_0 = 0x34,        ///< RW: cipher key bits 31:0
    key_1 = 0x38,        ///< RW: cipher key bits 63:32; writing it expands the key schedule
    loss_0 = 0x40,       ///< RW: sum of squared errors, bits 31:0
    loss_1 = 0x44,
    loss_2 = 0x48,
    loss_3 = 0x4C,  ///< RW: bits 127:96
    table = 0x400,  ///< RW: 64 words, four input-table codes each, lowest byte first
};

/// Bits of the CONTROL register.
enum QuantizeUpdateControl : std::uint32_t {
    kControlClearMax = 1U,
    kControlSetExponent = 2U,
    kControlClearLoss = 4U,
};

/// Bits of a flags byte, as activation writes it and abs_max and error read it.
enum QuantizeUpdateFlag : std::uint8_t { kFlagActive = 1U, kFlagUnclipped = 2U };

/// Operand width of every lane. A larger proven bound is refused when the chip is configured.
inline constexpr int kQuantizeUpdateOperandBits = 48;

}  // namespace wagesim
