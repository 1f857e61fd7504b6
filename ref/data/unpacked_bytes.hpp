// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How many bytes a data file holds, without unpacking it where its format says so.
#pragma once

#include <cstdint>
#include <string>

namespace wagesim {

/// Of a plain file its size, of xz what its index adds up to, of gzip, which does not say, what reading it gives.
/// Throws DataError.
[[nodiscard]] std::uint64_t unpacked_bytes(const std::string& path);

}  // namespace wagesim
