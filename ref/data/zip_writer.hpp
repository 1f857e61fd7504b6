// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Writes a ZIP archive entry by entry in bounded memory (libzip writes an archive only as a whole, at its end, and
// would hold every entry until then). Not a reader, and no archives beyond 4 GiB.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ref/data/atomic_file.hpp"

namespace wagesim {

enum class Compression { stored, deflate };

class ZipWriter {
public:
    /// Throws DataError where the file cannot be created; nothing appears under `path` before finish().
    ZipWriter(const std::string& path, Compression compression);

    /// A part of an entry's content.
    struct Part {
        const void* data = nullptr;
        std::size_t bytes = 0;
    };
    /// Writes one entry whose content is the parts one after the other.
    void add(const std::string& name, const std::vector<Part>& parts);
    /// Writes the directory, flushes and renames to the final name.
    void finish();

    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }

private:
    struct Entry {
        std::string name;
        std::uint32_t crc = 0;
        std::uint32_t compressed = 0;
        std::uint32_t size = 0;
        std::uint32_t offset = 0;
    };
    void store(const std::vector<Part>& parts);
    void deflate_parts(const std::vector<Part>& parts);
    [[nodiscard]] std::uint16_t method() const noexcept;
    [[nodiscard]] std::uint32_t checked(std::uint64_t value) const;
    [[nodiscard]] std::string local_header(const Entry& entry) const;
    [[nodiscard]] std::string directory_record(const Entry& entry) const;
    [[nodiscard]] std::string end_records(std::uint64_t offset, std::uint64_t bytes) const;

    AtomicFile file_;
    Compression compression_;
    std::vector<Entry> entries_;
};

}  // namespace wagesim
