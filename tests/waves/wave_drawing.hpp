// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Waves as a picture: rows of bits and buses over clock cycles, SVG as text. Knows no unit and no FST file.
#pragma once

#include <string>
#include <vector>

namespace wagesim::test {

/// A signal in each cycle. A bus's value is text, empty where it does not matter.
struct WaveRow {
    enum class Kind { clock, bit, bus };
    Kind kind = Kind::bit;
    std::string name;
    std::vector<std::string> values;  ///< "0" or "1" of a bit; none of a clock
};

struct WaveGroup {
    std::string title;
    std::vector<WaveRow> rows;
};

/// Cycles of which `marked` is said at the top.
struct WaveMark {
    std::size_t first = 0;
    std::size_t end = 0;
    std::string text;
};

/// Values stand from one rising edge to the next.
[[nodiscard]] std::string draw_waves(const std::vector<WaveGroup>& groups, std::size_t cycles,
                                     const std::vector<WaveMark>& marks);

}  // namespace wagesim::test
