// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The IDX files of MNIST and its kin, plain or gzip-compressed: uint8 images of N x H x W, uint8 labels.
#pragma once

#include <cstdint>
#include <string>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {

/// Throws DataError, naming the file, for anything but images and labels that fit together and the limits.
[[nodiscard]] LabelledImages read_idx(const std::string& images_path, const std::string& labels_path,
                                      const DatasetLimits& limits);

/// How many labels a file says it has. Throws DataError for what is no file of labels; its labels are not read.
[[nodiscard]] std::uint64_t count_idx_labels(const std::string& path);

}  // namespace wagesim
