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

/// Digests of data, each made once in the life of this object: the points of a sweep share their data.
class FileDigests {
public:
    /// SHA-256 of the file's bytes and their number, as one line. Throws DataError where it cannot be read.
    [[nodiscard]] const std::string& of(const std::string& file);
    /// Of an image folder: its names and sizes, and the bytes where all of them together are at most 1 GiB.
    [[nodiscard]] const std::string& of_folder(const std::string& folder);

private:
    std::map<std::string, std::string> known_;
};

/// SHA-256, 64 lower-case hexadecimal digits, of the resolved configuration without names and paths, and of the
/// digests of the data files as they lie on disk. Throws DataError for a data file that cannot be read.
[[nodiscard]] std::string config_hash(const RunConfig& config, FileDigests& digests);
[[nodiscard]] std::string config_hash(const RunConfig& config);

/// SHA-256 of a file's bytes, 64 lower-case hexadecimal digits. Throws DataError where it cannot be read.
[[nodiscard]] std::string sha256_of(const std::string& file);

/// The data files of a run in the order of its keys, or its image folders; none for synthetic data.
[[nodiscard]] std::vector<std::string> data_files(const DataConfig& data);

}  // namespace wagesim::config
