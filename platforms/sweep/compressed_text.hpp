// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts as zlib streams (RFC 1950), as any reader of databases can unpack them.
#pragma once

#include <string>

namespace wagesim::sweep {

[[nodiscard]] std::string compressed(const std::string& text);

/// Throws std::runtime_error for what is no zlib stream.
[[nodiscard]] std::string uncompressed(const std::string& stream);

}  // namespace wagesim::sweep
