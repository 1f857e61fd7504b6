// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One door to every data format: from options to a data set that has been checked against the network.
#pragma once

#include <string>
#include <vector>

#include "ref/data/dataset_limits.hpp"
#include "ref/data/synthetic.hpp"

namespace wagesim {

enum class DatasetFormat { idx, cifar10, npz, synthetic };

/// Only the members of the chosen format count. Empty test paths: no test set.
struct DatasetOptions {
    DatasetFormat format = DatasetFormat::idx;
    std::string train_images, train_labels, test_images, test_labels;  ///< idx
    std::vector<std::string> train, test;                              ///< cifar10
    std::string file;                                                  ///< npz
    SyntheticOptions synthetic;                                        ///< synthetic; its images have limits.size
};

/// Throws DataError for data that cannot be used with such a network.
[[nodiscard]] Dataset load_dataset(const DatasetOptions& options, const DatasetLimits& limits);

}  // namespace wagesim
