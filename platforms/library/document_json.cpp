// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/library/document_json.hpp"

#include <charconv>
#include <cstdint>

namespace wagesim::library {
namespace {

/// The whole text as a number.
template <class Number>
bool parse(const std::string& text, Number& number)
{
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

nlohmann::ordered_json scalar_json(const config::DocumentNode& node)
{
    const std::string& text = node.text;
    if (node.quoted) return text;
    if (text == "true") return true;
    if (text == "false") return false;
    // "nan" and "inf" are no numbers of JSON.
    if (text.find_first_of("0123456789") == std::string::npos) return text;
    if (std::int64_t number = 0; parse(text, number)) return number;
    if (std::uint64_t number = 0; parse(text, number)) return number;
    if (double number = 0.0; parse(text, number)) return number;
    return text;
}

}  // namespace

nlohmann::ordered_json document_json(const config::DocumentNode& node)
{
    using Kind = config::DocumentNode::Kind;
    switch (node.kind) {
        case Kind::null: break;
        case Kind::scalar: return scalar_json(node);
        case Kind::list: {
            nlohmann::ordered_json list = nlohmann::ordered_json::array();
            for (const config::DocumentNode& item : node.items) list.push_back(document_json(item));
            return list;
        }
        case Kind::map: {
            nlohmann::ordered_json map = nlohmann::ordered_json::object();
            for (const config::DocumentNode::Entry& entry : node.entries) map[entry.key] = document_json(entry.value);
            return map;
        }
    }
    return nullptr;
}

}  // namespace wagesim::library
