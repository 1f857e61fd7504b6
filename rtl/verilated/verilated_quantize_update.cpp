// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one file that sees Verilated headers: makes units and pins for the lane counts of this build.
#include "rtl/verilated/verilated_quantize_update.hpp"

#include <stdexcept>
#include <string>

#include <verilated_models.hpp>
#include "rtl/verilated/quantize_update_pins.hpp"
#include "rtl/verilated/verilated_pins.hpp"
#include "rtl/verilated/verilated_unit.hpp"

// Verilator's handlers of $error and $fatal. Its own end the process.
void vl_stop(const char* filename, int linenum, const char* /*hierarchy*/)
{
    throw std::logic_error(std::string(filename) + ":" + std::to_string(linenum) + ": an assertion failed");
}

void vl_fatal(const char* filename, int linenum, const char* /*hierarchy*/, const char* message)
{
    throw std::logic_error(std::string(filename) + ":" + std::to_string(linenum) + ": " + message);
}

namespace wagesim::rtl {
namespace {

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
#define WAGESIM_LANE_COUNT(lanes) lanes,
    return {WAGESIM_VERILATED_LANES(WAGESIM_LANE_COUNT)};
#undef WAGESIM_LANE_COUNT
}

#define WAGESIM_MAKE_UNIT(count) \
    case count: return std::make_unique<VerilatedQuantizeUpdate<Vquantize_update_##count, count>>();
std::unique_ptr<QuantizeUpdateUnit> make_verilated_unit(int lanes)
{
    switch (lanes) {
        WAGESIM_VERILATED_LANES(WAGESIM_MAKE_UNIT)
        default: refuse(lanes);
    }
}
#undef WAGESIM_MAKE_UNIT

#define WAGESIM_MAKE_PINS(count) \
    case count: return std::make_unique<VerilatedPins<Vquantize_update_##count, count>>(seed);
std::unique_ptr<QuantizeUpdatePins> make_verilated_pins(int lanes, int seed)
{
    switch (lanes) {
        WAGESIM_VERILATED_LANES(WAGESIM_MAKE_PINS)
        default: refuse(lanes);
    }
}
#undef WAGESIM_MAKE_PINS

}  // namespace wagesim::rtl
