// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A data set in one .npz archive: train_images (uint8, N x C x H x W), train_labels (integers, N), and perhaps
// test_images and test_labels.
#pragma once

#include <string>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {

/// Throws DataError, naming file and entry, for anything but arrays that fit together and the limits.
[[nodiscard]] Dataset read_npz_dataset(const std::string& path, const DatasetLimits& limits);

}  // namespace wagesim
