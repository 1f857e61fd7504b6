// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How a unit comes to its cycles and its energy, as text: formulas, this run's numbers in them, and beside each sum
// what the chip counted.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "platforms/inspect/step_explainer.hpp"
#include "tlm/chip/chip_statistics.hpp"
#include "tlm/energy/energy.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::inspect {

/// What can be explained.
inline constexpr std::array<std::string_view, 7> kExplainable = {
    "partitions", "gradient", "quantize_update", "buffer", "dram", "interconnect", "sequencer"};

/// What turns counts into joules.
struct Costs {
    double clock_ghz = 1.0;
    std::optional<chip::Technology> technology;
    chip::Inventory inventory{};
};

/// `unit` is one of kExplainable; `explainer` is complete; `counted` are the chip's training steps. Lines of at most
/// 100 columns, the last one with its newline.
[[nodiscard]] std::string explanation(std::string_view unit, const StepExplainer& explainer,
                                      const chip::Mapping& mapping, const chip::ChipStatistics& counted,
                                      const Costs& costs);

}  // namespace wagesim::inspect
