// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Nodes, places and the text of faults. The parser is in document_parser.cpp.
#include "platforms/config/document.hpp"

#include <fmt/format.h>

namespace wagesim::config {
namespace {

constexpr std::size_t kShownBytes = 60;

}  // namespace

std::string fault_text(const std::string& where, const std::string& key, const std::string& got,
                       const std::string& allowed)
{
    const char* separator = where == "--set" ? " " : ": ";
    return fmt::format("{}{}{}: got {}, allowed {}", where, separator, key, got, allowed);
}

std::string key_in_source(const std::string& key, const std::string& mount, const std::string& root)
{
    std::string inner = key;
    if (!mount.empty() && key.compare(0, mount.size(), mount) == 0) {
        if (key.size() == mount.size()) {
            inner.clear();
        } else if (key[mount.size()] == '.') {
            inner = key.substr(mount.size() + 1);
        }
    }
    return inner.empty() ? root : inner;
}

std::string Place::where() const
{
    return source->is_override() ? "--set" : fmt::format("{}:{}:{}", source->label, line, column);
}

ConfigError Place::fault(const std::string& key, const std::string& got, const std::string& allowed) const
{
    return ConfigError(fault_text(where(), shown_text(key_in_source(key, source->mount, source->root)), got, allowed));
}

const DocumentNode* DocumentNode::find(const std::string& key) const noexcept
{
    for (const Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

DocumentNode* DocumentNode::find(const std::string& key) noexcept
{
    for (Entry& entry : entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

std::string DocumentNode::shown() const
{
    switch (kind) {
        case Kind::null: return "nothing";
        case Kind::list: return "a list";
        case Kind::map: return "a map";
        case Kind::scalar: break;
    }
    return quoted ? fmt::format("the string \"{}\"", shown_text(text)) : shown_text(text);
}

std::string DocumentNode::flow_text() const
{
    std::string inside;
    switch (kind) {
        case Kind::null: return "null";
        case Kind::scalar: return quoted ? quoted_text(text) : text;
        case Kind::list:
            for (const DocumentNode& item : items) inside += (inside.empty() ? "" : ", ") + item.flow_text();
            return "[" + inside + "]";
        case Kind::map:
            for (const Entry& entry : entries) {
                inside += (inside.empty() ? "" : ", ") + entry.key + ": " + entry.value.flow_text();
            }
            return "{" + inside + "}";
    }
    return inside;
}

std::filesystem::path absolute_path(const DocumentNode& node, const std::string& key, const std::string& path)
{
    if (path.find('\0') != std::string::npos) throw node.place.fault(key, node.shown(), "a path without NUL");
    return (node.place.source->directory / path).lexically_normal();
}

std::string quoted_text(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02X}", byte);
        } else {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
    }
    return out + '"';
}

std::string shown_text(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (out.size() >= kShownBytes && (byte & 0xC0) != 0x80) return out + "...";  // never inside a character
        if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace wagesim::config
