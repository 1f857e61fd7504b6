// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A trace as the JSON of Chrome's trace events, which ui.perfetto.dev opens (docs/trace.md).
#pragma once

#include <string>
#include <vector>

#include "platforms/inspect/trace_recorder.hpp"

namespace wagesim::inspect {

/// What a trace's numbers mean.
struct TraceNames {
    std::string run, chip, version, config_hash;
    std::vector<std::string> units;  ///< by UnitId
    double clock_ghz = 1.0;
    bool has_energy = false;               ///< without a technology there are no joules
    chip::Attojoules leakage_a_cycle = 0;  ///< of the whole chip
};

[[nodiscard]] std::string trace_json(const TraceRecorder& trace, const TraceNames& names);

}  // namespace wagesim::inspect
