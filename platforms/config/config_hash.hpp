// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The identity of a run's results: two runs with equal hashes compute the same integers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platforms/config/run_config.hpp"

namespace wagesim::config {

/// Digests of data files, each read once in the life of this object: the points of a sweep share their data.
class FileDigests {
public:
    /// SHA-256 of the file's bytes and their number, as one line. Throws DataError where it cannot be read.
    [[nodiscard]] const std::string& of(const std::string& file);

private:
    std::map<std::string, std::string> known_;
};

/// SHA-256, 64 lower-case hexadecimal digits, of the resolved configuration without names and paths, and of the
/// digests of the data files as they lie on disk. Throws DataError for a data file that cannot be read.
[[nodiscard]] std::string config_hash(const RunConfig& config, FileDigests& digests);
[[nodiscard]] std::string config_hash(const RunConfig& config);

/// The data files of a run in the order of its keys; none for synthetic data.
[[nodiscard]] std::vector<std::string> data_files(const DataConfig& data);

}  // namespace wagesim::config
