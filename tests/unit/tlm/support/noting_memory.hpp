// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A memory for tests of one unit: notes every burst, and serves any number at a time, reads and writes in fixed times.
// What a unit's timing owes to the unit alone shows in it. No model of a memory.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "tlm/common/clock.hpp"
#include "tlm/common/command_extension.hpp"

namespace wagesim::chip::testing {

class NotingMemory : public sc_core::sc_module {
public:
    struct Burst {
        bool is_read;
        std::uint64_t address, bytes;
        std::uint64_t at;  ///< cycle
        bool operator==(const Burst& other) const
        {
            return is_read == other.is_read && address == other.address && bytes == other.bytes && at == other.at;
        }
    };

    NotingMemory(const sc_core::sc_module_name& name, std::size_t bytes, const Clock& clock)
        : sc_module(name), socket("socket"), data(bytes), clock_(clock)
    {
        socket.register_b_transport(this, &NotingMemory::b_transport);
        socket.register_get_direct_mem_ptr(this, &NotingMemory::get_direct_mem_ptr);
    }

    tlm_utils::simple_target_socket<NotingMemory> socket;
    std::vector<std::byte> data;
    std::uint64_t read_cycles = 0, write_cycles = 0;
    std::vector<Burst> bursts;

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
    {
        if (payload.get_address() + payload.get_data_length() > data.size()) {
            return payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        }
        bursts.push_back({payload.is_read(), payload.get_address(), payload.get_data_length(), clock_.now()});
        delay += clock_.time_of(payload.is_read() ? read_cycles : write_cycles);
        payload.set_dmi_allowed(true);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi)
    {
        dmi.allow_read_write();
        dmi.set_start_address(0);
        dmi.set_end_address(data.size() - 1);
        dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(data.data()));
        return true;
    }
    Clock clock_;
};

/// Issues commands from a process of its own.
template <class Command>
class ScriptedIssuer : public sc_core::sc_module {
public:
    ScriptedIssuer(const sc_core::sc_module_name& name, std::function<void(CommandPort<Command>&)> script)
        : sc_module(name), commands("commands"), script_(std::move(script))
    {
        SC_HAS_PROCESS(ScriptedIssuer);
        SC_THREAD(run);
    }
    CommandPort<Command> commands;
    bool finished = false;

private:
    void run()
    {
        script_(commands);
        finished = true;
    }
    std::function<void(CommandPort<Command>&)> script_;
};

}  // namespace wagesim::chip::testing
