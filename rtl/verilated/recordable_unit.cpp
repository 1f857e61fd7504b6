// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Units whose model can record waves, for the lane counts of this build: models of a second set, made with tracing.
#include <stdexcept>
#include <string>
#include <utility>

#include <verilated_models.hpp>
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "rtl/verilated/wave_unit.hpp"

namespace wagesim::rtl {
namespace {

template <int... Counts>
std::unique_ptr<RecordableUnit> made_with_tracing(int lanes, std::integer_sequence<int, Counts...>)
{
    std::unique_ptr<RecordableUnit> unit;
    (void)((lanes == Counts && (unit = std::make_unique<WaveUnit<typename TracedModel<Counts>::type, Counts>>())) ||
           ...);
    return unit;
}

}  // namespace

std::unique_ptr<RecordableUnit> make_recordable_unit(int lanes)
{
    auto unit = made_with_tracing(lanes, VerilatedLaneCounts{});
    if (!unit)
        throw std::invalid_argument("quantize/update unit: no Verilated model of " + std::to_string(lanes) +
                                    " lanes in this build that records waves");
    return unit;
}

}  // namespace wagesim::rtl
