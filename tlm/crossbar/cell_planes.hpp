// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The cells of a block as bit planes for one direction of reading: array by array, slice by slice, group by group of
// lines that are driven at once. Of lines alone on which a converter may lose something.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/array_read.hpp"
#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/lossy_lines.hpp"

namespace wagesim::chip {

class CellPlanes {
public:
    CellPlanes(const CrossbarConfig& config, int slices, ReadDirection direction);

    /// `lossy` are of the same cells, and stay as they are while planes are read.
    void build(const CellView& cells, const LossyLines& lossy);

    /// Its read lines are those of LossyLines::of.
    [[nodiscard]] ArrayPlanes array(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                                    std::size_t group) const noexcept;

private:
    [[nodiscard]] std::size_t index(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                                    std::size_t group) const noexcept;
    /// The cells of one read line, the `line`th of its array, and a group of driven ones; `bits` is scratch.
    void place(const ArrayPlanes& array, std::size_t slice, std::size_t line, const std::uint32_t* bits);

    CrossbarConfig config_;
    std::size_t slices_;
    ReadDirection direction_;
    const LossyLines* lossy_ = nullptr;
    std::vector<std::size_t> firsts_;  ///< where an array's planes begin: [read tile][slice][driven tile][group]
    std::vector<std::uint32_t> planes_;
};

}  // namespace wagesim::chip
