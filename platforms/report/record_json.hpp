// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run's record as the data of a page: thinned where it is longer than anybody can look at, never rounded.
#pragma once

#include "platforms/config/run_config.hpp"
#include "platforms/report/json.hpp"
#include "ref/record/run_record.hpp"

namespace wagesim::report {

/// {steps, per_window, steps_per_epoch, loss, train_error}: means over windows of equally many steps, at most 120 of
/// them.
[[nodiscard]] Json steps_json(const RunRecord& record, const config::RunConfig& config);

/// {samples: [{step, epoch}], layers: [{name, text, tensors: {name: {scale, edges, samples: [{first, counts, zero,
/// below, above}]}}, errors, gradients}]}. At most 32 samples, the first and the last among them. `errors` and
/// `gradients` have, for each sample, the limits of Q_E and Q_G in the integers of the histograms.
[[nodiscard]] Json histograms_json(const RunRecord& record, const config::RunConfig& config);

}  // namespace wagesim::report
