// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a chip file allows at most: operations a second of its arrays, bytes a second of its memories. The roofs of the
// page's roofline; knows no run.
#pragma once

#include "platforms/config/run_config.hpp"
#include "platforms/report/json.hpp"

namespace wagesim::report {

/// {peak_tops: {crossbars, gradient}, bytes_per_second: {dram, buffer}}; the configuration has a chip. Crossbars: all
/// of them on forward products at once, with whole arrays of cells; a multiply-accumulate is two operations.
[[nodiscard]] Json chip_roofs_json(const config::RunConfig& config);

}  // namespace wagesim::report
