// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One door to every data format: from options to images that have been checked against the network.
#pragma once

#include <string>
#include <vector>

#include "ref/data/dataset_limits.hpp"
#include "ref/data/folder_images.hpp"
#include "ref/data/image_source.hpp"
#include "ref/data/synthetic.hpp"

namespace wagesim {

enum class DatasetFormat { idx, cifar10, svhn, npz, folder, synthetic };

/// Only the members of the chosen format count. Empty test paths: no test set.
struct DatasetOptions {
    DatasetFormat format = DatasetFormat::idx;
    std::string train_images, train_labels, test_images, test_labels;  ///< idx
    std::vector<std::string> train, test;                              ///< cifar10, svhn
    std::string file;                                                  ///< npz
    FolderOptions folder;                                              ///< folder
    SyntheticOptions synthetic;                                        ///< synthetic; its images have limits.size
};

/// The images as training and evaluation ask for them: folders are listed and their images read when they are needed,
/// everything else is loaded. Throws DataError for data that cannot be used with such a network.
[[nodiscard]] ImageSources open_dataset(const DatasetOptions& options, const DatasetLimits& limits);

/// All images at once. Throws as open_dataset does, and std::invalid_argument for folders, which do not fit.
[[nodiscard]] Dataset load_dataset(const DatasetOptions& options, const DatasetLimits& limits);

}  // namespace wagesim
