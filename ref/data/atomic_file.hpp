// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A file that appears under its name whole or not at all: written beside it as NAME.tmp, flushed to the disk, renamed.
// Not a stream: no formatting, and whoever reads FILE never sees a part of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wagesim {

class AtomicFile {
public:
    /// Creates PATH.tmp. Throws DataError where it cannot, where that is a link, or where another process is writing
    /// one.
    explicit AtomicFile(std::string path);
    /// Without commit(): removes PATH.tmp and leaves PATH as it was.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// What a file of this name is called until it is whole.
    [[nodiscard]] static std::string temporary_of(const std::string& path) { return path + ".tmp"; }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Bytes appended so far.
    [[nodiscard]] std::uint64_t size() const noexcept { return written_ + buffer_.size(); }

    void append(const void* data, std::size_t bytes);
    void append(std::string_view text) { append(text.data(), text.size()); }
    /// Replaces bytes that were appended before.
    void overwrite(std::uint64_t offset, const void* data, std::size_t bytes);
    /// Flushes to the disk and renames to PATH. Nothing may be appended afterwards.
    void commit();

private:
    void open_temporary();
    void flush();
    [[noreturn]] void fail(const char* action) const;

    std::string path_;
    std::string temporary_;
    int descriptor_ = -1;
    std::uint64_t written_ = 0;
    std::vector<unsigned char> buffer_;
};

/// The whole of a text under its name, or nothing.
void write_file_atomically(const std::string& path, std::string_view content);

}  // namespace wagesim
