// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/npz_dataset.hpp"

#include "ref/data/npz.hpp"

namespace wagesim {
namespace {

std::vector<std::uint16_t> narrow_labels(const NpyArray& array, const DatasetLimits& limits)
{
    std::vector<std::uint16_t> out;
    out.reserve(array.header.size());
    for (const std::int64_t label : array.values<std::int64_t>()) {
        if (label < 0 || label > UINT16_MAX) {
            throw DataError(array.origin + ": got label " + std::to_string(label) + " of image " +
                            std::to_string(out.size()) + ", allowed 0.." + std::to_string(limits.classes - 1));
        }
        out.push_back(static_cast<std::uint16_t>(label));
    }
    require_labels(out, limits, array.origin);
    return out;
}

LabelledImages read_part(const NpzReader& file, const std::string& part, const DatasetLimits& limits)
{
    const std::string images_name = part + "_images";
    const std::string labels_name = part + "_labels";
    const auto origin = [&file](const std::string& name) { return file.path() + ": entry '" + name + "'"; };
    const NpyHeader images = file.header(images_name);
    const NpyHeader labels = file.header(labels_name);
    if (images.type != NpyType::uint8 || images.shape.size() != 4) {
        throw DataError(origin(images_name) + ": got " + images.describe() + ", allowed uint8 of N x C x H x W");
    }
    LabelledImages out;
    out.size = {images.shape[1], images.shape[2], images.shape[3]};
    require_size(out.size, limits, origin(images_name));
    require_count(images.shape[0], origin(images_name));
    if (!labels.is_integer() || labels.shape.size() != 1 || labels.shape[0] != images.shape[0]) {
        throw DataError(origin(labels_name) + ": got " + labels.describe() + ", allowed integers of " +
                        std::to_string(images.shape[0]) + ", one for each image");
    }
    out.labels = narrow_labels(file.read(labels_name), limits);
    out.images = std::move(file.read(images_name).bytes);
    return out;
}

}  // namespace

Dataset read_npz_dataset(const std::string& path, const DatasetLimits& limits)
{
    const NpzReader file(path);
    Dataset out;
    out.train = read_part(file, "train", limits);
    if (file.contains("test_images") || file.contains("test_labels")) out.test = read_part(file, "test", limits);
    return out;
}

}  // namespace wagesim
