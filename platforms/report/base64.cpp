// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/base64.hpp"

#include <cstring>

namespace wagesim::report {
namespace {

void add(std::string& out, std::uint64_t value, std::size_t bytes)
{
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

template <class Bits, class Number>
std::string column(const std::vector<Number>& values)
{
    static_assert(sizeof(Bits) == sizeof(Number));
    std::string out;
    out.reserve(values.size() * sizeof(Bits));
    for (const Number value : values) {
        Bits bits = 0;
        std::memcpy(&bits, &value, sizeof bits);
        add(out, bits, sizeof bits);
    }
    return base64(out);
}

}  // namespace

std::string base64(std::string_view bytes)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8) | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += at + i <= bytes.size() ? kDigits[(group >> (18 - 6 * i)) & 63] : '=';
        }
    }
    return out;
}

std::string base64_column(const std::vector<float>& values)
{
    return column<std::uint32_t>(values);
}

std::string base64_column(const std::vector<double>& values)
{
    return column<std::uint64_t>(values);
}

std::string base64_column(const std::vector<std::uint32_t>& values, std::size_t bytes)
{
    std::string out;
    for (const std::uint32_t value : values) add(out, value, bytes);
    return base64(out);
}

}  // namespace wagesim::report
