// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// CIFAR-10's binary version, plain or xz-compressed: records of one label byte and 3 x 32 x 32 planar bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {

/// The records of all files, in order. Throws DataError, naming the file, for anything but whole records that fit the
/// limits.
[[nodiscard]] LabelledImages read_cifar10(const std::vector<std::string>& paths, const DatasetLimits& limits);

/// How many records all files have. Throws DataError for anything but whole records.
[[nodiscard]] std::uint64_t count_cifar10(const std::vector<std::string>& paths);

}  // namespace wagesim
