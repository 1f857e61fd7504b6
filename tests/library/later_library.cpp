// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A unit of other latencies: every burst takes three cycles more. Its results are right.
#include WAGESIM_TEST_MODEL_HEADER

#include "rtl/library/verilated_library.hpp"

namespace {

const wagesim_rtl_table* original()
{
    return wagesim::rtl::VerilatedLibrary<WAGESIM_TEST_MODEL, WAGESIM_TEST_MODEL_LANES>::table("later");
}

wagesim_rtl_status run_later(wagesim_rtl_unit* unit, const wagesim_rtl_burst* burst, std::uint64_t* cycles)
{
    const wagesim_rtl_status status = original()->run(unit, burst, cycles);
    *cycles += 3;
    return status;
}

}  // namespace

extern "C" const wagesim_rtl_table* wagesim_rtl_library(void)
{
    static wagesim_rtl_table table = *original();
    table.run = run_later;
    return &table;
}
