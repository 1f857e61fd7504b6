// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A route is the initiator's link, the links between routers, the target's link.
#include "tlm/interconnect/topology.hpp"

#include <algorithm>
#include <utility>

namespace wagesim::chip {
namespace {

struct Place {
    std::size_t column;
    std::size_t row;
};

/// Links between neighbours of a grid of `columns` x `rows` routers, from index `first` on: those along rows, then
/// those along columns.
class Grid {
public:
    Grid(std::size_t ports, std::size_t first) : first_(first)
    {
        while (columns_ * columns_ < ports) ++columns_;
        rows_ = (ports + columns_ - 1) / columns_;
    }

    [[nodiscard]] Place place_of(std::size_t port) const { return {port % columns_, port / columns_}; }

    void name_links(std::vector<std::string>& names) const
    {
        const auto text = [](std::size_t column, std::size_t row) {
            return "(" + std::to_string(column) + "," + std::to_string(row) + ")";
        };
        for (std::size_t row = 0; row < rows_; ++row) {
            for (std::size_t column = 0; column + 1 < columns_; ++column) {
                names.push_back(text(column, row) + "-" + text(column + 1, row));
            }
        }
        for (std::size_t row = 0; row + 1 < rows_; ++row) {
            for (std::size_t column = 0; column < columns_; ++column) {
                names.push_back(text(column, row) + "-" + text(column, row + 1));
            }
        }
    }

    /// Appends the links from `at` to `to`; returns how many.
    std::size_t walk(Place at, const Place& to, std::vector<std::size_t>& links) const
    {
        const std::size_t before = links.size();
        const std::size_t along_rows = rows_ * (columns_ - 1);
        while (at.column != to.column) {
            const std::size_t next = at.column < to.column ? at.column + 1 : at.column - 1;
            links.push_back(first_ + at.row * (columns_ - 1) + std::min(at.column, next));
            at.column = next;
        }
        while (at.row != to.row) {
            const std::size_t next = at.row < to.row ? at.row + 1 : at.row - 1;
            links.push_back(first_ + along_rows + std::min(at.row, next) * columns_ + at.column);
            at.row = next;
        }
        return links.size() - before;
    }

private:
    std::size_t first_;
    std::size_t columns_ = 1;
    std::size_t rows_ = 1;
};

}  // namespace

Topology make_topology(InterconnectKind kind, std::size_t initiators, std::size_t targets)
{
    Topology topology;
    for (std::size_t i = 0; i < initiators; ++i) topology.links.push_back("from_initiators[" + std::to_string(i) + "]");
    for (std::size_t t = 0; t < targets; ++t) topology.links.push_back("to_targets[" + std::to_string(t) + "]");
    const Grid grid(initiators + targets, topology.links.size());
    if (kind == InterconnectKind::mesh) grid.name_links(topology.links);

    topology.routes.resize(initiators);
    for (std::size_t i = 0; i < initiators; ++i) {
        for (std::size_t t = 0; t < targets; ++t) {
            Route route;
            route.links.push_back(i);
            if (kind == InterconnectKind::mesh) {
                route.routers += grid.walk(grid.place_of(i), grid.place_of(initiators + t), route.links);
            }
            route.links.push_back(initiators + t);
            topology.routes[i].push_back(std::move(route));
        }
    }
    return topology;
}

}  // namespace wagesim::chip
