// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Proves on a unit's memory wire that the rules of docs/modules/common.md are kept; above all, that every DMI pointer
// was paid for by a booked burst. Throws InvariantError naming the wire; corrects nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tlm/common/pass_through.hpp"

namespace wagesim::chip {

class ProtocolChecker : public PassThrough {
public:
    explicit ProtocolChecker(const sc_core::sc_module_name& name);

    [[nodiscard]] std::uint64_t bursts_checked() const noexcept { return bursts_checked_; }
    [[nodiscard]] std::uint64_t grants_checked() const noexcept { return grants_checked_; }

private:
    /// A burst that has been booked and whose bytes have not been asked for yet.
    struct Booked {
        tlm::tlm_command command;
        std::uint64_t address;
        std::uint64_t bytes;
        sc_core::sc_time at;
    };

    void before_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) override;
    void after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                         const sc_core::sc_time& delay) override;
    void after_dmi(const tlm::tlm_generic_payload& payload, const tlm::tlm_dmi& dmi, bool granted) override;

    void demand(bool holds, const tlm::tlm_generic_payload& payload, const char* rule) const;

    std::optional<Booked> booked_;
    std::uint64_t bursts_checked_ = 0;
    std::uint64_t grants_checked_ = 0;
};

}  // namespace wagesim::chip
