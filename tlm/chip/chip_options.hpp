// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run decides of the chip's work and the chip file does not. SystemC-free.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/numerics/input_code.hpp"
#include "ref/numerics/widths.hpp"
#include "tlm/energy/activity.hpp"
#include "tlm/energy/technology.hpp"

namespace wagesim::chip {

struct ChipOptions {
    Widths widths;
    WeightClip weight_clip = WeightClip::kg;
    int gamma_log2 = 0;  ///< 0..8
    std::uint64_t seed = 1;
    InputRange range = InputRange::unit;
    std::size_t batch = 128;      ///< largest batch that train_step will be given; predict goes in batches of it
    Technology technology = {};   ///< what events cost and parts take; all 0: energies are not asked for
    Activity activity = {};       ///< fidelity `timing`: by layer; none: upper bounds
    bool check_protocol = false;  ///< a checker on every memory wire: no byte moves without a booked burst
};

}  // namespace wagesim::chip
