// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which links and how many routers lie between each initiator and each target: one router, or a mesh with XY routing.
// SystemC-free; no time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tlm/interconnect/interconnect_config.hpp"

namespace wagesim::chip {

struct Route {
    std::vector<std::size_t> links;  ///< indices into Topology::links, in the order in which a request takes them
    std::uint64_t routers = 1;       ///< passed on the way
};

/// Links in this order: one for each initiator, one for each target, then those between the routers of a mesh, which
/// serve both directions.
struct Topology {
    std::vector<std::string> links;
    std::vector<std::vector<Route>> routes;  ///< [initiator][target]
};

/// A mesh is the smallest grid with ceil(sqrt(ports)) columns; initiators, then targets, stand on it row by row. A
/// request goes along its row first, then along the column.
[[nodiscard]] Topology make_topology(InterconnectKind kind, std::size_t initiators, std::size_t targets);

}  // namespace wagesim::chip
