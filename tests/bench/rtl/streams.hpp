// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Random streams for every mode of the quantize/update unit, and bursts over them: what the benches of the RTL drive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::bench {

struct NamedMode {
    const char* name;
    QuantizeUpdateMode mode;
};
inline constexpr NamedMode kModes[] = {{"input", QuantizeUpdateMode::input},
                                       {"activation", QuantizeUpdateMode::activation},
                                       {"abs_max", QuantizeUpdateMode::abs_max},
                                       {"error", QuantizeUpdateMode::error},
                                       {"output_error", QuantizeUpdateMode::output_error},
                                       {"gradient_abs_max", QuantizeUpdateMode::gradient_abs_max},
                                       {"update", QuantizeUpdateMode::update},
                                       {"requantize", QuantizeUpdateMode::requantize}};

/// Segments of output_error: samples of that many classes.
inline constexpr std::size_t kSegment = 16;

/// `count` elements of each stream; a multiple of kSegment.
struct Streams {
    std::size_t count;
    std::vector<std::int64_t> operands = std::vector<std::int64_t>(count);
    std::vector<std::uint8_t> flags = std::vector<std::uint8_t>(count);
    std::vector<std::int16_t> stored = std::vector<std::int16_t>(count);
    std::vector<std::int16_t> steps = std::vector<std::int16_t>(count);
    std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(count / kSegment);
    std::vector<std::int64_t> wide_results = std::vector<std::int64_t>(count);
    std::vector<std::int16_t> results = std::vector<std::int16_t>(count);
    std::vector<std::int8_t> codes = std::vector<std::int8_t>(count);
    std::vector<std::uint8_t> side = std::vector<std::uint8_t>(count);

    explicit Streams(std::size_t elements) : count(elements)
    {
        std::mt19937_64 random{1};
        for (auto& operand : operands) operand = static_cast<std::int64_t>(random()) >> 44U;  // errors of 20 bits
        for (auto& flag : flags) flag = static_cast<std::uint8_t>(random() & 3U);
        for (auto& value : stored) value = static_cast<std::int16_t>(static_cast<std::int16_t>(random()) >> 9);
        for (auto& step : steps) step = static_cast<std::int16_t>(static_cast<std::int16_t>(random()) >> 14);
        for (auto& label : labels) label = static_cast<std::uint16_t>(random() % 10);
    }

    [[nodiscard]] Burst burst(QuantizeUpdateMode mode)
    {
        Burst burst{count, 0, {operands.data(), ElementType::int64}, {}, {}, {}};
        switch (mode) {
            case QuantizeUpdateMode::input:
                burst.operand = {flags.data(), ElementType::uint8};
                burst.result = {codes.data(), ElementType::int8};
                break;
            case QuantizeUpdateMode::activation:
                burst.result = {codes.data(), ElementType::int8};
                burst.auxiliary_result = {side.data(), ElementType::uint8};
                break;
            case QuantizeUpdateMode::abs_max: burst.auxiliary = {flags.data(), ElementType::uint8}; break;
            case QuantizeUpdateMode::error:
                burst.auxiliary = {flags.data(), ElementType::uint8};
                burst.result = {codes.data(), ElementType::int8};
                break;
            case QuantizeUpdateMode::output_error:
                burst.segment = kSegment;
                burst.auxiliary = {labels.data(), ElementType::uint16};
                burst.result = {wide_results.data(), ElementType::int64};
                burst.auxiliary_result = {results.data(), ElementType::uint16};
                break;
            case QuantizeUpdateMode::gradient_abs_max: break;
            case QuantizeUpdateMode::update: burst.result = {results.data(), ElementType::int16}; break;
            case QuantizeUpdateMode::requantize:
                burst.operand = {stored.data(), ElementType::int16};
                burst.auxiliary = {steps.data(), ElementType::int16};
                burst.result = {results.data(), ElementType::int16};
                burst.auxiliary_result = {codes.data(), ElementType::int8};
                break;
        }
        return burst;
    }
};

/// Cipher key of the benches.
inline constexpr std::uint64_t kKey = 0x1918'1110'0908'0100U;
/// Exponent of the benches' maximum.
inline constexpr int kExponent = 19;

/// Registers for bursts over Streams: codes of 8 bits out of operands of 20.
inline void configure(QuantizeUpdateUnit& unit, QuantizeUpdateMode mode)
{
    const auto write = [&](QuantizeUpdateRegister address, std::uint32_t value) {
        unit.write_register(static_cast<std::uint32_t>(address), value);
    };
    write(QuantizeUpdateRegister::mode, static_cast<std::uint32_t>(mode));
    write(QuantizeUpdateRegister::attenuation, 6);
    write(QuantizeUpdateRegister::exponent, kExponent);
    write(QuantizeUpdateRegister::key_0, static_cast<std::uint32_t>(kKey));
    write(QuantizeUpdateRegister::key_1, static_cast<std::uint32_t>(kKey >> 32U));
}

}  // namespace wagesim::bench
