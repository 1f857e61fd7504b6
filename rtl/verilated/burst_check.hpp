// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the interface refuses before anything reaches the pins: addresses without a register, streams that a mode does
// not take. The table is that of ref/quantize_update/quantize_update_unit.hpp: one row a mode; an empty set of types
// means that the stream must be absent. Header-only, for libraries of users' own RTL (rtl/library).
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::rtl {
namespace burst_rules {

using Types = std::vector<ElementType>;

struct StreamRule {
    const char* name;
    Types types;
    bool optional = false;
};

struct ModeRule {
    const char* mode;
    StreamRule operand, auxiliary, result, auxiliary_result;
};

inline ModeRule rule_of(QuantizeUpdateMode mode)
{
    using E = ElementType;
    const Types wide{E::int32, E::int64};
    const auto operand = [](Types types) { return StreamRule{"operand", std::move(types)}; };
    const auto auxiliary = [](Types types, bool optional = false) {
        return StreamRule{"auxiliary", std::move(types), optional};
    };
    const auto result = [](Types types) { return StreamRule{"result", std::move(types)}; };
    const auto auxiliary_result = [](Types types) { return StreamRule{"auxiliary_result", std::move(types)}; };
    switch (mode) {
        case QuantizeUpdateMode::input:
            return {"input", operand({E::uint8}), auxiliary({}), result({E::int8}), auxiliary_result({})};
        case QuantizeUpdateMode::activation:
            return {"activation", operand(wide), auxiliary({}), result({E::int8}), auxiliary_result({E::uint8})};
        case QuantizeUpdateMode::abs_max:
            return {"abs_max", operand(wide), auxiliary({E::uint8}, true), result({}), auxiliary_result({})};
        case QuantizeUpdateMode::error:
            return {"error", operand(wide), auxiliary({E::uint8}, true), result({E::int8, E::int16}),
                    auxiliary_result({})};
        case QuantizeUpdateMode::output_error:
            return {"output_error", operand(wide), auxiliary({E::uint16}), result(wide), auxiliary_result({E::uint16})};
        case QuantizeUpdateMode::gradient_abs_max:
            return {"gradient_abs_max", operand(wide), auxiliary({}), result({}), auxiliary_result({})};
        case QuantizeUpdateMode::update:
            return {"update", operand(wide), auxiliary({}), result({E::int16}), auxiliary_result({})};
        case QuantizeUpdateMode::requantize: break;
    }
    return {"requantize", operand({E::int16}), auxiliary({E::int16}, true), result({E::int16}),
            auxiliary_result({E::int8})};
}

inline void check_stream(const char* mode, const StreamRule& rule, const void* data, ElementType type)
{
    const auto fail = [&](const char* what) {
        throw std::invalid_argument(std::string("quantize/update unit, mode ") + mode + ": " + rule.name + " " + what);
    };
    if (data == nullptr) {
        if (!rule.types.empty() && !rule.optional) fail("is missing");
        return;
    }
    if (rule.types.empty()) fail("is not taken");
    if (std::find(rule.types.begin(), rule.types.end(), type) == rule.types.end()) fail("has a type that is not taken");
}

}  // namespace burst_rules

/// Throws std::out_of_range for an address without a register.
inline void check_register_address(std::uint32_t address)
{
    constexpr auto kLastPlain = static_cast<std::uint32_t>(QuantizeUpdateRegister::loss_3);
    constexpr auto kKeyHigh = static_cast<std::uint32_t>(QuantizeUpdateRegister::key_1);
    constexpr auto kLossLow = static_cast<std::uint32_t>(QuantizeUpdateRegister::loss_0);
    constexpr auto kTable = static_cast<std::uint32_t>(QuantizeUpdateRegister::table);
    const bool plain = address <= kKeyHigh || (address >= kLossLow && address <= kLastPlain);
    const bool table = address >= kTable && address < kTable + 256;
    if (address % 4 != 0 || !(plain || table))
        throw std::out_of_range("quantize/update unit: no register at address " + std::to_string(address));
}

/// Throws std::invalid_argument for streams that the mode does not take.
inline void check_burst(QuantizeUpdateMode mode, const Burst& burst)
{
    if (burst.count == 0) return;
    using burst_rules::check_stream;
    const burst_rules::ModeRule rule = burst_rules::rule_of(mode);
    check_stream(rule.mode, rule.operand, burst.operand.data, burst.operand.type);
    check_stream(rule.mode, rule.auxiliary, burst.auxiliary.data, burst.auxiliary.type);
    check_stream(rule.mode, rule.result, burst.result.data, burst.result.type);
    check_stream(rule.mode, rule.auxiliary_result, burst.auxiliary_result.data, burst.auxiliary_result.type);
    if (mode != QuantizeUpdateMode::output_error) return;
    if (burst.segment == 0 || burst.segment > 65536 || burst.count % burst.segment != 0)
        throw std::invalid_argument("quantize/update unit, mode output_error: count " + std::to_string(burst.count) +
                                    " is not a multiple of segment " + std::to_string(burst.segment) +
                                    ", or that is not in 1..65536");
}

}  // namespace wagesim::rtl
