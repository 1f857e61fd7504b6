// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The schema's visitor that fills structs from a parsed map, refusing whatever the schema does not allow. Opens no
// file.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platforms/config/document.hpp"
#include "platforms/config/names.hpp"
#include "platforms/config/schema.hpp"

namespace wagesim::config {

/// Reads one map. A first pass over the schema only collects its keys, so that a misspelt key is reported as that and
/// not as the missing one that it was meant to be.
class Reader {
public:
    /// Reads `node`, the map under `key` ("network.layers.0.conv"; empty for the run itself), with `describe_keys`, and
    /// records in `origins` where each key stands. `allowed` is what a fault says where `node` is no map.
    template <class Describe>
    static void read(const DocumentNode& node, const std::string& key, Origins& origins, const char* allowed,
                     Describe&& describe_keys)
    {
        record(origins, key, node.place);
        if (node.kind != DocumentNode::Kind::map) throw node.place.fault(key, node.shown(), allowed);
        Reader collector(node, key, origins, true);
        describe_keys(collector);
        collector.refuse_unknown_keys();
        Reader reader(node, key, origins, false);
        describe_keys(reader);
    }

    void name(const char* key, std::string& value);
    void seed(const char* key, std::uint64_t& value);
    void integer(const char* key, int& value, Range range, Need need = Need::optional);
    /// An integer, or the word float: then `is_float`, and `value` stays.
    void width(const char* key, int& value, bool& is_float, Range range);
    /// What a run may use of the machine: an integer on which no result depends.
    void expense(const char* key, int& value, Range range) { integer(key, value, range); }
    void odd(const char* key, int& value, Range range, Need need);
    void power_of_two(const char* key, int& value, Range range);
    /// Finite, greater than 0, at least `least`.
    void real(const char* key, double& value, double most, double least = 0.0);
    /// Finite, 0 up to `most`.
    void amount(const char* key, double& value, double most);
    /// 0 up to, not including, 1.
    void fraction(const char* key, double& value);
    void flag(const char* key, bool& value);
    void path(const char* key, std::string& value);  ///< required; `${NAME}` substituted
    void paths(const char* key, std::vector<std::string>& value);
    void optional_path(const char* key, std::string& value);
    /// A list, which may be empty.
    void integers(const char* key, std::vector<int>& value, Range range);
    void eta(const char* key, std::map<int, int>& value, Need need);
    /// First epoch -> number above 0, at most `most`.
    void rates(const char* key, std::map<int, double>& value, double most);
    void padding(const char* key, std::optional<int>& value, Range range);
    void pooling(const char* key, std::optional<Pooling>& value, Range range);
    void derived(const char* key, std::optional<int>& value, Range range);
    void layers(const char* key, std::vector<Layer>& value);
    void chip(const char* key, std::optional<chip::ChipConfig>& value);
    void data(const char* key, DataConfig& value);
    /// The value as it was written, for a file whose rules are its own; null where the key is missing.
    void node(const char* key, const DocumentNode*& value, const char* allowed, Need need = Need::optional);

    template <class E>
    void choice(const char* key, E& value, Need need = Need::optional)
    {
        std::vector<std::string> words;
        for (const auto& entry : names_of(value)) words.emplace_back(entry.second);
        const std::optional<std::size_t> index = word(key, words, need);
        if (index) value = names_of(value)[*index].first;
    }

    template <class Describe>
    void map(const char* key, Need need, Describe&& describe_keys)
    {
        const DocumentNode* node = take(key, need, "a map");
        if (node != nullptr) read(*node, inner(key), origins_, "a map", std::forward<Describe>(describe_keys));
    }

private:
    Reader(const DocumentNode& node, std::string key, Origins& origins, bool collecting)
        : node_(node), key_(std::move(key)), origins_(origins), collecting_(collecting)
    {
    }

    static void record(Origins& origins, const std::string& key, const Place& place);
    void refuse_unknown_keys() const;
    [[nodiscard]] std::string inner(const std::string& key) const { return key_.empty() ? key : key_ + "." + key; }
    /// The value under `key`; null where there is none to read.
    const DocumentNode* take(const char* key, Need need, const std::string& allowed);
    [[noreturn]] static void refuse(const DocumentNode& node, const std::string& key, const std::string& allowed);
    [[nodiscard]] static std::int64_t integer_of(const DocumentNode& node, const std::string& key, Range range,
                                                 const std::string& allowed);
    [[nodiscard]] static double number_of(const DocumentNode& node, const std::string& key, const std::string& allowed);
    /// Calls visit(first epoch, full key, value) for each entry of a schedule under `key`, where there is one.
    template <class Visit>
    void schedule(const char* key, Need need, const std::string& what, Visit&& visit);
    [[nodiscard]] static std::string data_path(const DocumentNode& node, const std::string& key);
    [[nodiscard]] std::optional<std::size_t> word(const char* key, const std::vector<std::string>& words, Need need);
    void layer(const DocumentNode& node, const std::string& key, Layer& value);

    const DocumentNode& node_;
    std::string key_;
    Origins& origins_;
    bool collecting_;
    std::vector<std::string> keys_;  ///< collected
};

}  // namespace wagesim::config
