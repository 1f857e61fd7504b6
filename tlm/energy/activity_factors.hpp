// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How much of what could depend on data does, as fractions of what does not, so that they serve chips of other
// sizes, too. Values; who measures and who uses them is elsewhere.
#pragma once

#include <vector>

namespace wagesim::chip {

/// Of one layer and direction.
struct ReadActivity {
    double driven = 1.0;      ///< driver_pulse of line_pulse
    double conducting = 1.0;  ///< cell_read of cell_pulse
};

struct LayerActivity {
    ReadActivity forward, backward, evaluation;
    double set = 1.0;    ///< cell_set of the cell_verify that there is where no row is left out
    double reset = 1.0;  ///< cell_reset likewise
    double rows = 1.0;   ///< rows of arrays in which something changed: what crossbar.skip_unchanged_rows programs
};

/// By layer. Without a measurement everything happens that could: energies are upper bounds.
using Activity = std::vector<LayerActivity>;

}  // namespace wagesim::chip
