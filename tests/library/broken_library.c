/* SPDX-FileCopyrightText: The wagesim authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Libraries for --rtl-library that go wrong, one fault each, in plain C99: FAULT_<name> says which. Otherwise a unit
 * that keeps registers and computes nothing.
 */
#include "rtl/library/rtl_library.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct wagesim_rtl_unit {
    uint32_t lanes;
    uint32_t registers[0x500 / 4];
};

static const char* error_text = "";

static wagesim_rtl_status fail(const char* text)
{
    error_text = text;
    return WAGESIM_RTL_FAILED;
}

static wagesim_rtl_status reset(wagesim_rtl_unit* unit)
{
    memset(unit->registers, 0, sizeof unit->registers);
    return WAGESIM_RTL_OK;
}

static wagesim_rtl_status create(uint32_t lanes, wagesim_rtl_unit** unit)
{
#if defined(FAULT_refuses)
    (void)fail("8192 lanes\nor none");
    (void)lanes;
    (void)unit;
    return WAGESIM_RTL_REFUSED;
#elif defined(FAULT_create_fails)
    (void)lanes;
    (void)unit;
    return fail("no licence");
#elif defined(FAULT_no_unit)
    (void)fail("not heard");
    (void)lanes;
    (void)unit;
    return WAGESIM_RTL_OK;
#else
    *unit = (wagesim_rtl_unit*)malloc(sizeof **unit);
    if (*unit == NULL) return fail("out of memory");
    (*unit)->lanes = lanes;
    return reset(*unit);
#endif
}

static void destroy(wagesim_rtl_unit* unit)
{
    free(unit);
}

static uint32_t lanes_of(const wagesim_rtl_unit* unit)
{
#if defined(FAULT_other_lanes)
    return unit->lanes + 1;
#else
    return unit->lanes;
#endif
}

static wagesim_rtl_status write_register(wagesim_rtl_unit* unit, uint32_t address, uint32_t value, uint64_t* cycles)
{
#if defined(FAULT_write_fails)
    (void)unit;
    (void)address;
    (void)value;
    (void)cycles;
    return fail("the register port is on fire");
#else
    unit->registers[address / 4] = value;
    *cycles = 1;
    return WAGESIM_RTL_OK;
#endif
}

static wagesim_rtl_status read_register(wagesim_rtl_unit* unit, uint32_t address, uint32_t* value)
{
#if defined(FAULT_read_fails)
    (void)unit;
    (void)address;
    (void)value;
    return fail("");
#else
    *value = unit->registers[address / 4];
    return WAGESIM_RTL_OK;
#endif
}

static wagesim_rtl_status run(wagesim_rtl_unit* unit, const wagesim_rtl_burst* burst, uint64_t* cycles)
{
    (void)unit;
    (void)burst;
#if defined(FAULT_run_fails)
    (void)cycles;
    return fail("cycle 7:\nan assertion");
#else
    *cycles = burst->count;
    return WAGESIM_RTL_OK;
#endif
}

static const char* last_error(const wagesim_rtl_unit* unit)
{
    (void)unit;
    return error_text;
}

#if defined(FAULT_no_symbol)
WAGESIM_RTL_EXPORT const wagesim_rtl_table* another_name(void);
#define wagesim_rtl_library another_name
#endif

const wagesim_rtl_table* wagesim_rtl_library(void)
{
    static wagesim_rtl_table table;
    table.abi_version = WAGESIM_RTL_ABI_VERSION;
    table.size = sizeof table;
    table.name = "broken";
    table.create = create;
    table.destroy = destroy;
    table.lanes = lanes_of;
    table.reset = reset;
    table.write_register = write_register;
    table.read_register = read_register;
    table.run = run;
    table.last_error = last_error;
#if defined(FAULT_other_version)
    table.abi_version = WAGESIM_RTL_ABI_VERSION + 1;
#elif defined(FAULT_short_table)
    table.size = offsetof(wagesim_rtl_table, run);
#elif defined(FAULT_no_run)
    table.run = NULL;
#elif defined(FAULT_no_table)
    return NULL;
#endif
    return &table;
}
