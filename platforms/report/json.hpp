// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON whose keys keep their order, and a reader that blames file and key for what is missing or of another kind.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace wagesim::report {

using Json = nlohmann::ordered_json;

/// The whole of a JSON file. Throws DataError for one that cannot be read or is no JSON.
[[nodiscard]] Json read_json_file(const std::string& path);

/// A value of a JSON file with its place. Keeps a reference; every function throws DataError, "file: key: got X,
/// allowed Y".
class JsonReader {
public:
    JsonReader(const Json& value, std::string file, std::string key = {})
        : value_(value), file_(std::move(file)), key_(std::move(key))
    {
    }

    [[nodiscard]] JsonReader at(const std::string& key) const;
    [[nodiscard]] JsonReader at(std::size_t index) const;
    [[nodiscard]] bool has(const std::string& key) const { return value_.is_object() && value_.contains(key); }
    /// Elements of an array.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] double number() const;
    [[nodiscard]] std::optional<double> number_or_null() const;
    [[nodiscard]] std::string text() const;
    /// A map, of any keys, to numbers and nulls, or to such maps.
    void require_numbers() const;
    [[nodiscard]] const Json& value() const noexcept { return value_; }

private:
    [[noreturn]] void refuse(const std::string& allowed) const;

    const Json& value_;
    std::string file_;
    std::string key_;
};

}  // namespace wagesim::report
