// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The cells of a block as bit planes for one direction of reading: array by array, slice by slice, group by group of
// lines that are driven at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/array_read.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"

namespace wagesim::chip {

enum class ReadDirection { forward, backward };

/// How lines are cut: driven ones into arrays and these into groups, read ones into arrays.
struct LineTiling {
    LineTiling() = default;
    LineTiling(const CrossbarConfig& config, ReadDirection direction, std::size_t driven_lines,
               std::size_t read_lines) noexcept;

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

class CellPlanes {
public:
    CellPlanes(const CrossbarConfig& config, int slices, ReadDirection direction);

    void build(const CellView& cells);

    [[nodiscard]] const LineTiling& tiling() const noexcept { return tiling_; }
    [[nodiscard]] ArrayPlanes array(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                                    std::size_t group) const noexcept;

private:
    [[nodiscard]] std::size_t group_words() const noexcept;
    /// The cells of one read line and a group of driven ones; `bits` is scratch.
    void place(std::size_t driven_tile, std::size_t group, std::size_t read_line, const std::int8_t* codes,
               std::vector<std::uint32_t>& bits);

    CrossbarConfig config_;
    std::size_t slices_;
    ReadDirection direction_;
    LineTiling tiling_;
    std::vector<std::uint32_t> planes_;
};

}  // namespace wagesim::chip
