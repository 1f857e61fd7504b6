// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the mapping from network to chip (chip file keys `mapping` and `schedule`). SystemC-free.
#pragma once

#include <vector>

namespace wagesim::chip {

enum class Replication { minimal, balanced, given };
enum class Schedule { layer, pipelined };

struct MappingConfig {
    Replication replication = Replication::minimal;
    std::vector<int> copies;  ///< `given`: copies of each layer
};

}  // namespace wagesim::chip
