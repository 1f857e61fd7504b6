// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How a unit is told what to do: one blocking transaction that carries a typed command and returns when the unit is
// free again.
// The command's content belongs to the unit; nothing here knows any.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <string>
#include <tlm>
#include <utility>
#include <vector>

#include "tlm/common/event.hpp"
#include "tlm/common/invariant.hpp"

namespace wagesim::chip {

template <class Command>
struct CommandExtension : tlm::tlm_extension<CommandExtension<Command>> {
    const Command* command = nullptr;  ///< lives until the transaction returns
    std::string error;                 ///< response: why the unit refused, where it did
    std::vector<EventCount> events;    ///< response: what it took
    sc_core::sc_time complete_at;      ///< response: when its results are where they belong; now or past: they are

    [[nodiscard]] tlm::tlm_extension_base* clone() const override { return new CommandExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override
    {
        *this = static_cast<const CommandExtension&>(other);
    }
};

/// A command transaction as the unit sees it: the extension, or nullptr with an error response where the payload is
/// none (it also has to be a TLM_IGNORE_COMMAND without data or byte enables).
template <class Command>
[[nodiscard]] CommandExtension<Command>* receive_command(tlm::tlm_generic_payload& payload)
{
    CommandExtension<Command>* extension = nullptr;
    payload.get_extension(extension);
    if (extension == nullptr || extension->command == nullptr || payload.get_command() != tlm::TLM_IGNORE_COMMAND) {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return nullptr;
    }
    if (payload.get_byte_enable_ptr() != nullptr) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return nullptr;
    }
    if (payload.get_data_length() != 0) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return nullptr;
    }
    return extension;
}

/// What a unit answers: what it took, and when the results that it still sends out are complete.
struct CommandResponse {
    std::vector<EventCount> events;
    sc_core::sc_time complete_at;
};

/// The issuing end. A member of the module that issues; `socket` is bound by the Chip.
template <class Command>
class CommandPort {
public:
    explicit CommandPort(const char* name) : socket(name) {}

    /// Issues at the present simulation time and blocks the calling process until the unit can take the next command.
    /// Throws InvariantError where the unit refuses: programs are made, not typed.
    CommandResponse issue(const Command& command)
    {
        CommandExtension<Command> extension;
        extension.command = &command;
        tlm::tlm_generic_payload payload;
        const Attachment attachment{payload, extension};
        payload.set_command(tlm::TLM_IGNORE_COMMAND);
        payload.set_data_length(0);
        payload.set_streaming_width(0);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket->b_transport(payload, delay);
        if (!payload.is_response_ok()) {
            throw InvariantError(
                socket.name(), payload.get_response_string() + (extension.error.empty() ? "" : ": " + extension.error));
        }
        if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
        return {std::move(extension.events), extension.complete_at};
    }

    tlm_utils::simple_initiator_socket<CommandPort> socket;

private:
    /// A payload deletes the extensions that it still has, and this one is not its own.
    struct Attachment {
        Attachment(tlm::tlm_generic_payload& to, CommandExtension<Command>& what) : payload(to), extension(what)
        {
            payload.set_extension(&extension);
        }
        ~Attachment() { payload.clear_extension(&extension); }
        Attachment(const Attachment&) = delete;
        Attachment& operator=(const Attachment&) = delete;

        tlm::tlm_generic_payload& payload;
        CommandExtension<Command>& extension;
    };
};

}  // namespace wagesim::chip
