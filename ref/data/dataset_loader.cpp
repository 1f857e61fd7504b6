// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/dataset_loader.hpp"

#include <stdexcept>
#include <utility>

#include "ref/data/cifar10.hpp"
#include "ref/data/idx.hpp"
#include "ref/data/npz_dataset.hpp"
#include "ref/data/svhn.hpp"

namespace wagesim {
namespace {

Dataset load_idx(const DatasetOptions& options, const DatasetLimits& limits)
{
    Dataset out;
    out.train = read_idx(options.train_images, options.train_labels, limits);
    if (options.test_images.empty() != options.test_labels.empty()) {
        throw DataError("idx: got test images without labels or labels without images, allowed both or none");
    }
    if (!options.test_images.empty()) out.test = read_idx(options.test_images, options.test_labels, limits);
    return out;
}

/// Formats whose files are lists for training and testing.
template <class Read>
Dataset load_lists(const DatasetOptions& options, const DatasetLimits& limits, Read&& read)
{
    Dataset out;
    out.train = read(options.train, limits);
    if (!options.test.empty()) out.test = read(options.test, limits);
    return out;
}

std::unique_ptr<ImageSource> in_memory(LabelledImages images)
{
    return std::make_unique<MemoryImages>(std::make_shared<const LabelledImages>(std::move(images)));
}

Dataset load_synthetic(const DatasetOptions& options, const DatasetLimits& limits)
{
    if (options.synthetic.classes > limits.classes) {
        throw DataError("synthetic: got " + std::to_string(options.synthetic.classes) + " classes, allowed 1.." +
                        std::to_string(limits.classes) + ", the last layer's units");
    }
    return make_synthetic(options.synthetic, limits.size);
}

}  // namespace

ImageSources open_dataset(const DatasetOptions& options, const DatasetLimits& limits)
{
    if (options.format == DatasetFormat::folder) return open_folders(options.folder, limits);
    Dataset data = load_dataset(options, limits);
    data.test.size = data.train.size;  // where there is none
    ImageSources sources;
    sources.train = in_memory(std::move(data.train));
    sources.test = in_memory(std::move(data.test));
    return sources;
}

Dataset load_dataset(const DatasetOptions& options, const DatasetLimits& limits)
{
    switch (options.format) {
        case DatasetFormat::idx: return load_idx(options, limits);
        case DatasetFormat::cifar10: return load_lists(options, limits, read_cifar10);
        case DatasetFormat::svhn: return load_lists(options, limits, read_svhn);
        case DatasetFormat::npz: return read_npz_dataset(options.file, limits);
        case DatasetFormat::folder: throw std::invalid_argument("load_dataset: got folder, which is opened only");
        case DatasetFormat::synthetic: break;
    }
    return load_synthetic(options, limits);
}

}  // namespace wagesim
