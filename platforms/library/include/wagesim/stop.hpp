// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wagesim {

/// What a caller answers when it is asked whether a run, or a sweep, is to end before it is done.
enum class Stop {
    no,
    soon,  ///< at its next step, with a checkpoint where it has a folder
    now,   ///< at once: what it has done since its last checkpoint is lost
};

}  // namespace wagesim
