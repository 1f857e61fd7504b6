// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where a converter may lose something: lines whose cells could give it more than it has codes for, if all of them were
// driven the worst way. On all other lines the sum of conversions is the exact sum, whatever the inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/crossbar_config.hpp"
#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/line_tiling.hpp"
#include "tlm/crossbar/pulse_code.hpp"

namespace wagesim::chip {

class LossyLines {
public:
    LossyLines(const CrossbarConfig& config, int slices, ReadDirection direction);

    /// Looks at the cells of a block.
    void build(const CellView& cells);

    [[nodiscard]] const LineTiling& tiling() const noexcept { return tiling_; }
    /// Lines of a read tile, ascending, on which a group of a driven tile may lose something.
    [[nodiscard]] const std::vector<std::uint32_t>& of(std::size_t driven_tile, std::size_t group,
                                                       std::size_t read_tile) const noexcept
    {
        return lines_[(read_tile * tiling_.driven_tiles() + driven_tile) * tiling_.groups(0) + group];
    }
    /// False where no read line of any tile is lossy for a group.
    [[nodiscard]] bool any(std::size_t driven_tile, std::size_t group) const noexcept;
    /// Lossy crossings of a group and a read line, and all of them.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::size_t all() const noexcept;

    /// The block's codes with 0 where a line is lossy, laid out as in `cells`: what an exact product may do.
    void lossless_codes(const CellView& cells, std::vector<std::int8_t>& to) const;

private:
    /// The most that one conversion can meet without loss. Pulses of one polarity: from all positive cells, and from
    /// all negative ones. Of two polarities, a difference adds them up where lines are driven as their cells are
    /// signed.
    struct Limits {
        std::int64_t positive = 0, negative = 0;
        bool together = false;  ///< both kinds of cells count against `positive`
    };
    [[nodiscard]] static Limits limits_of(const CrossbarConfig& config, ReadDirection direction);
    [[nodiscard]] bool lossy(const std::int8_t* codes, std::size_t count) const noexcept;

    CrossbarConfig config_;
    int slices_;
    ReadDirection direction_;
    Limits limits_;
    LineTiling tiling_;
    std::vector<std::vector<std::uint32_t>> lines_;  ///< [read tile][driven tile][group]
    std::size_t count_ = 0;
};

}  // namespace wagesim::chip
