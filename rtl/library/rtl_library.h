/* SPDX-FileCopyrightText: The wagesim authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a shared library has to offer so that `wagesim verify --rtl-library FILE.so` can run it as the chip's
 * quantize/update unit. C99, self-contained: no header of wagesim and no library of its is needed. What the unit has to
 * compute is docs/modules/quantize_update.md; rtl/library/verilated_library.hpp implements all of this over a Verilated
 * model. It is an interface of whole bursts: clocks, pins and packing are the library's own business.
 *
 * A library exports one function, wagesim_rtl_library(), which returns a table. The table's first two members never
 * change: `abi_version` says what the others mean, `size` how many there are. A later version of this header may add
 * members at the end without a new number; who reads a table looks at `size` before it looks at them.
 *
 * Functions return a wagesim_rtl_status; where that is not WAGESIM_RTL_OK, last_error() says why, and nothing else has
 * been changed that anybody relies on: the run ends. No exception may leave a function. One unit is called by one
 * thread at a time, on a stack of 16 MiB; units share nothing that could be seen.
 */
#ifndef WAGESIM_RTL_LIBRARY_H
#define WAGESIM_RTL_LIBRARY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WAGESIM_RTL_ABI_VERSION 1u

#if defined(__GNUC__)
#define WAGESIM_RTL_EXPORT __attribute__((visibility("default")))
#else
#define WAGESIM_RTL_EXPORT
#endif

typedef enum wagesim_rtl_status {
    WAGESIM_RTL_OK = 0,
    WAGESIM_RTL_REFUSED = 1, /* create: not these lanes */
    WAGESIM_RTL_FAILED = 2   /* anything else: an assertion, a unit that never becomes idle, a file */
} wagesim_rtl_status;

/* Element types of streams. */
enum {
    WAGESIM_RTL_INT8 = 0,
    WAGESIM_RTL_UINT8 = 1,
    WAGESIM_RTL_INT16 = 2,
    WAGESIM_RTL_UINT16 = 3,
    WAGESIM_RTL_INT32 = 4,
    WAGESIM_RTL_INT64 = 5
};

/* A stream: packed elements, aligned to their type, in the byte order of the machine. Absent where data is NULL. */
typedef struct wagesim_rtl_source {
    const void* data;
    uint32_t type;
    uint32_t reserved; /* 0 */
} wagesim_rtl_source;

typedef struct wagesim_rtl_target {
    void* data;
    uint32_t type;
    uint32_t reserved; /* 0 */
} wagesim_rtl_target;

/* One burst in the mode that register MODE holds. Addresses and streams have been checked before a library sees them:
 *
 * | mode               | operand (count) | auxiliary              | result        | auxiliary_result        |
 * |--------------------|-----------------|------------------------|---------------|-------------------------|
 * | 0 input            | uint8           | -                      | int8          | -                       |
 * | 1 activation       | int32, int64    | -                      | int8          | uint8 flags             |
 * | 2 abs_max          | int32, int64    | uint8 flags or absent  | -             | -                       |
 * | 3 error            | int32, int64    | uint8 flags or absent  | int8, int16   | -                       |
 * | 4 output_error     | int32, int64    | uint16 label a segment | int32, int64  | uint16 class a segment  |
 * | 5 gradient_abs_max | int32, int64    | -                      | -             | -                       |
 * | 6 update           | int32, int64    | -                      | int16         | -                       |
 * | 7 requantize       | int16           | int16 step or absent   | int16         | int8 weight code        |
 *
 * Absent flags mean "all unclipped" (2), an absent step means 0. In output_error a segment is one sample's `segment`
 * elements, 1 to 65536, and `count` is a multiple of it. `result` may be `operand` where both have one type; otherwise
 * streams do not overlap. */
typedef struct wagesim_rtl_burst {
    uint64_t size; /* sizeof(wagesim_rtl_burst) of the caller's header */
    uint64_t count;
    uint64_t segment;
    wagesim_rtl_source operand;
    wagesim_rtl_source auxiliary;
    wagesim_rtl_target result;
    wagesim_rtl_target auxiliary_result;
} wagesim_rtl_burst;

/* A unit; only its library knows what is in it. */
typedef struct wagesim_rtl_unit wagesim_rtl_unit;

typedef struct wagesim_rtl_table {
    uint32_t abi_version; /* WAGESIM_RTL_ABI_VERSION of the header that the library was compiled with */
    uint32_t size;        /* sizeof(wagesim_rtl_table) of that header */

    const char* name; /* in messages and results, "quantize_update of team B, revision 7"; may be NULL */

    /* A unit of that many lanes, reset. WAGESIM_RTL_REFUSED for lanes that the library does not have. */
    wagesim_rtl_status (*create)(uint32_t lanes, wagesim_rtl_unit** unit);
    void (*destroy)(wagesim_rtl_unit* unit);
    uint32_t (*lanes)(const wagesim_rtl_unit* unit);

    /* Every register to its reset value. */
    wagesim_rtl_status (*reset)(wagesim_rtl_unit* unit);
    /* Writes one register and waits until that took effect (a key schedule, an exponent); `cycles` receives the clock
     * cycles that it took. The address is one of the register map. */
    wagesim_rtl_status (*write_register)(wagesim_rtl_unit* unit, uint32_t address, uint32_t value, uint64_t* cycles);
    wagesim_rtl_status (*read_register)(wagesim_rtl_unit* unit, uint32_t address, uint32_t* value);
    /* One burst at full rate; `cycles` receives the clock cycles from the one that offers the first operand until the
     * unit is idle and all results are handed over. A burst of no elements takes 0. */
    wagesim_rtl_status (*run)(wagesim_rtl_unit* unit, const wagesim_rtl_burst* burst, uint64_t* cycles);

    /* One line about the last call that failed: of this unit, or, with NULL, of create in this thread. It stays until
     * the next call. */
    const char* (*last_error)(const wagesim_rtl_unit* unit);

    /* Waves, for --wave. Optional: a library without them has NULL in all four. */

    /* Opens an FST file for this unit's signals; nothing is recorded yet. Rising edges of the clock will be period_fs
     * femtoseconds apart. */
    wagesim_rtl_status (*wave_open)(wagesim_rtl_unit* unit, const char* file, uint64_t period_fs);
    /* From now on signals are recorded (1) or not (0). */
    wagesim_rtl_status (*wave_record)(wagesim_rtl_unit* unit, int on);
    /* The next rising edge comes at time_fs, or where the clock stands already if that is later. */
    wagesim_rtl_status (*wave_advance)(wagesim_rtl_unit* unit, uint64_t time_fs);
    /* The file is complete. */
    wagesim_rtl_status (*wave_close)(wagesim_rtl_unit* unit);
} wagesim_rtl_table;

/* The one symbol that is looked up. The table lasts as long as the library is loaded. */
WAGESIM_RTL_EXPORT const wagesim_rtl_table* wagesim_rtl_library(void);

#ifdef __cplusplus
}
#endif

#endif /* WAGESIM_RTL_LIBRARY_H */
