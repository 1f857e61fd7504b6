// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a data file, whether it is plain, gzip- or xz-compressed (told by its first bytes, not by its name).
// A forward stream: what the bytes mean is the readers' business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace wagesim {

/// Throws DataError where `path` is missing, a directory, no regular file, or empty.
void require_regular_file(const std::string& path);

/// A decoder behind InputFile: plain, gzip or xz.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Up to `bytes`; fewer only at the end. Throws DataError for corrupt or truncated compressed data.
    virtual std::size_t read(unsigned char* to, std::size_t bytes) = 0;
};

class InputFile {
public:
    /// Throws DataError where it cannot be opened.
    explicit InputFile(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Up to `bytes`; fewer only at the end.
    std::size_t read(void* to, std::size_t bytes);
    /// Exactly `bytes`; `what` names them in the DataError for a file that ends before.
    void read_exactly(void* to, std::size_t bytes, const std::string& what);
    /// Throws DataError where anything follows.
    void require_end(const std::string& after);

private:
    std::string path_;
    std::unique_ptr<ByteSource> source_;
};

}  // namespace wagesim
