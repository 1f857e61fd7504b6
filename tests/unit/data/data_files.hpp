// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Data files made by hand for the readers' tests, whole and broken. Bytes are put together from the formats' texts, not
// by the code under test.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace wagesim::test {

void write_bytes(const std::string& path, const std::string& bytes);
[[nodiscard]] std::string read_bytes(const std::string& path);

[[nodiscard]] std::string gzip(const std::string& bytes);
[[nodiscard]] std::string xz(const std::string& bytes);

/// Four bytes, most significant first.
[[nodiscard]] std::string big_endian(std::uint32_t word);
/// Image n's byte j is 7n + j modulo 256; label n is n modulo 10.
[[nodiscard]] std::string idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns);
[[nodiscard]] std::string idx_labels(std::uint32_t count);
/// Record n: label n modulo 10, byte j is 7n + j modulo 256.
[[nodiscard]] std::string cifar_records(std::size_t count);

/// An .npy array: version 1.0, the dictionary as given.
[[nodiscard]] std::string npy(const std::string& dictionary, const std::string& elements);
[[nodiscard]] std::string npy(const std::string& descr, const std::string& shape, const std::string& elements);
struct ZipEntry {
    std::string name;
    std::string content;
};
void write_zip(const std::string& path, const std::vector<ZipEntry>& entries);

/// The line of the DataError that `action` throws; a failed expectation and "" where it throws none, or one of several
/// lines.
[[nodiscard]] std::string refusal(const std::function<void()>& action);

}  // namespace wagesim::test
