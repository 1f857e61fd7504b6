// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --dump: the tensors of a run's steps in one file, opened before the first and complete after the last.
#pragma once

#include <memory>

#include "platforms/cli/engine.hpp"
#include "platforms/cli/session.hpp"
#include "ref/data/dump.hpp"

namespace wagesim::cli {

/// Nothing without --dump. Throws UsageError for a dump that would be too large.
[[nodiscard]] std::unique_ptr<TensorDump> open_dump(const Session& session);

/// `dump` may be null. A run of no steps leaves the weights that its first step would have started from.
void finish_dump(TensorDump* dump, const Session& session, const Engine& engine);

}  // namespace wagesim::cli
