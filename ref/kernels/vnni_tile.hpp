// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The register tile of byte products by AVX-512 VNNI. The only intrinsics of the reference; direct_gradient.cpp calls
// it where the machine has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim::ref::vnni {

inline constexpr std::size_t kLanes = 16;       // 32-bit sums in a vector
inline constexpr std::size_t kLargestRows = 6;  // 6 x 4 sums, 4 panel vectors and a broadcast fit 32 registers
inline constexpr std::size_t kLargestVectors = 4;

/// Where the steps of K lie in a plane: images x rows x groups of 4 bytes. In a panel they are consecutive.
struct Walk {
    std::size_t images, image_stride, panel_image_stride;
    std::size_t rows, row_stride;
    std::size_t groups;
};

struct Tile {
    const std::uint8_t* lines[kLargestRows];  ///< planes, moved to each line's tap
    std::size_t rows;                         ///< of `lines`
    const std::uint8_t* panel;
    std::size_t vectors;        ///< of 16 lines in the panel
    std::size_t last_lanes;     ///< lines in the last vector that have sums
    const std::int32_t* start;  ///< what is added to: lines, for every row the same, or `sums` itself
    std::int32_t* sums;         ///< rows x lines
    std::size_t stride;         ///< of `sums`
};

[[nodiscard]] bool available();

/// sums = start + plane lines by panel lines. `unsigned_planes`: planes hold the unsigned operand and panels the signed
/// one, else the other way round.
void accumulate(const Walk& walk, const Tile& tile, bool unsigned_planes);

}  // namespace wagesim::ref::vnni
