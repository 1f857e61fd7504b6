// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// IDX: a big-endian magic (two zero bytes, 8 = uint8, number of dimensions), the extents, the elements.
#include "ref/data/idx.hpp"

#include <array>
#include <cstdio>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/input_file.hpp"

namespace wagesim {
namespace {

constexpr std::uint32_t kImagesMagic = 0x00000803;
constexpr std::uint32_t kLabelsMagic = 0x00000801;

std::uint32_t read_word(InputFile& file)
{
    std::array<std::uint8_t, 4> b{};
    file.read_exactly(b.data(), b.size(), "a header field");
    return std::uint32_t{b[0]} << 24U | std::uint32_t{b[1]} << 16U | std::uint32_t{b[2]} << 8U | b[3];
}

std::string hex(std::uint32_t word)
{
    std::array<char, 11> out{};
    std::snprintf(out.data(), out.size(), "0x%08x", word);
    return out.data();
}

void require_magic(InputFile& file, std::uint32_t allowed, const std::string& kind)
{
    const std::uint32_t found = read_word(file);
    if (found != allowed) {
        throw DataError(file.path() + ": got magic " + hex(found) + ", allowed " + hex(allowed) + " (IDX " + kind +
                        ")");
    }
}

std::vector<std::uint8_t> read_elements(InputFile& file, std::uint64_t bytes, const std::string& kind)
{
    std::vector<std::uint8_t> out = collect_bytes(bytes, [&file](void* to, std::size_t n) { return file.read(to, n); });
    if (out.size() != bytes) {
        throw DataError(file.path() + ": got " + std::to_string(out.size()) + " bytes of " + kind + ", allowed " +
                        std::to_string(bytes) + " as its header says");
    }
    file.require_end("the last of the " + kind);
    return out;
}

}  // namespace

LabelledImages read_idx(const std::string& images_path, const std::string& labels_path, const DatasetLimits& limits)
{
    InputFile images(images_path);
    require_magic(images, kImagesMagic, "uint8 images");
    const std::uint64_t count = read_word(images);
    const std::uint64_t rows = read_word(images);
    const std::uint64_t columns = read_word(images);
    require_count(count, images_path);
    LabelledImages out;
    out.size = {1, rows, columns};
    require_size(out.size, limits, images_path);

    InputFile labels(labels_path);
    require_magic(labels, kLabelsMagic, "uint8 labels");
    const std::uint64_t label_count = read_word(labels);
    if (label_count != count) {
        throw DataError(labels_path + ": got " + std::to_string(label_count) + " labels, allowed " +
                        std::to_string(count) + ", one for each image of " + images_path);
    }
    const std::vector<std::uint8_t> codes = read_elements(labels, label_count, "labels");
    out.labels.assign(codes.begin(), codes.end());
    require_labels(out.labels, limits, labels_path);
    out.images = read_elements(images, count * out.size.bytes(), "images");
    return out;
}

std::uint64_t count_idx_labels(const std::string& path)
{
    InputFile labels(path);
    require_magic(labels, kLabelsMagic, "uint8 labels");
    return read_word(labels);
}

}  // namespace wagesim
