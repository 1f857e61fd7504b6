// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Scalars: what counts as an integer, a number, a word or a path, and how a fault says what was allowed. Lists and maps
// with rules of their own are in reader_values.cpp.
#include "platforms/config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <system_error>

namespace wagesim::config {
namespace {

constexpr std::size_t kLongestName = 200;

std::string joined(const std::vector<std::string>& words, const char* separator)
{
    std::string out;
    for (const std::string& each : words) {
        if (!out.empty()) out += separator;
        out += each;
    }
    return out;
}

/// Levenshtein distance: how many letters to change, add or drop.
std::size_t distance(const std::string& x, const std::string& y)
{
    std::vector<std::size_t> row(y.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < y.size(); ++j) {
            const std::size_t changed = diagonal + (x[i] == y[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

/// " (did you mean rows?)", or nothing where no key is near.
std::string suggestion(const std::string& key, const std::vector<std::string>& keys)
{
    constexpr std::size_t kLongestKey = 32;  // nothing longer is near a key, and distance() is quadratic
    if (key.size() > kLongestKey) return "";
    const std::string* best = nullptr;
    std::size_t least = 3;
    for (const std::string& candidate : keys) {
        const std::size_t edits = distance(key, candidate);
        if (edits < least && edits < candidate.size()) {
            least = edits;
            best = &candidate;
        }
    }
    return best == nullptr ? "" : " (did you mean " + *best + "?)";
}

/// -?(0|[1-9][0-9]*): no plus, no leading zero, no exponent, no other base.
bool is_integer_text(const std::string& text)
{
    const std::size_t start = !text.empty() && text[0] == '-' ? 1 : 0;
    if (start == text.size()) return false;
    if (text[start] == '0' && text.size() > start + 1) return false;
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
}

std::string range_text(Range range)
{
    return fmt::format("an integer {}..{}", range.least, range.most);
}

/// `${NAME}` replaced by the environment's value.
std::string substituted(const DocumentNode& node, const std::string& key)
{
    std::string out;
    std::size_t from = 0;
    for (std::size_t at = node.text.find("${"); at != std::string::npos; at = node.text.find("${", from)) {
        const std::size_t end = node.text.find('}', at);
        if (end == std::string::npos) throw node.place.fault(key, node.shown(), "${NAME} with its closing brace");
        const std::string variable = node.text.substr(at + 2, end - at - 2);
        const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
        if (value == nullptr || *value == '\0') {
            throw node.place.fault(
                key, fmt::format("${{{}}} ({})", shown_text(variable), value == nullptr ? "not set" : "empty"),
                "an environment variable that is set and not empty");
        }
        out += node.text.substr(from, at - from) + value;
        from = end + 1;
    }
    out += node.text.substr(from);
    // A second substitution would change it: the printed configuration must mean the same file.
    if (out.find("${") != std::string::npos) throw node.place.fault(key, shown_text(out), "a path without ${");
    return out;
}

}  // namespace

void Reader::record(Origins& origins, const std::string& key, const Place& place)
{
    origins.record(key, {place.where(), place.source->mount, place.source->root});
}

void Reader::refuse_unknown_keys() const
{
    for (const DocumentNode::Entry& entry : node_.entries) {
        if (std::find(keys_.begin(), keys_.end(), entry.key) != keys_.end()) continue;
        throw entry.place.fault(inner(entry.key), "an unknown key", joined(keys_, ", ") + suggestion(entry.key, keys_));
    }
}

const DocumentNode* Reader::take(const char* key, Need need, const std::string& allowed)
{
    if (collecting_) {
        keys_.emplace_back(key);
        return nullptr;
    }
    const DocumentNode* node = node_.find(key);
    if (node == nullptr && need == Need::required) throw node_.place.fault(inner(key), "nothing", allowed);
    if (node != nullptr) record(origins_, inner(key), node->place);
    return node;
}

void Reader::refuse(const DocumentNode& node, const std::string& key, const std::string& allowed)
{
    throw node.place.fault(key, node.shown(), allowed);
}

std::int64_t Reader::integer_of(const DocumentNode& node, const std::string& key, Range range,
                                const std::string& allowed)
{
    std::int64_t value = 0;
    const bool plain = node.kind == DocumentNode::Kind::scalar && !node.quoted && is_integer_text(node.text);
    if (!plain) refuse(node, key, allowed);
    const char* end = node.text.data() + node.text.size();
    const std::from_chars_result result = std::from_chars(node.text.data(), end, value);
    if (result.ec != std::errc{} || value < range.least || value > range.most) refuse(node, key, allowed);
    return value;
}

double Reader::number_of(const DocumentNode& node, const std::string& key, const std::string& allowed)
{
    // The first test keeps out what from_chars reads besides decimal numbers: inf and nan.
    const bool plain = node.kind == DocumentNode::Kind::scalar && !node.quoted &&
                       node.text.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (!plain) refuse(node, key, allowed);
    double value = 0.0;
    const char* end = node.text.data() + node.text.size();
    const std::from_chars_result result = std::from_chars(node.text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end) refuse(node, key, allowed);
    return value;
}

void Reader::name(const char* key, std::string& value)
{
    const std::string allowed = fmt::format("a name of 1..{} bytes on one line", kLongestName);
    const DocumentNode* node = take(key, Need::required, allowed);
    if (node == nullptr) return;
    const bool control = std::any_of(node->text.begin(), node->text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
    });
    const std::size_t bytes = node->text.size();
    if (node->kind != DocumentNode::Kind::scalar || bytes == 0 || bytes > kLongestName || control) {
        refuse(*node, inner(key), allowed);
    }
    value = node->text;
}

void Reader::seed(const char* key, std::uint64_t& value)
{
    const std::string allowed = fmt::format("an integer 0..{}", std::numeric_limits<std::uint64_t>::max());
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    const bool plain = node->kind == DocumentNode::Kind::scalar && !node->quoted && is_integer_text(node->text);
    if (!plain || node->text[0] == '-') refuse(*node, inner(key), allowed);
    const char* end = node->text.data() + node->text.size();
    if (std::from_chars(node->text.data(), end, value).ec != std::errc{}) refuse(*node, inner(key), allowed);
}

void Reader::integer(const char* key, int& value, Range range, Need need)
{
    const DocumentNode* node = take(key, need, range_text(range));
    if (node != nullptr) value = static_cast<int>(integer_of(*node, inner(key), range, range_text(range)));
}

void Reader::width(const char* key, int& value, bool& is_float, Range range)
{
    const std::string allowed = range_text(range) + ", or float";
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    is_float = node->kind == DocumentNode::Kind::scalar && !node->quoted && node->text == "float";
    if (!is_float) value = static_cast<int>(integer_of(*node, inner(key), range, allowed));
}

void Reader::derived(const char* key, std::optional<int>& value, Range range)
{
    const DocumentNode* node = take(key, Need::optional, range_text(range));
    if (node != nullptr) value = static_cast<int>(integer_of(*node, inner(key), range, range_text(range)));
}

void Reader::odd(const char* key, int& value, Range range, Need need)
{
    const std::string allowed = fmt::format("an odd integer {}..{}", range.least, range.most);
    const DocumentNode* node = take(key, need, allowed);
    if (node == nullptr) return;
    const std::int64_t given = integer_of(*node, inner(key), range, allowed);
    if (given % 2 == 0) refuse(*node, inner(key), allowed);
    value = static_cast<int>(given);
}

void Reader::power_of_two(const char* key, int& value, Range range)
{
    const std::string allowed = fmt::format("a power of two {}..{}", range.least, range.most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    const std::int64_t given = integer_of(*node, inner(key), range, allowed);
    if ((given & (given - 1)) != 0) refuse(*node, inner(key), allowed);
    value = static_cast<int>(given);
}

void Reader::real(const char* key, double& value, double most, double least)
{
    const std::string allowed = least > 0.0 ? fmt::format("a number {}..{}", least, most)
                                            : fmt::format("a number greater than 0, at most {}", most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    const double given = number_of(*node, inner(key), allowed);
    if (!(given > 0.0) || given < least || given > most) refuse(*node, inner(key), allowed);
    value = given;
}

void Reader::amount(const char* key, double& value, double most)
{
    const std::string allowed = fmt::format("a number 0..{}", most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    const double given = number_of(*node, inner(key), allowed);
    if (!(given >= 0.0 && given <= most) || std::signbit(given)) refuse(*node, inner(key), allowed);
    value = given;
}

void Reader::fraction(const char* key, double& value)
{
    const char* allowed = "a number 0 or more, less than 1";
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    const double given = number_of(*node, inner(key), allowed);
    if (!(given >= 0.0 && given < 1.0) || std::signbit(given)) refuse(*node, inner(key), allowed);
    value = given;
}

void Reader::flag(const char* key, bool& value)
{
    const DocumentNode* node = take(key, Need::optional, "true | false");
    if (node == nullptr) return;
    const bool plain = node->kind == DocumentNode::Kind::scalar && !node->quoted;
    if (!plain || (node->text != "true" && node->text != "false")) refuse(*node, inner(key), "true | false");
    value = node->text == "true";
}

std::optional<std::size_t> Reader::word(const char* key, const std::vector<std::string>& words, Need need)
{
    const std::string allowed = joined(words, " | ");
    const DocumentNode* node = take(key, need, allowed);
    if (node == nullptr) return std::nullopt;
    const bool legal =
        node->kind == DocumentNode::Kind::scalar && std::find(words.begin(), words.end(), node->text) != words.end();
    if (!legal) refuse(*node, inner(key), allowed);
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), node->text) - words.begin());
}

std::string Reader::data_path(const DocumentNode& node, const std::string& key)
{
    if (node.kind != DocumentNode::Kind::scalar || node.text.empty()) refuse(node, key, "a path");
    return absolute_path(node, key, substituted(node, key)).string();
}

void Reader::path(const char* key, std::string& value)
{
    const DocumentNode* node = take(key, Need::required, "a path");
    if (node != nullptr) value = data_path(*node, inner(key));
}

void Reader::integers(const char* key, std::vector<int>& value, Range range)
{
    const std::string allowed = fmt::format("a list of integers {}..{}", range.least, range.most);
    const DocumentNode* node = take(key, Need::optional, allowed);
    if (node == nullptr) return;
    if (node->kind != DocumentNode::Kind::list) refuse(*node, inner(key), allowed);
    value.clear();
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const std::string item = fmt::format("{}.{}", inner(key), i);
        record(origins_, item, node->items[i].place);
        value.push_back(static_cast<int>(integer_of(node->items[i], item, range, range_text(range))));
    }
}

void Reader::paths(const char* key, std::vector<std::string>& value)
{
    const char* allowed = "a list of one or more paths";
    const DocumentNode* node = take(key, Need::required, allowed);
    if (node == nullptr) return;
    if (node->kind != DocumentNode::Kind::list) refuse(*node, inner(key), allowed);
    if (node->items.empty()) throw node->place.fault(inner(key), "an empty list", allowed);
    value.clear();
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const std::string item = fmt::format("{}.{}", inner(key), i);
        record(origins_, item, node->items[i].place);
        value.push_back(data_path(node->items[i], item));
    }
}

}  // namespace wagesim::config
