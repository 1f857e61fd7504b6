// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/support/fst_file.hpp"

#include <gtkwave/fstapi.h>

#include <memory>
#include <stdexcept>

namespace wagesim::test {

FstFile::FstFile(const std::string& file)
{
    const std::unique_ptr<void, void (*)(void*)> reader(fstReaderOpen(file.c_str()), fstReaderClose);
    if (!reader) throw std::runtime_error(file + ": no FST file");
    timescale_ = fstReaderGetTimescale(reader.get());
    std::vector<std::string> path;
    while (const fstHier* const item = fstReaderIterateHier(reader.get())) {
        if (item->htyp == FST_HT_SCOPE) {
            path.push_back((path.empty() ? "" : path.back() + ".") + item->u.scope.name);
            scopes_.push_back(path.back());
        } else if (item->htyp == FST_HT_UPSCOPE) {
            path.pop_back();
        } else if (item->htyp == FST_HT_VAR) {
            const std::string name = item->u.var.name;  // with a range behind a blank
            handles_[path.back() + "." + name.substr(0, name.find(' '))] = item->u.var.handle;
        }
    }
    fstReaderSetFacProcessMaskAll(reader.get());
    fstReaderIterBlocks(
        reader.get(),
        [](void* changes, std::uint64_t time, fstHandle handle, const unsigned char* value) {
            static_cast<std::vector<Change>*>(changes)->push_back({time, handle, reinterpret_cast<const char*>(value)});
        },
        &changes_, nullptr);
    for (std::size_t i = 1; i < changes_.size(); ++i) {
        if (changes_[i].time < changes_[i - 1].time) throw std::runtime_error(file + ": time runs backward");
    }
}

void FstFile::for_each_edge(const std::string& clock, const std::function<void(const Sample&)>& visit) const
{
    const std::uint32_t clock_handle = handles_.at(clock);
    std::map<std::uint32_t, std::string> values;
    for (std::size_t i = 0; i < changes_.size();) {
        std::size_t end = i;
        bool rises = false;
        for (; end < changes_.size() && changes_[end].time == changes_[i].time; ++end) {
            if (changes_[end].handle != clock_handle) continue;
            rises = changes_[end].value == "1" && values[clock_handle] == "0";
        }
        if (rises) {
            Sample sample;
            sample.file_ = this;
            sample.values_ = &values;
            sample.time_ = changes_[i].time;
            visit(sample);
        }
        for (; i < end; ++i) values[changes_[i].handle] = changes_[i].value;
    }
}

const std::string& FstFile::Sample::bits(const std::string& signal) const
{
    return values_->at(file_->handles_.at(signal));
}

std::uint64_t FstFile::Sample::number(const std::string& signal, std::size_t low, std::size_t width) const
{
    const std::string& all = bits(signal);
    return std::stoull(all.substr(all.size() - low - width, width), nullptr, 2);
}

std::uint64_t FstFile::Sample::number(const std::string& signal) const
{
    return number(signal, 0, bits(signal).size());
}

}  // namespace wagesim::test
