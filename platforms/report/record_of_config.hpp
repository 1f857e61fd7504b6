// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run's record must look like, from its configuration: who writes one and who reads one ask the same question.
#pragma once

#include "platforms/config/run_config.hpp"
#include "ref/record/run_record.hpp"

namespace wagesim::report {

/// A record of no steps for this network, these widths and learning rates. Its hash and its steps in an epoch, which
/// depend on the data, are left open.
[[nodiscard]] RunRecord empty_record(const config::RunConfig& config);

}  // namespace wagesim::report
