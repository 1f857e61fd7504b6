// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the interconnect (chip file key `interconnect`). SystemC-free.
#pragma once

namespace wagesim::chip {

enum class InterconnectKind { router, mesh };

struct InterconnectConfig {
    InterconnectKind kind = InterconnectKind::router;
    int bytes_per_cycle = 64;  ///< of one link
    int latency_cycles = 2;    ///< from port to port
};

}  // namespace wagesim::chip
