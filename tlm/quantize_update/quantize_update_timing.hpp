// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit's cycles, as docs/modules/quantize_update.md gives them: functions of configuration and counts alone. The
// RTL has no copy of this; lockstep compares its clock against these.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "ref/quantize_update/registers.hpp"

namespace wagesim::chip {

struct QuantizeUpdateTiming {
    int lanes = 16;

    static constexpr CycleCount kWrite = 1;
    static constexpr CycleCount kSetExponent = 2;
    static constexpr CycleCount kExpandKey = 23;  ///< the write and 22 round keys
    static constexpr CycleCount kTableLookup = 2;
    static constexpr CycleCount kQuantize = 4;
    static constexpr CycleCount kMaximum = 2;  ///< plus the tree over the lanes, two levels a cycle
    static constexpr CycleCount kUpdate = 13;  ///< 8 of them fill the cipher's pipeline
    static constexpr CycleCount kOutputError = 6;

    [[nodiscard]] static constexpr CycleCount write_register(std::uint32_t address, std::uint32_t value) noexcept
    {
        if (address == static_cast<std::uint32_t>(QuantizeUpdateRegister::key_1)) return kExpandKey;
        const bool sets_exponent = address == static_cast<std::uint32_t>(QuantizeUpdateRegister::control) &&
                                   (value & kControlSetExponent) != 0;
        return sets_exponent ? kSetExponent : kWrite;
    }

    [[nodiscard]] constexpr CycleCount run(QuantizeUpdateMode mode, std::size_t count) const noexcept
    {
        if (count == 0) return 0;
        const auto width = static_cast<std::size_t>(lanes);
        const CycleCount beats = count / width + (count % width != 0 ? 1 : 0);
        switch (mode) {
            case QuantizeUpdateMode::input: return beats + kTableLookup;
            case QuantizeUpdateMode::activation:
            case QuantizeUpdateMode::error:
            case QuantizeUpdateMode::requantize: return beats + kQuantize;
            case QuantizeUpdateMode::abs_max:
            case QuantizeUpdateMode::gradient_abs_max: return beats + kMaximum + maximum_tree();
            case QuantizeUpdateMode::update: return beats + kUpdate;
            case QuantizeUpdateMode::output_error: return count + kOutputError;
        }
        return 0;
    }

    /// ceil(log2(lanes) / 2).
    [[nodiscard]] constexpr CycleCount maximum_tree() const noexcept
    {
        CycleCount levels = 0;
        while ((1 << levels) < lanes) ++levels;
        return (levels + 1) / 2;
    }
};

}  // namespace wagesim::chip
