// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/dataset_loader.hpp"

#include "ref/data/cifar10.hpp"
#include "ref/data/idx.hpp"
#include "ref/data/npz_dataset.hpp"

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

Dataset load_synthetic(const DatasetOptions& options, const DatasetLimits& limits)
{
    if (options.synthetic.classes > limits.classes) {
        throw DataError("synthetic: got " + std::to_string(options.synthetic.classes) + " classes, allowed 1.." +
                        std::to_string(limits.classes) + ", the last layer's units");
    }
    return make_synthetic(options.synthetic, limits.size);
}

}  // namespace

Dataset load_dataset(const DatasetOptions& options, const DatasetLimits& limits)
{
    switch (options.format) {
        case DatasetFormat::idx: return load_idx(options, limits);
        case DatasetFormat::cifar10: {
            Dataset out;
            out.train = read_cifar10(options.train, limits);
            if (!options.test.empty()) out.test = read_cifar10(options.test, limits);
            return out;
        }
        case DatasetFormat::npz: return read_npz_dataset(options.file, limits);
        case DatasetFormat::synthetic: break;
    }
    return load_synthetic(options, limits);
}

}  // namespace wagesim
