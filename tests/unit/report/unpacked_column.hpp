// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Columns of a page's data, as its script would read them.
#pragma once

#include <cstring>
#include <string>
#include <vector>

namespace wagesim::report {

inline std::string decoded_base64(const std::string& text)
{
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned group = 0;
    int bits = 0;
    for (const char c : text) {
        if (c == '=') break;
        group = (group << 6) | static_cast<unsigned>(digits.find(c));
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>((group >> bits) & 0xff);
    }
    return out;
}

template <class Number>
std::vector<Number> unpacked_column(const std::string& text)
{
    const std::string bytes = decoded_base64(text);
    std::vector<Number> out(bytes.size() / sizeof(Number));
    std::memcpy(out.data(), bytes.data(), out.size() * sizeof(Number));
    return out;
}

}  // namespace wagesim::report
