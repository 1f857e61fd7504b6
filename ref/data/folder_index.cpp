// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/folder_index.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "ref/data/dataset_limits.hpp"

namespace wagesim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostClasses = 65536;  // labels have 16 bits

bool is_image_name(const std::string& name)
{
    const std::size_t dot = name.rfind('.');
    std::string suffix = dot == std::string::npos ? "" : name.substr(dot);
    // Not tolower: what it does depends on the locale.
    for (char& c : suffix) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    constexpr std::array<const char*, 3> kSuffixes = {".jpg", ".jpeg", ".png"};
    return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

struct Entry {
    std::string name;
    fs::file_type type;
};

/// What `folder` holds, sorted, links followed, without names that begin with a dot.
std::vector<Entry> entries_of(const std::string& folder)
{
    std::vector<Entry> out;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::string name = at->path().filename().string();
        if (name.front() == '.') continue;
        const fs::file_type type = at->status(error).type();
        if (error && type != fs::file_type::not_found) {
            throw DataError(at->path().string() + ": cannot read: " + error.message());
        }
        error.clear();
        out.push_back({std::move(name), type});
    }
    if (error) throw DataError(folder + ": cannot read: " + error.message());
    std::sort(out.begin(), out.end(), [](const Entry& x, const Entry& y) { return x.name < y.name; });
    return out;
}

std::string kind_of(fs::file_type type)
{
    switch (type) {
        case fs::file_type::regular: return "a file";
        case fs::file_type::directory: return "a folder";
        case fs::file_type::not_found: return "a link to nothing";
        default: return "a device, pipe or socket";
    }
}

void require_folder(const std::string& path)
{
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    if (type == fs::file_type::not_found) throw DataError(path + ": no such folder");
    if (error) throw DataError(path + ": cannot read: " + error.message());
    if (type != fs::file_type::directory) {
        throw DataError(path + ": got " + kind_of(type) + ", allowed a folder of class folders");
    }
}

}  // namespace

FolderIndex::FolderIndex(std::string root) : root_(std::move(root))
{
    while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
    require_folder(root_);
    for (Entry& entry : entries_of(root_)) {
        if (entry.type != fs::file_type::directory) {
            throw DataError(root_ + "/" + entry.name + ": got " + kind_of(entry.type) +
                            " beside the class folders, allowed class folders alone");
        }
        classes_.push_back(std::move(entry.name));
    }
    if (classes_.empty() || classes_.size() > kMostClasses) {
        throw DataError(root_ + ": got " + std::to_string(classes_.size()) + " class folders, allowed 1.." +
                        std::to_string(kMostClasses));
    }
    for (std::size_t number = 0; number < classes_.size(); ++number) list_class(number);
    name_begin_.push_back(names_.size());
    require_count(count(), root_);
}

void FolderIndex::list_class(std::size_t number)
{
    const std::string folder = root_ + "/" + classes_[number];
    const std::vector<Entry> entries = entries_of(folder);
    if (entries.empty()) throw DataError(folder + ": got a class folder without images, allowed one or more");
    for (const Entry& entry : entries) {
        if (entry.type != fs::file_type::regular || !is_image_name(entry.name)) {
            throw DataError(folder + "/" + entry.name + ": got " +
                            (entry.type == fs::file_type::regular ? "a file of another type" : kind_of(entry.type)) +
                            " in a class folder, allowed .jpg, .jpeg and .png files");
        }
        name_begin_.push_back(names_.size());
        names_ += entry.name;
        class_of_.push_back(static_cast<std::uint16_t>(number));
    }
}

std::string FolderIndex::name(std::size_t position) const
{
    return classes_[class_of_[position]] + "/" +
           names_.substr(name_begin_[position], name_begin_[position + 1] - name_begin_[position]);
}

}  // namespace wagesim
