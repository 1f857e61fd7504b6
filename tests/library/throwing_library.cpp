// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A library that breaks the rule that no exception leaves a function.
#include <new>
#include <stdexcept>

#include "rtl/library/rtl_library.h"

struct wagesim_rtl_unit {
    std::uint32_t lanes;
};

extern "C" const wagesim_rtl_table* wagesim_rtl_library(void)
{
    static wagesim_rtl_table table = {};
    table.abi_version = WAGESIM_RTL_ABI_VERSION;
    table.size = sizeof table;
    table.create = [](std::uint32_t lanes, wagesim_rtl_unit** unit) {
        *unit = new wagesim_rtl_unit{lanes};
        return WAGESIM_RTL_OK;
    };
    table.destroy = [](wagesim_rtl_unit* unit) { delete unit; };
    table.lanes = [](const wagesim_rtl_unit* unit) { return unit->lanes; };
    table.reset = [](wagesim_rtl_unit*) { return WAGESIM_RTL_OK; };
    table.write_register = [](wagesim_rtl_unit*, std::uint32_t, std::uint32_t, std::uint64_t*) -> wagesim_rtl_status {
        throw std::runtime_error("thrown in anger");
    };
    table.read_register = [](wagesim_rtl_unit*, std::uint32_t, std::uint32_t*) { return WAGESIM_RTL_OK; };
    table.run = [](wagesim_rtl_unit*, const wagesim_rtl_burst*, std::uint64_t*) { return WAGESIM_RTL_OK; };
    table.last_error = [](const wagesim_rtl_unit*) { return ""; };
    return &table;
}
