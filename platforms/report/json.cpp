// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/report/json.hpp"

#include <fmt/core.h>

#include "platforms/report/text_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::report {

Json read_json_file(const std::string& path)
{
    const std::string text = read_text_file(path);
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw DataError(fmt::format("{}: got no JSON from byte {} on, allowed one JSON object", path, error.byte));
    } catch (const Json::out_of_range&) {
        throw DataError(fmt::format("{}: got a number beyond binary64, allowed one JSON object", path));
    }
}

JsonReader JsonReader::at(const std::string& key) const
{
    if (!value_.is_object()) refuse("an object");
    const std::string full = key_.empty() ? key : key_ + "." + key;
    const auto found = value_.find(key);
    if (found == value_.end()) throw DataError(fmt::format("{}: {}: got nothing, allowed a value", file_, full));
    return {*found, file_, full};
}

JsonReader JsonReader::at(std::size_t index) const
{
    if (index >= size()) refuse(fmt::format("more than {} elements", index));
    return {value_[index], file_, fmt::format("{}[{}]", key_, index)};
}

std::size_t JsonReader::size() const
{
    if (!value_.is_array()) refuse("an array");
    return value_.size();
}

double JsonReader::number() const
{
    if (!value_.is_number()) refuse("a number");
    return value_.get<double>();
}

std::optional<double> JsonReader::number_or_null() const
{
    if (value_.is_null()) return std::nullopt;
    if (!value_.is_number()) refuse("a number or null");
    return value_.get<double>();
}

std::string JsonReader::text() const
{
    if (!value_.is_string()) refuse("a text");
    return value_.get<std::string>();
}

void JsonReader::require_numbers() const
{
    if (!value_.is_object()) {
        (void)number_or_null();
        return;
    }
    for (const auto& [key, below] : value_.items()) at(key).require_numbers();
}

void JsonReader::refuse(const std::string& allowed) const
{
    throw DataError(fmt::format("{}: {}: got {}, allowed {}", file_, key_.empty() ? "the file" : key_,
                                value_.is_null() ? "null" : std::string("a value of type ") + value_.type_name(),
                                allowed));
}

}  // namespace wagesim::report
