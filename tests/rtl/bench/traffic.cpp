// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/traffic.hpp"

#include <algorithm>

namespace wagesim::test {

std::vector<rtl::PinInputs> beats_of(const Traffic& traffic, int lanes, std::mt19937_64& random)
{
    const auto width = static_cast<std::size_t>(lanes);
    std::vector<rtl::PinInputs> beats;
    std::size_t next = 0;
    for (const std::size_t length : traffic.lengths) {
        for (const std::size_t end = next + length; next < end;) {
            const std::size_t count = std::min(width, end - next);
            rtl::PinInputs beat;
            beat.in_valid = true;
            beat.in_last = next + count == end;
            beat.in_keep = ~std::uint64_t{0} >> (64U - count);
            for (std::size_t i = next; i < next + count; ++i) {
                beat.operands.push_back(traffic.operands[i]);
                beat.side.push_back(traffic.side[i]);
            }
            while (beat.operands.size() < width) {
                beat.operands.push_back(static_cast<std::int64_t>(random()));
                beat.side.push_back(static_cast<std::uint16_t>(random()));
            }
            beats.push_back(std::move(beat));
            next += count;
        }
    }
    return beats;
}

}  // namespace wagesim::test
