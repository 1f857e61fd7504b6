// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A unit's way to memory: books one timed burst through the interconnect, and only then hands out the bytes by the
// DMI that the memory granted for exactly that burst. Nobody gets a pointer otherwise. Owns no data, keeps no cache.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <cstddef>
#include <cstdint>
#include <tlm>

#include "tlm/common/address_map.hpp"
#include "tlm/common/burst_extension.hpp"
#include "tlm/common/burst_listener.hpp"
#include "tlm/common/invariant.hpp"

namespace wagesim::chip {

/// One booked burst: when its last byte is there, and the modelled storage itself. Byte is std::byte or const
/// std::byte.
template <class Byte>
struct Lease {
    Byte* data = nullptr;
    MemoryRegion region;
    sc_core::sc_time ready_at;  ///< absolute time at which the burst is complete
    sc_core::sc_time waited;    ///< part of it spent in the longest queue

    /// The elements as T; throws InvariantError where the region holds another type.
    template <class T>
    [[nodiscard]] auto as() const
    {
        if (region.type != element_type_of<T>()) throw InvariantError("lease", "read as another element type");
        using Element = std::conditional_t<std::is_const_v<Byte>, const T, T>;
        return reinterpret_cast<Element*>(data);
    }
};
using ReadLease = Lease<const std::byte>;
using WriteLease = Lease<std::byte>;

class MemoryPort {
public:
    /// A member of the sc_module that owns it; `initiator` is its index among the chip's initiators.
    MemoryPort(const char* name, std::uint32_t initiator);
    MemoryPort(const MemoryPort&) = delete;
    MemoryPort& operator=(const MemoryPort&) = delete;
    ~MemoryPort();

    /// Books at the present simulation time and returns at once; the caller waits until `ready_at` where it needs the
    /// bytes to be there. Throws InvariantError for a region that no memory serves.
    [[nodiscard]] ReadLease read(const MemoryRegion& region, const BurstPurpose& purpose);
    /// Likewise; the bytes may be written from now on, and `ready_at` is when the memory has them.
    [[nodiscard]] WriteLease write(const MemoryRegion& region, const BurstPurpose& purpose);

    /// Who is told of every burst; nullptr: nobody.
    void set_listener(BurstListener* listener) noexcept { listener_ = listener; }

    /// For binding, by the Chip.
    tlm_utils::simple_initiator_socket<MemoryPort> socket;

private:
    struct Booking {
        std::byte* data;
        sc_core::sc_time ready_at;
        sc_core::sc_time waited;
    };
    [[nodiscard]] Booking book(tlm::tlm_command command, const MemoryRegion& region, const BurstPurpose& purpose);

    tlm::tlm_generic_payload payload_;
    BurstExtension extension_;
    BurstListener* listener_ = nullptr;
};

/// Suspends the calling process until `time`; returns at once where that is now or past.
inline void wait_until(const sc_core::sc_time& time)
{
    if (time > sc_core::sc_time_stamp()) sc_core::wait(time - sc_core::sc_time_stamp());
}

}  // namespace wagesim::chip
