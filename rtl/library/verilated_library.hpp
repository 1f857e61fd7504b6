// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A library for --rtl-library out of a Verilated model with the ports of docs/modules/quantize_update.md. One source
// file includes the model's header, then this one, and has one line:
//
//     WAGESIM_RTL_LIBRARY(Vmy_unit, 16)
//
// where Vmy_unit is the model's class (verilator --prefix) and 16 its lanes. It is compiled into a shared library with
// the model, with verilated.cpp and verilated_threads.cpp and with -DVL_USER_STOP -DVL_USER_FATAL; for waves also with
// -DVM_TRACE_FST=1, verilated_fst_c.cpp and -lz, the model then made with --trace-fst.
// docs/tutorials/verify-your-rtl.md shows it. Definitions: for that one source file only.
#pragma once

#if !defined(VL_USER_STOP) || !defined(VL_USER_FATAL)
#error "compile this library, verilated.cpp included, with -DVL_USER_STOP -DVL_USER_FATAL"
#endif
#ifndef VM_TRACE_FST
#define VM_TRACE_FST 0
#endif

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "ref/quantize_update/quantize_update_unit.hpp"
#include "rtl/library/rtl_library.h"
#include "rtl/library/watched_model.hpp"
#include "rtl/verilated/assertion_handlers.hpp"
#include "rtl/verilated/verilated_unit.hpp"
#if VM_TRACE_FST
#include "rtl/verilated/wave_model.hpp"
#endif

namespace wagesim::rtl {

/// The functions of the table, over one kind of model.
template <class Model, int Lanes>
class VerilatedLibrary {
public:
    static const wagesim_rtl_table* table(const char* name)
    {
        static wagesim_rtl_table table = {};
        table.abi_version = WAGESIM_RTL_ABI_VERSION;
        table.size = sizeof table;
        table.name = name;
        table.create = create;
        table.destroy = [](wagesim_rtl_unit* unit) { delete reinterpret_cast<Instance*>(unit); };
        table.lanes = [](const wagesim_rtl_unit*) { return std::uint32_t{Lanes}; };
        table.reset = reset;
        table.write_register = write_register;
        table.read_register = read_register;
        table.run = run;
        table.last_error = [](const wagesim_rtl_unit* unit) {
            return (unit == nullptr ? create_error() : reinterpret_cast<const Instance*>(unit)->error).c_str();
        };
#if VM_TRACE_FST
        table.wave_open = wave_open;
        table.wave_record = wave_record;
        table.wave_advance = wave_advance;
        table.wave_close = wave_close;
#endif
        return &table;
    }

private:
#if VM_TRACE_FST
    using Watched = WatchedModel<WaveModel<Model>, Lanes>;
#else
    using Watched = WatchedModel<Model, Lanes>;
#endif

    struct Instance {
        VerilatedQuantizeUpdate<Watched, Lanes> unit;
        std::uint32_t mode = 0;  ///< as last written
        std::string error;
    };

    static std::string& create_error()
    {
        thread_local std::string text;
        return text;
    }

    /// Nothing that is thrown leaves the library.
    template <class Work>
    static wagesim_rtl_status guarded(std::string& error, Work&& work)
    {
        error.clear();
        try {
            work();
            return WAGESIM_RTL_OK;
        } catch (const std::exception& thrown) {
            error = thrown.what();
        } catch (...) {
            error = "an exception of an unknown type";
        }
        return WAGESIM_RTL_FAILED;
    }

    template <class Work>
    static wagesim_rtl_status with(wagesim_rtl_unit* unit, Work&& work)
    {
        auto& instance = *reinterpret_cast<Instance*>(unit);
        return guarded(instance.error, [&] { work(instance); });
    }

    static wagesim_rtl_status create(std::uint32_t lanes, wagesim_rtl_unit** unit)
    {
        if (lanes != std::uint32_t{Lanes}) {
            create_error() = "has " + std::to_string(Lanes) + " lanes";
            return WAGESIM_RTL_REFUSED;
        }
        return guarded(create_error(), [&] { *unit = reinterpret_cast<wagesim_rtl_unit*>(new Instance); });
    }

    static wagesim_rtl_status reset(wagesim_rtl_unit* unit)
    {
        return with(unit, [](Instance& instance) {
            instance.unit.model().expect_nothing();
            instance.unit.reset();
            instance.mode = 0;
        });
    }

    static wagesim_rtl_status write_register(wagesim_rtl_unit* unit, std::uint32_t address, std::uint32_t value,
                                             std::uint64_t* cycles)
    {
        return with(unit, [&](Instance& instance) {
            instance.unit.model().expect_nothing();
            *cycles = instance.unit.write_register(address, value);
            if (address == static_cast<std::uint32_t>(QuantizeUpdateRegister::mode)) instance.mode = value & 7U;
        });
    }

    static wagesim_rtl_status read_register(wagesim_rtl_unit* unit, std::uint32_t address, std::uint32_t* value)
    {
        return with(unit, [&](Instance& instance) { *value = instance.unit.read_register(address); });
    }

    static wagesim_rtl_status run(wagesim_rtl_unit* unit, const wagesim_rtl_burst* streams, std::uint64_t* cycles)
    {
        return with(unit, [&](Instance& instance) {
            Burst burst;
            burst.count = streams->count;
            burst.segment = streams->segment;
            burst.operand = {streams->operand.data, type_of(streams->operand.type)};
            burst.auxiliary = {streams->auxiliary.data, type_of(streams->auxiliary.type)};
            burst.result = {streams->result.data, type_of(streams->result.type)};
            burst.auxiliary_result = {streams->auxiliary_result.data, type_of(streams->auxiliary_result.type)};
            Watched& model = instance.unit.model();
            model.expect(static_cast<QuantizeUpdateMode>(instance.mode), burst);
            *cycles = instance.unit.run(burst);
            model.require_all();
        });
    }

    static ElementType type_of(std::uint32_t type)
    {
        switch (type) {
            case WAGESIM_RTL_INT8: return ElementType::int8;
            case WAGESIM_RTL_UINT8: return ElementType::uint8;
            case WAGESIM_RTL_INT16: return ElementType::int16;
            case WAGESIM_RTL_UINT16: return ElementType::uint16;
            case WAGESIM_RTL_INT32: return ElementType::int32;
            case WAGESIM_RTL_INT64: return ElementType::int64;
            default: break;
        }
        throw std::invalid_argument("a stream of type " + std::to_string(type));
    }

#if VM_TRACE_FST
    static wagesim_rtl_status wave_open(wagesim_rtl_unit* unit, const char* file, std::uint64_t period_fs)
    {
        return with(unit, [&](Instance& instance) { instance.unit.model().open_wave(file, period_fs); });
    }
    static wagesim_rtl_status wave_record(wagesim_rtl_unit* unit, int on)
    {
        return with(unit, [&](Instance& instance) { instance.unit.model().record_wave(on != 0); });
    }
    static wagesim_rtl_status wave_advance(wagesim_rtl_unit* unit, std::uint64_t time_fs)
    {
        return with(unit, [&](Instance& instance) { instance.unit.model().advance_wave(time_fs); });
    }
    static wagesim_rtl_status wave_close(wagesim_rtl_unit* unit)
    {
        return with(unit, [](Instance& instance) { instance.unit.model().close_wave(); });
    }
#endif
};

}  // namespace wagesim::rtl

#define WAGESIM_RTL_LIBRARY(Model, lanes)                                   \
    extern "C" const wagesim_rtl_table* wagesim_rtl_library(void)           \
    {                                                                       \
        return wagesim::rtl::VerilatedLibrary<Model, lanes>::table(#Model); \
    }
