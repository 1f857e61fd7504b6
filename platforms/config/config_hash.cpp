// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 over what decides a run's results. See the header.
#include "platforms/config/config_hash.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "platforms/config/print_run.hpp"
#include "platforms/config/sha256.hpp"
#include "ref/data/dataset.hpp"
#include "ref/data/folder_index.hpp"

namespace wagesim::config {
namespace {

/// An image folder up to this size is hashed whole. Reading all of a larger one, ImageNet say, would take minutes to
/// hours before every run.
constexpr std::uint64_t kMostHashedBytes = std::uint64_t{1} << 30U;

struct FileDigest {
    std::string sha256;
    std::uint64_t bytes = 0;
};

FileDigest file_digest(const std::string& file)
{
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) throw DataError(file + ": got a directory, allowed a data file");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw DataError(fmt::format("{}: got {}, allowed a readable file", file, std::strerror(errno)));
    Sha256 hash;
    std::array<char, 65536> block{};
    std::uint64_t bytes = 0;
    while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
        const auto count = static_cast<std::size_t>(stream.gcount());
        hash.add(block.data(), count);
        bytes += count;
    }
    if (stream.bad()) throw DataError(file + ": got a read error, allowed a readable file");
    return {hash.hexadecimal(), bytes};
}

std::string digest_of(const std::string& file)
{
    const FileDigest digest = file_digest(file);
    return fmt::format("{} {} bytes\n", digest.sha256, digest.bytes);
}

/// Names and sizes of all images, and their content as far as hashing it takes seconds.
std::string digest_of_folder(const std::string& folder)
{
    const FolderIndex index(folder);
    Sha256 hash;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < index.count(); ++i) {
        const std::string name = index.name(i);
        std::error_code error;
        const std::uint64_t size = std::filesystem::file_size(index.path(i), error);
        if (error) throw DataError(fmt::format("{}: got {}, allowed a readable file", index.path(i), error.message()));
        hash.add(fmt::format("{} bytes {} {}\n", size, name.size(), name));
        bytes += size;
    }
    for (std::size_t i = 0; bytes <= kMostHashedBytes && i < index.count(); ++i) hash.add(digest_of(index.path(i)));
    return fmt::format("{} {} images of {} bytes\n", hash.hexadecimal(), index.count(), bytes);
}

/// Every figure that a result may come from.
std::string figures_text(const chip::Technology& technology)
{
    std::string out = "technology";
    for (const std::int64_t each : technology.event_aj) out += fmt::format(" {}", each);
    for (const std::int64_t each : technology.part_nm2) out += fmt::format(" {}", each);
    for (const std::int64_t each : technology.leakage_nw) out += fmt::format(" {}", each);
    return out + "\n";
}

std::string activity_text(const chip::Activity& activity)
{
    std::string out = "activity";
    for (const chip::LayerActivity& layer : activity) {
        for (const chip::ReadActivity& reads : {layer.forward, layer.backward, layer.evaluation}) {
            out += fmt::format(" {} {}", reads.driven, reads.conducting);
        }
        out += fmt::format(" {} {} {}", layer.set, layer.reset, layer.rows);
    }
    return out + "\n";
}

}  // namespace

std::string sha256_of(const std::string& file)
{
    return file_digest(file).sha256;
}

std::vector<std::string> data_files(const DataConfig& data)
{
    switch (data.format) {
        case DataFormat::idx: return {data.train_images, data.train_labels, data.test_images, data.test_labels};
        case DataFormat::cifar10:
        case DataFormat::svhn: {
            std::vector<std::string> files = data.train;
            files.insert(files.end(), data.test.begin(), data.test.end());
            return files;
        }
        case DataFormat::npz: return {data.file};
        case DataFormat::folder: return {data.train_folder, data.test_folder};
        case DataFormat::synthetic: break;
    }
    return {};
}

const std::string& FileDigests::of(const std::string& file)
{
    auto found = known_.find(file);
    if (found == known_.end()) found = known_.emplace(file, digest_of(file)).first;
    return found->second;
}

const std::string& FileDigests::of_folder(const std::string& folder)
{
    auto found = known_.find(folder);
    if (found == known_.end()) found = known_.emplace(folder, digest_of_folder(folder)).first;
    return found->second;
}

std::string config_hash(const RunConfig& config, FileDigests& digests)
{
    Sha256 hash;
    hash.add(print_results_part(config));
    if (config.technology) hash.add(figures_text(*config.technology));
    if (!config.activity.empty()) hash.add(activity_text(config.activity));
    // How many of the files train: the printed part has no paths to count.
    hash.add(fmt::format("{} training files\n", config.data.train.size()));
    const bool folders = config.data.format == DataFormat::folder;
    for (const std::string& file : data_files(config.data)) {
        hash.add(folders ? digests.of_folder(file) : digests.of(file));
    }
    return hash.hexadecimal();
}

std::string config_hash(const RunConfig& config)
{
    FileDigests digests;
    return config_hash(config, digests);
}

}  // namespace wagesim::config
