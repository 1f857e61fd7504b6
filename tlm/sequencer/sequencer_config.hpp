// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the sequencer (chip file key `sequencer`). SystemC-free.
#pragma once

namespace wagesim::chip {

struct SequencerConfig {
    int command_cycles = 4;  ///< to decode and issue one command
    int chunk_samples = 16;  ///< samples that one command handles: the grain of overlap between units
};

}  // namespace wagesim::chip
