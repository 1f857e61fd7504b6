// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/cifar10.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <list>
#include <thread>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/input_file.hpp"
#include "ref/data/unpacked_bytes.hpp"

namespace wagesim {
namespace {

constexpr ImageSize kSize = {3, 32, 32};
constexpr std::size_t kClasses = 10;
constexpr std::size_t kRecordBytes = 1 + 3 * 32 * 32;
/// Ten times the original's: the format has no count, and a small compressed file must not fill the memory.
constexpr std::size_t kLargestRecords = 100'000;

std::vector<std::uint8_t> read_records(const std::string& path)
{
    InputFile file(path);
    std::vector<std::uint8_t> out =
        collect_bytes(kLargestRecords * kRecordBytes, [&file](void* to, std::size_t n) { return file.read(to, n); });
    file.require_end(std::to_string(kLargestRecords) + " records");
    if (out.empty() || out.size() % kRecordBytes != 0) {
        throw DataError(path + ": got " + std::to_string(out.size()) + " bytes, allowed whole records of " +
                        std::to_string(kRecordBytes));
    }
    return out;
}

/// Every file's records, in the order of the paths. Unpacking xz takes seconds a file, so cores share the files.
std::list<std::vector<std::uint8_t>> read_files(const std::vector<std::string>& paths)
{
    const std::size_t at_once = std::max(1U, std::thread::hardware_concurrency());
    std::list<std::vector<std::uint8_t>> out;
    for (std::size_t first = 0; first < paths.size(); first += at_once) {
        std::vector<std::future<std::vector<std::uint8_t>>> running;
        for (std::size_t i = first; i < std::min(first + at_once, paths.size()); ++i) {
            running.push_back(std::async(std::launch::async, read_records, std::cref(paths[i])));
        }
        for (auto& file : running) out.push_back(file.get());
    }
    return out;
}

}  // namespace

LabelledImages read_cifar10(const std::vector<std::string>& paths, const DatasetLimits& limits)
{
    if (paths.empty()) throw DataError("cifar10: got no files, allowed one or more");
    require_size(kSize, limits, paths.front());
    const DatasetLimits own = {kSize, std::min(kClasses, limits.classes)};
    std::list<std::vector<std::uint8_t>> files = read_files(paths);
    LabelledImages out;
    out.size = kSize;
    auto path = paths.cbegin();
    for (const std::vector<std::uint8_t>& records : files) {
        std::vector<std::uint16_t> labels;
        for (std::size_t at = 0; at < records.size(); at += kRecordBytes) labels.push_back(records[at]);
        require_labels(labels, own, *path++);
        out.labels.insert(out.labels.end(), labels.begin(), labels.end());
    }
    out.images.reserve(out.count() * kSize.bytes());
    for (; !files.empty(); files.pop_front()) {
        for (auto record = files.front().cbegin(); record != files.front().cend(); record += kRecordBytes) {
            out.images.insert(out.images.end(), record + 1, record + kRecordBytes);
        }
    }
    return out;
}

std::uint64_t count_cifar10(const std::vector<std::string>& paths)
{
    std::uint64_t records = 0;
    for (const std::string& path : paths) {
        const std::uint64_t bytes = unpacked_bytes(path);
        if (bytes == 0 || bytes % kRecordBytes != 0) {
            throw DataError(path + ": got " + std::to_string(bytes) + " bytes, allowed whole records of " +
                            std::to_string(kRecordBytes));
        }
        records += bytes / kRecordBytes;
    }
    return records;
}

}  // namespace wagesim
