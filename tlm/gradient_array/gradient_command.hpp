// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the sequencer asks of the gradient array. Plain values, SystemC-free.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tlm/common/address_map.hpp"

namespace wagesim::chip {

/// Sums of operand x input code over the positions of some samples. Commands of one layer follow each other: the first
/// clears the sums, the last sends them out, with the largest magnitude among them.
struct GradientCommand {
    std::uint32_t layer = 0;
    std::size_t first_sample = 0;
    std::size_t samples = 0;
    bool first = true;
    bool last = true;
    MemoryRegion inputs;     ///< codes of the samples, channel-last
    MemoryRegion operands;   ///< errors of the samples, shaped like the accumulators, channel-last
    MemoryRegion gradients;  ///< the whole layer's, O, I, kh, kw
    MemoryRegion maximum;    ///< one element: max |g| of the layer
    /// `accumulate: image`: where the sums wait between images, `spill_bits` each; no element otherwise.
    MemoryRegion spilled;
};

}  // namespace wagesim::chip
