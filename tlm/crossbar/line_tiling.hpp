// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the lines of a block are cut into arrays, and driven ones into the groups that are driven at once. No storage.
#pragma once

#include <algorithm>
#include <cstddef>

#include "tlm/crossbar/crossbar_config.hpp"

namespace wagesim::chip {

enum class ReadDirection { forward, backward };

struct LineTiling {
    LineTiling() = default;
    LineTiling(const CrossbarConfig& config, ReadDirection direction, std::size_t rows, std::size_t columns) noexcept
    {
        const bool forward = direction == ReadDirection::forward;
        driven = forward ? rows : columns;
        read = forward ? columns : rows;
        driven_array = static_cast<std::size_t>(forward ? config.rows : config.columns);
        read_array = static_cast<std::size_t>(forward ? config.columns : config.rows);
        active = std::min(driven_array, static_cast<std::size_t>(config.active_lines));
    }

    std::size_t driven = 0, read = 0;              ///< lines of the block
    std::size_t driven_array = 1, read_array = 1;  ///< lines of an array
    std::size_t active = 1;                        ///< lines driven at once

    [[nodiscard]] std::size_t driven_tiles() const noexcept { return (driven + driven_array - 1) / driven_array; }
    [[nodiscard]] std::size_t read_tiles() const noexcept { return (read + read_array - 1) / read_array; }
    [[nodiscard]] std::size_t driven_lines(std::size_t tile) const noexcept
    {
        return std::min(driven_array, driven - tile * driven_array);
    }
    [[nodiscard]] std::size_t read_lines(std::size_t tile) const noexcept
    {
        return std::min(read_array, read - tile * read_array);
    }
    [[nodiscard]] std::size_t groups(std::size_t tile) const noexcept
    {
        return (driven_lines(tile) + active - 1) / active;
    }
    [[nodiscard]] std::size_t group_first(std::size_t tile, std::size_t group) const noexcept
    {
        return tile * driven_array + group * active;
    }
    [[nodiscard]] std::size_t group_lines(std::size_t tile, std::size_t group) const noexcept
    {
        return std::min(active, driven_lines(tile) - group * active);
    }
};

}  // namespace wagesim::chip
