// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/text_file.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "ref/data/dataset.hpp"

namespace wagesim::report {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{256} << 20U;

}  // namespace

std::string read_text_file(const std::string& path)
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
        throw DataError(fmt::format("{}: {}", path, error ? error.message() : "got no file, allowed a regular file"));
    }
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (!error && size > kLargestFile) {
        throw DataError(fmt::format("{}: got {} bytes, allowed {}", path, size, kLargestFile));
    }
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file || file.bad()) throw DataError(fmt::format("{}: cannot be read", path));
    return text;
}

}  // namespace wagesim::report
