// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/svhn.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <list>
#include <optional>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/mat_file.hpp"

namespace wagesim {
namespace {

constexpr ImageSize kSize = {3, 32, 32};
constexpr unsigned kUint8Class = 9;
constexpr unsigned kUint8Type = 2;
constexpr double kMostLabel = 10.0;

std::string origin_of(const MatFile& file, const std::string& name)
{
    return file.path() + ": variable '" + name + "'";
}

/// The file's elements run down columns, ours along rows.
class RowMajorImages {
public:
    explicit RowMajorImages(MatFile& file) : file_(file) {}

    void read(std::uint8_t* to, std::size_t bytes)
    {
        while (bytes > 0) {
            if (at_ == image_.size()) next_image();
            const std::size_t n = std::min(bytes, image_.size() - at_);
            std::copy(image_.data() + at_, image_.data() + at_ + n, to);
            to += n;
            at_ += n;
            bytes -= n;
        }
    }

private:
    static constexpr std::size_t kBytes = 3 * 32 * 32;

    void next_image()
    {
        std::array<std::uint8_t, kBytes> columns{};
        file_.read(columns.data(), columns.size());
        for (std::size_t i = 0; i < kBytes; ++i) {
            const std::size_t channel = i / 1024, column = i / 32 % 32, row = i % 32;
            image_[channel * 1024 + row * 32 + column] = columns[i];
        }
        at_ = 0;
    }

    MatFile& file_;
    std::array<std::uint8_t, kBytes> image_{};
    std::size_t at_ = kBytes;
};

std::vector<std::uint8_t> read_images(MatFile& file, const MatVariable& found)
{
    std::vector<std::uint64_t> extents = found.extents;
    if (extents.size() == 3) extents.push_back(1);  // MATLAB drops last extents of 1
    const bool right = extents.size() == 4 && extents[0] == kSize.width && extents[1] == kSize.height &&
                       extents[2] == kSize.channels && found.array_class == kUint8Class &&
                       found.element_type == kUint8Type && !found.complex;
    if (!right) throw DataError(origin_of(file, "X") + ": got " + found.describe() + ", allowed uint8 of 32x32x3xN");
    require_count(extents[3], origin_of(file, "X"));
    RowMajorImages images(file);
    return collect_bytes(found.element_bytes, [&images](void* to, std::size_t n) {
        images.read(static_cast<std::uint8_t*>(to), n);
        return n;
    });
}

std::vector<std::uint16_t> read_labels(MatFile& file, const MatVariable& found)
{
    const bool right = found.is_number() && !found.complex && found.extents.size() == 2 && found.extents[1] == 1;
    if (!right) throw DataError(origin_of(file, "y") + ": got " + found.describe() + ", allowed numbers of Nx1");
    require_count(found.extents[0], origin_of(file, "y"));
    std::vector<std::uint16_t> out;
    for (const double label : file.read_numbers()) {
        const bool whole = label >= 1.0 && label <= kMostLabel && label == static_cast<double>(static_cast<int>(label));
        if (!whole) {
            std::array<char, 32> text{};
            std::snprintf(text.data(), text.size(), "%g", label);
            throw DataError(origin_of(file, "y") + ": got label " + text.data() + " of image " +
                            std::to_string(out.size()) + ", allowed 1..10, where 10 is the digit 0");
        }
        out.push_back(static_cast<std::uint16_t>(static_cast<int>(label) % 10));
    }
    return out;
}

LabelledImages read_file(const std::string& path, const DatasetLimits& limits)
{
    MatFile file(path);
    std::optional<std::vector<std::uint8_t>> images;
    std::optional<std::vector<std::uint16_t>> labels;
    while (const MatVariable* found = file.next()) {
        const bool is_images = found->name == "X";
        if (!is_images && found->name != "y") continue;
        if (is_images ? images.has_value() : labels.has_value()) {
            throw DataError(origin_of(file, found->name) + ": got it twice, allowed once");
        }
        if (is_images) {
            images = read_images(file, *found);
        } else {
            labels = read_labels(file, *found);
        }
    }
    for (const char* name : {"X", "y"}) {
        if (name[0] == 'X' ? !images : !labels) throw DataError(origin_of(file, name) + ": missing");
    }
    LabelledImages out{kSize, std::move(*images), std::move(*labels)};
    const std::size_t count = out.images.size() / kSize.bytes();
    if (out.count() != count) {
        throw DataError(origin_of(file, "y") + ": got " + std::to_string(out.count()) + " labels, allowed " +
                        std::to_string(count) + ", one for each image");
    }
    require_labels(out.labels, limits, origin_of(file, "y"));
    return out;
}

}  // namespace

LabelledImages read_svhn(const std::vector<std::string>& paths, const DatasetLimits& limits)
{
    if (paths.empty()) throw DataError("svhn: got no files, allowed one or more");
    require_size(kSize, limits, paths.front());
    std::list<LabelledImages> files;
    std::size_t bytes = 0;
    for (const std::string& path : paths) {
        files.push_back(read_file(path, limits));
        bytes += files.back().images.size();
    }
    if (files.size() == 1) return std::move(files.front());
    LabelledImages out;
    out.size = kSize;
    out.images.reserve(bytes);
    for (; !files.empty(); files.pop_front()) {
        const LabelledImages& part = files.front();
        out.images.insert(out.images.end(), part.images.begin(), part.images.end());
        out.labels.insert(out.labels.end(), part.labels.begin(), part.labels.end());
    }
    return out;
}

}  // namespace wagesim
