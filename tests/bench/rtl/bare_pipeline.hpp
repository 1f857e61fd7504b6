// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The bare Verilator pipelines that the unit is measured against: bare_*.sv, Verilated and compiled as the unit is,
// their ports packed and unpacked with the unit's own functions from the same element types, one beat a clock. No
// handshake, no modes, no assertions.
#pragma once

#include <cstdint>
#include <memory>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::bench {

enum class BareKind { pipeline, look_up, quantize, maximum, update, output_error };

[[nodiscard]] constexpr const char* name_of(BareKind kind) noexcept
{
    constexpr const char* kNames[] = {"pipeline", "look_up", "quantize", "maximum", "update", "output_error"};
    return kNames[static_cast<int>(kind)];
}

/// The pipeline that does a mode's arithmetic and nothing else.
[[nodiscard]] constexpr BareKind bare_kind(QuantizeUpdateMode mode) noexcept
{
    switch (mode) {
        case QuantizeUpdateMode::input: return BareKind::look_up;
        case QuantizeUpdateMode::abs_max:
        case QuantizeUpdateMode::gradient_abs_max: return BareKind::maximum;
        case QuantizeUpdateMode::output_error: return BareKind::output_error;
        case QuantizeUpdateMode::update: return BareKind::update;
        case QuantizeUpdateMode::activation:
        case QuantizeUpdateMode::error:
        case QuantizeUpdateMode::requantize: break;
    }
    return BareKind::quantize;
}

/// Set up as configure() sets up the unit.
class BarePipeline {
public:
    virtual ~BarePipeline() = default;
    BarePipeline() = default;
    BarePipeline(const BarePipeline&) = delete;
    BarePipeline& operator=(const BarePipeline&) = delete;

    /// Elements are taken, and results given, as the unit's bursts have them: bytes to int8 (look_up), int64 to int8
    /// (pipeline, quantize), to nothing (maximum), to int16 (update), to int64 (output_error, with labels for segments
    /// of kSegment). The count is a multiple of the lanes; output_error has one lane.
    virtual void run(const Burst& burst) = 0;
    /// Of pipeline, maximum and output_error: the largest magnitude so far.
    [[nodiscard]] virtual std::uint64_t maximum() const { return 0; }
};

[[nodiscard]] std::unique_ptr<BarePipeline> make_bare_pipeline(BareKind kind, int lanes);

}  // namespace wagesim::bench
