// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Ranges in exact decimal arithmetic, so that 0.1 + 0.1 + 0.1 is 0.3. See the header.
#include "platforms/config/axis_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

namespace wagesim::config {
namespace {

constexpr std::size_t kMostValues = 100'000;
constexpr std::size_t kMostDigits = 15;  // so that sums and products stay within 64 bits, scaled ones, too
constexpr std::size_t kMostPlaces = 9;
constexpr std::int64_t kMostFactor = 1000;
constexpr std::int64_t kMostUnits = 1'000'000'000'000'000'000;
constexpr const char* kAllowed = "a list of values, {range: [FIRST, LAST, STEP]} or {log_range: [FIRST, LAST, FACTOR]}";

/// units / 10^places.
struct Decimal {
    std::int64_t units = 0;
    std::size_t places = 0;
};

/// -?digits[.digits] of at most kMostDigits digits, kMostPlaces of them behind the point; nothing for any other text.
std::optional<Decimal> decimal_of(const DocumentNode& node)
{
    if (node.kind != DocumentNode::Kind::scalar || node.quoted) return std::nullopt;
    const bool negative = !node.text.empty() && node.text.front() == '-';
    Decimal out;
    std::size_t digits = 0;
    bool point = false;
    for (const char c : node.text.substr(negative ? 1 : 0)) {
        if (c == '.' && !point && digits > 0) {
            point = true;
        } else if (c >= '0' && c <= '9' && digits < kMostDigits) {
            out.units = out.units * 10 + (c - '0');
            out.places += point ? 1 : 0;
            ++digits;
        } else {
            return std::nullopt;
        }
    }
    if (digits == 0 || (point && out.places == 0) || out.places > kMostPlaces) return std::nullopt;
    if (negative) out.units = -out.units;
    return out;
}

/// 1.50 as "1.5", 2.0 as "2".
std::string text_of(Decimal value)
{
    while (value.places > 0 && value.units % 10 == 0) {
        value.units /= 10;
        --value.places;
    }
    const bool negative = value.units < 0;
    std::string digits = std::to_string(negative ? -value.units : value.units);
    if (digits.size() <= value.places) digits.insert(0, value.places + 1 - digits.size(), '0');
    if (value.places > 0) digits.insert(digits.size() - value.places, 1, '.');
    return (negative ? "-" : "") + digits;
}

/// The two or three numbers of a range, brought to the same number of places.
struct Progression {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::optional<std::int64_t> by;  ///< the third, where there is one
    std::size_t places = 0;
};

ConfigError range_fault(const DocumentNode& node, const std::string& key, const std::string& allowed)
{
    return node.place.fault(key, shown_text(node.flow_text()), allowed);
}

/// `third` scales with the others (a step) or stays as it is (a factor).
Progression progression(const DocumentNode& node, const std::string& key, bool third_scales)
{
    const std::string allowed = "two or three decimal numbers in brackets";
    if (node.kind != DocumentNode::Kind::list || node.items.size() < 2 || node.items.size() > 3) {
        throw node.place.fault(key, node.kind == DocumentNode::Kind::list ? shown_text(node.flow_text()) : node.shown(),
                               allowed);
    }
    std::vector<Decimal> numbers;
    Progression out;
    for (const DocumentNode& item : node.items) {
        const std::optional<Decimal> number = decimal_of(item);
        if (!number) throw item.place.fault(key, item.shown(), "a decimal number of at most 15 digits");
        if (numbers.size() < 2 || third_scales) out.places = std::max(out.places, number->places);
        numbers.push_back(*number);
    }
    const auto scaled = [&](std::size_t i) {
        std::int64_t units = numbers[i].units;
        for (std::size_t place = numbers[i].places; place < out.places; ++place) {
            if (units > kMostUnits / 10 || units < -kMostUnits / 10) {
                throw range_fault(node, key, "numbers of at most 18 digits in all");
            }
            units *= 10;
        }
        return units;
    };
    out.first = scaled(0);
    out.last = scaled(1);
    if (numbers.size() == 3) {
        if (!third_scales && numbers[2].places > 0) throw range_fault(node, key, "a factor that is an integer");
        out.by = third_scales ? scaled(2) : numbers[2].units;
    }
    return out;
}

std::vector<Decimal> linear_range(const DocumentNode& node, const std::string& key)
{
    const Progression range = progression(node, key, true);
    std::int64_t step = range.by.value_or(1);
    if (!range.by) {
        for (std::size_t place = 0; place < range.places; ++place) step *= 10;
    }
    const std::int64_t distance = range.last - range.first;
    const bool reaches = step != 0 && distance % step == 0 && distance / step >= 0;
    if (!reaches) throw range_fault(node, key, "a step that leads from the first number to the last");
    if (static_cast<std::uint64_t>(distance / step) >= kMostValues) {
        throw range_fault(node, key, fmt::format("at most {} values", kMostValues));
    }
    std::vector<Decimal> values;
    for (std::int64_t i = 0; i <= distance / step; ++i) values.push_back({range.first + i * step, range.places});
    return values;
}

std::vector<Decimal> log_range(const DocumentNode& node, const std::string& key)
{
    const Progression range = progression(node, key, false);
    const std::int64_t factor = range.by.value_or(2);
    if (range.first <= 0) throw range_fault(node, key, "a first number greater than 0");
    if (factor < 2 || factor > kMostFactor) {
        throw range_fault(node, key, fmt::format("a factor 2..{}", kMostFactor));
    }
    std::vector<Decimal> values = {{range.first, range.places}};
    while (values.back().units < range.last && values.back().units <= kMostUnits / factor) {
        values.push_back({values.back().units * factor, range.places});
    }
    if (values.back().units != range.last) {
        throw range_fault(node, key, "a factor that leads from the first number to the last");
    }
    return values;
}

std::vector<DocumentNode> nodes_of(const std::vector<Decimal>& values, const Place& place)
{
    std::vector<DocumentNode> nodes;
    for (const Decimal& value : values) {
        DocumentNode node;
        node.kind = DocumentNode::Kind::scalar;
        node.text = text_of(value);
        node.place = place;
        nodes.push_back(std::move(node));
    }
    return nodes;
}

std::vector<DocumentNode> listed(const DocumentNode& node, const std::string& key)
{
    if (node.items.empty()) throw node.place.fault(key, "an empty list", "one or more values");
    if (node.items.size() > kMostValues) {
        throw node.place.fault(key, fmt::format("a list of {}", node.items.size()),
                               fmt::format("at most {} values", kMostValues));
    }
    std::set<std::string> seen;
    for (const DocumentNode& item : node.items) {
        if (!seen.insert(item.flow_text()).second) {
            throw item.place.fault(key, shown_text(item.flow_text()) + " a second time", "each value once");
        }
    }
    return node.items;
}

}  // namespace

std::vector<DocumentNode> axis_values(const DocumentNode& node, const std::string& key)
{
    if (node.kind == DocumentNode::Kind::list) return listed(node, key);
    if (node.kind != DocumentNode::Kind::map || node.entries.size() != 1) {
        throw node.place.fault(key, node.shown(), kAllowed);
    }
    const DocumentNode::Entry& range = node.entries.front();
    if (range.key == "range") return nodes_of(linear_range(range.value, key), range.value.place);
    if (range.key == "log_range") return nodes_of(log_range(range.value, key), range.value.place);
    throw range.place.fault(key, fmt::format("the key {}", shown_text(range.key)), kAllowed);
}

}  // namespace wagesim::config
