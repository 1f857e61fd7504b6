// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/data_options.hpp"

namespace wagesim::cli {
namespace {

DatasetFormat dataset_format(config::DataFormat format)
{
    switch (format) {
        case config::DataFormat::idx: return DatasetFormat::idx;
        case config::DataFormat::cifar10: return DatasetFormat::cifar10;
        case config::DataFormat::svhn: return DatasetFormat::svhn;
        case config::DataFormat::npz: return DatasetFormat::npz;
        case config::DataFormat::folder: return DatasetFormat::folder;
        case config::DataFormat::synthetic: break;
    }
    return DatasetFormat::synthetic;
}

}  // namespace

DatasetOptions dataset_options(const config::DataConfig& data)
{
    DatasetOptions options;
    options.format = dataset_format(data.format);
    options.train_images = data.train_images;
    options.train_labels = data.train_labels;
    options.test_images = data.test_images;
    options.test_labels = data.test_labels;
    options.train = data.train;
    options.test = data.test;
    options.file = data.file;
    options.folder.train = data.train_folder;
    options.folder.test = data.test_folder;
    options.folder.resize = static_cast<std::size_t>(data.resize.value_or(0));
    options.folder.cache_bytes = static_cast<std::size_t>(data.cache_mib) << 20U;
    options.synthetic.count = static_cast<std::size_t>(data.synthetic.count);
    options.synthetic.test_count = static_cast<std::size_t>(data.synthetic.test_count);
    options.synthetic.classes = static_cast<std::size_t>(data.synthetic.classes);
    return options;
}

DatasetLimits dataset_limits(const Network& network)
{
    const InputShape& input = network.input;
    return {{static_cast<std::size_t>(input.channels), static_cast<std::size_t>(input.height),
             static_cast<std::size_t>(input.width)},
            static_cast<std::size_t>(network.layers.back().units)};
}

}  // namespace wagesim::cli
