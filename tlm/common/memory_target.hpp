// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What DRAM and buffer have in common: a store behind one port that serves bursts first come, first served, counts
// them by purpose, and grants DMI for exactly the range that is asked for. No banks, rows or refresh.
#pragma once

#include <tlm_utils/simple_target_socket.h>
#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "tlm/common/booked_resource.hpp"
#include "tlm/common/burst_extension.hpp"
#include "tlm/common/byte_store.hpp"
#include "tlm/common/clock.hpp"
#include "tlm/common/statistics.hpp"

namespace wagesim::chip {

struct MemoryTiming {
    std::uint64_t bytes_per_cycle = 1;
    std::uint64_t latency_cycles = 0;  ///< from a burst's turn to its first byte; overlaps other bursts' transfers
};

class MemoryTarget : public sc_core::sc_module {
public:
    /// Requests, at addresses from 0. Bound by the Chip.
    tlm_utils::simple_target_socket<MemoryTarget> socket;

    [[nodiscard]] std::uint64_t size() const noexcept { return store_.size(); }
    /// The modelled storage, untimed: for the host, which supplies images and reads results, and for taps.
    /// Throws InvariantError outside the memory.
    [[nodiscard]] std::byte* storage(std::uint64_t address, std::uint64_t bytes);

    [[nodiscard]] const ResourceCounters& counters() const noexcept { return counters_; }
    [[nodiscard]] const TrafficCounters& traffic() const noexcept { return traffic_; }
    /// By initiator index; empty names where an index never asked.
    [[nodiscard]] const std::vector<InitiatorWaits>& waits() const noexcept { return waits_; }
    void reset_counters();

protected:
    MemoryTarget(const sc_core::sc_module_name& name, std::uint64_t bytes, MemoryTiming timing, const Clock& clock);

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);

    [[nodiscard]] tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload) const;
    [[nodiscard]] bool contains(std::uint64_t address, std::uint64_t bytes) const noexcept;
    void move_bytes(tlm::tlm_generic_payload& payload);
    void count(const tlm::tlm_generic_payload& payload, const BurstExtension& burst, std::uint64_t waited_cycles,
               std::uint64_t busy_cycles);

    Clock clock_;
    MemoryTiming timing_;
    ByteStore store_;
    BookedResource port_;
    ResourceCounters counters_;
    TrafficCounters traffic_;
    std::vector<InitiatorWaits> waits_;
};

}  // namespace wagesim::chip
