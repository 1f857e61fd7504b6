// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The conductances of a block as one direction of reading wants them: array by array, slice by slice, group by group of
// lines that are driven at once; gains of the converters are in them, offsets beside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tlm/crossbar/device/analog_read.hpp"
#include "tlm/crossbar/device/line_drop.hpp"
#include "tlm/crossbar/line_tiling.hpp"

namespace wagesim::chip {

/// The converters of an array's lines: they serve both directions.
struct LineConverters {
    std::vector<double> gains;
    std::vector<std::int32_t> offsets;  ///< in units of conductances
};

class AnalogPlanes {
public:
    /// `difference`: positive less negative cells are converted once, else each by itself.
    AnalogPlanes(const CrossbarConfig& config, std::size_t slices, ReadDirection direction, bool difference);

    /// Room for a block of so many lines.
    void shape(std::size_t rows, std::size_t columns);
    /// One array's cells. Different arrays may be placed at the same time.
    void place(std::size_t row_tile, std::size_t column_tile, std::size_t slice, ArrayConductances& array,
               const LineConverters& converters);

    [[nodiscard]] const LineTiling& tiling() const noexcept { return tiling_; }
    [[nodiscard]] ReadDirection direction() const noexcept { return direction_; }
    [[nodiscard]] std::size_t polarities() const noexcept { return polarities_; }
    [[nodiscard]] AnalogPlane plane(std::size_t driven_tile, std::size_t read_tile, std::size_t slice,
                                    std::size_t group, std::size_t polarity) const noexcept;
    [[nodiscard]] std::int32_t largest_offset() const noexcept;

private:
    [[nodiscard]] std::size_t room() const noexcept;
    [[nodiscard]] std::size_t first_offset(std::size_t driven_tile, std::size_t read_tile,
                                           std::size_t slice) const noexcept;

    CrossbarConfig config_;
    std::size_t slices_;
    ReadDirection direction_;
    std::size_t polarities_;
    LineTiling tiling_;
    std::vector<std::int16_t> cells_;
    std::vector<std::int32_t> offsets_;
};

}  // namespace wagesim::chip
