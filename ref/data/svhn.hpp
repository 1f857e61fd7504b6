// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SVHN's cropped digits as published (train_32x32.mat, extra_32x32.mat, test_32x32.mat): MATLAB files with X, uint8 of
// 32 x 32 x 3 x N in column-major order, and y, N labels 1..10 of which 10 stands for the digit 0.
#pragma once

#include <string>
#include <vector>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {

/// The images of all files, in order; class = y mod 10, the digit. Throws DataError, naming the file, for anything else
/// and for what does not fit the limits.
[[nodiscard]] LabelledImages read_svhn(const std::vector<std::string>& paths, const DatasetLimits& limits);

}  // namespace wagesim
