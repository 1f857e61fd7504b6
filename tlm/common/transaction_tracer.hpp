// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Tells a listener of every blocking transaction on a wire, memory bursts and commands alike. Stores nothing.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tlm/common/pass_through.hpp"

namespace wagesim::chip {

/// Valid during the call only; the payload's extension says what it was.
struct TransactionRecord {
    std::string_view wire;  ///< the tracer's name
    const tlm::tlm_generic_payload& payload;
    sc_core::sc_time begin;
    sc_core::sc_time end;
};

class TransactionTracer : public PassThrough {
public:
    using Listener = std::function<void(const TransactionRecord&)>;

    TransactionTracer(const sc_core::sc_module_name& name, Listener listener);

private:
    void after_transport(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& begin,
                         const sc_core::sc_time& delay) override;

    Listener listener_;
};

/// "wire,begin_ps,end_ps,command,address,bytes,phase,stream,layer,waited_ps,response"
[[nodiscard]] std::string burst_csv_header();
/// One line without its end; the burst's own columns are empty for a payload that is none.
[[nodiscard]] std::string burst_csv_line(const TransactionRecord& record);

}  // namespace wagesim::chip
