// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The register tile of byte products: up to 6 x 64 sums that stay in registers while K runs. What is behind it depends
// on the machine (byte_tile.cpp); how operands are laid out around it is its callers' business.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim::ref::byte_tile {

inline constexpr std::size_t kStep = 4;         // products that one step of K adds to a sum
inline constexpr std::size_t kLanes = 16;       // 32-bit sums in a vector
inline constexpr std::size_t kLargestRows = 6;  // 6 x 4 sums, 4 panel vectors and a broadcast fit 32 registers
inline constexpr std::size_t kLargestVectors = 4;
inline constexpr std::size_t kPanelLines = kLanes * kLargestVectors;

/// One of three nested loops over steps of K: how often, and how far lines and panel move each time, in bytes.
struct Loop {
    std::size_t count = 1;
    std::size_t line = 0;
    std::size_t panel = 0;
};

struct Walk {
    Loop outer, middle, inner;
};

/// At each step a line gives 4 bytes, the panel 4 bytes for each of its lines side by side.
struct Tile {
    const std::uint8_t* lines[kLargestRows];
    std::size_t rows;  ///< of `lines`
    const std::uint8_t* panel;
    std::size_t vectors;        ///< of 16 lines in the panel
    std::size_t last_lanes;     ///< lines in the last vector that have sums
    const std::int32_t* start;  ///< what is added to: one row for all, or `sums` itself
    std::int32_t* sums;         ///< rows x panel lines; they wrap modulo 2^32
    std::size_t stride;         ///< of `sums`
};

/// Which operand is unsigned; the other is signed.
enum class Unsigned { lines, panel };

/// Largest magnitudes of the two operands. Where the sum of two products fits 16 bits, machines without 32-bit byte
/// products have a shorter way.
struct Magnitudes {
    std::int64_t of_unsigned = 255;
    std::int64_t of_signed = 127;

    [[nodiscard]] constexpr bool pairs_fit_16_bits() const { return 2 * of_unsigned * of_signed <= INT16_MAX; }
};

/// A tile's work on this machine for operands of one kind.
class Multiplier {
public:
    Multiplier(Unsigned which, const Magnitudes& magnitudes);

    /// sums = start + lines by panel lines.
    void operator()(const Walk& walk, const Tile& tile) const
    {
        functions_[(tile.rows - 1) * kLargestVectors + tile.vectors - 1](walk, tile);
    }

    using Function = void (*)(const Walk&, const Tile&);

private:
    const Function* functions_;  ///< rows x vectors
};

/// The instructions that tiles use here: "AVX-512 VNNI", "AVX2" or "portable". Follows ONEDNN_MAX_CPU_ISA as oneDNN
/// does, so that every machine's path can be shown on one machine.
[[nodiscard]] const char* instructions();

}  // namespace wagesim::ref::byte_tile
