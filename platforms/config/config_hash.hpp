// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The identity of a run's results: two runs with equal hashes compute the same integers.
#pragma once

#include <string>
#include <vector>

#include "platforms/config/run_config.hpp"

namespace wagesim::config {

/// SHA-256, 64 lower-case hexadecimal digits, of the resolved configuration without names and paths, and of the bytes
/// of the data files as they lie on disk. Throws DataError for a data file that cannot be read.
[[nodiscard]] std::string config_hash(const RunConfig& config);

/// The data files of a run in the order of its keys; none for synthetic data.
[[nodiscard]] std::vector<std::string> data_files(const DataConfig& data);

}  // namespace wagesim::config
