// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 of what is added piece by piece.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

struct evp_md_ctx_st;

namespace wagesim::config {

class Sha256 {
public:
    /// Throws std::runtime_error where OpenSSL refuses.
    Sha256();

    void add(const char* bytes, std::size_t count);
    void add(const std::string& text) { add(text.data(), text.size()); }

    /// 64 hexadecimal digits. Nothing can be added after it.
    [[nodiscard]] std::string hexadecimal();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace wagesim::config
