// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What events cost and what parts take, in integers: attojoules, square nanometres, attojoules a second (1 nW is 10^9).
// A value; where it comes from is configs/technologies and docs/energy.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "tlm/common/event.hpp"
#include "tlm/energy/part.hpp"

namespace wagesim::chip {

struct Technology {
    std::string name;
    double node_nm = 0.0;
    double supply_v = 0.0;
    std::array<std::int64_t, kEventCount> event_aj{};
    std::array<std::int64_t, kPartCount> part_nm2{};
    std::array<std::int64_t, kPartCount> leakage_nw{};
    std::uint64_t endurance_pulses = 0;  ///< that a cell withstands; 0: not known, or no limit

    friend bool operator==(const Technology& x, const Technology& y)
    {
        return x.name == y.name && x.node_nm == y.node_nm && x.supply_v == y.supply_v && x.event_aj == y.event_aj &&
               x.part_nm2 == y.part_nm2 && x.leakage_nw == y.leakage_nw && x.endurance_pulses == y.endurance_pulses;
    }
    friend bool operator!=(const Technology& x, const Technology& y) { return !(x == y); }
};

}  // namespace wagesim::chip
