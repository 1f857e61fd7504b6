// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --record: who records a run, and whether a resumed run may. When the record is written is training_run.hpp's
// business.
#pragma once

#include <memory>

#include "platforms/cli/session.hpp"
#include "ref/record/recorder.hpp"

namespace wagesim::cli {

/// Nothing without --record. Throws UsageError where a run would be recorded in part: begun without --record and
/// resumed with it, or the other way round.
[[nodiscard]] std::unique_ptr<Recorder> open_recorder(const Session& session);

}  // namespace wagesim::cli
