// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/image_counts.hpp"

#include "platforms/cli/data_options.hpp"
#include "ref/data/cifar10.hpp"
#include "ref/data/idx.hpp"

namespace wagesim::cli {

ImageCounts count_images(const config::RunConfig& config)
{
    const config::DataConfig& data = config.data;
    switch (data.format) {
        case config::DataFormat::synthetic:
            return {static_cast<std::uint64_t>(data.synthetic.count),
                    static_cast<std::uint64_t>(data.synthetic.test_count)};
        case config::DataFormat::idx: return {count_idx_labels(data.train_labels), count_idx_labels(data.test_labels)};
        case config::DataFormat::cifar10: return {count_cifar10(data.train), count_cifar10(data.test)};
        case config::DataFormat::svhn:
        case config::DataFormat::npz:
        case config::DataFormat::folder: break;
    }
    const ImageSources images = open_dataset(dataset_options(data), dataset_limits(config.network));
    return {images.train->count(), images.test->count()};
}

}  // namespace wagesim::cli
