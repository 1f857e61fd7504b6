// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one file that sees Verilated headers: makes units and pins for the lane counts of this build.
#include "rtl/verilated/verilated_quantize_update.hpp"

#include <stdexcept>
#include <string>

#include <verilated_models.hpp>
#include "rtl/verilated/assertion_handlers.hpp"
#include "rtl/verilated/quantize_update_pins.hpp"
#include "rtl/verilated/verilated_pins.hpp"
#include "rtl/verilated/verilated_unit.hpp"
#include "rtl/verilated/wave_unit.hpp"

namespace wagesim::rtl {
namespace {

template <int... Counts>
std::vector<int> listed(std::integer_sequence<int, Counts...>)
{
    return {Counts...};
}

/// `Model` only says which: waves need the one of as many lanes that was Verilated with tracing.
template <class Model, int Lanes>
class TracedUnit final : public WaveUnit<typename TracedModel<Lanes>::type, Lanes> {
};

/// Base made as Wrapper<model, lanes> for the one of Counts that is `lanes`; nothing where none is.
template <class Base, template <class, int> class Wrapper, int... Counts, class... Arguments>
std::unique_ptr<Base> made(int lanes, std::integer_sequence<int, Counts...>, Arguments... arguments)
{
    std::unique_ptr<Base> base;
    (void)((lanes == Counts &&
            (base = std::make_unique<Wrapper<typename VerilatedModel<Counts>::type, Counts>>(arguments...))) ||
           ...);
    return base;
}

[[noreturn]] void refuse(int lanes)
{
    std::string built;
    for (const int there : verilated_lane_counts()) built += (built.empty() ? "" : ", ") + std::to_string(there);
    throw std::invalid_argument("quantize/update unit: no Verilated model of " + std::to_string(lanes) +
                                " lanes in this build; there are " + built);
}

}  // namespace

std::vector<int> verilated_lane_counts()
{
    return listed(VerilatedLaneCounts{});
}

std::unique_ptr<QuantizeUpdateUnit> make_verilated_unit(int lanes)
{
    auto unit = made<QuantizeUpdateUnit, VerilatedQuantizeUpdate>(lanes, VerilatedLaneCounts{});
    if (!unit) refuse(lanes);
    return unit;
}

std::unique_ptr<RecordableUnit> make_recordable_unit(int lanes)
{
    auto unit = made<RecordableUnit, TracedUnit>(lanes, VerilatedLaneCounts{});
    if (!unit) refuse(lanes);
    return unit;
}

std::unique_ptr<QuantizeUpdatePins> make_verilated_pins(int lanes, int seed)
{
    auto pins = made<QuantizeUpdatePins, VerilatedPins>(lanes, VerilatedLaneCounts{}, seed);
    if (!pins) refuse(lanes);
    return pins;
}

}  // namespace wagesim::rtl
