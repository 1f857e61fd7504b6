// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --record-activity: what a run on the chip measured of what depends on data, for runs that carry none.
#pragma once

#include "platforms/cli/session.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::cli {

/// Writes the file where one is asked for. Throws DataError where it cannot be written.
void write_activity(const chip::Chip& chip, const Session& session);

}  // namespace wagesim::cli
