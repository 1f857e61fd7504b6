// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A YAML document as a tree of values that know where they were written. Knows no key of any file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platforms/config/config_error.hpp"

namespace wagesim::config {

/// What a text came from: a file, or one `--set`.
struct Source {
    std::string label;                ///< as faults name it
    std::filesystem::path directory;  ///< absolute; relative paths in the text start here
    std::filesystem::path file;       ///< absolute; empty for `--set`
    std::string mount;                ///< key under which the document's root stands in the run; empty for the run
    std::string root;                 ///< what faults call the root itself: "run file"; empty for `--set`
    [[nodiscard]] bool is_override() const noexcept { return root.empty(); }
};

/// A position in a source, counted from 1; columns in bytes.
struct Place {
    std::shared_ptr<const Source> source;
    int line = 1;
    int column = 1;

    /// "file:line:col" or "--set".
    [[nodiscard]] std::string where() const;
    /// The one-line fault of `key`, a key of the run ("network.layers.0.conv").
    [[nodiscard]] ConfigError fault(const std::string& key, const std::string& got, const std::string& allowed) const;
};

/// One value. Copies are deep: changing a node changes no other that an alias made from the same text.
struct DocumentNode {
    enum class Kind { null, scalar, list, map };
    struct Entry;

    Kind kind = Kind::null;
    bool quoted = false;              ///< a scalar in quotes or a block scalar: a string, whatever it looks like
    std::string text;                 ///< of a scalar
    std::vector<DocumentNode> items;  ///< of a list
    std::vector<Entry> entries;       ///< of a map, in the order of the text; keys are distinct
    Place place;

    /// The value under `key`, or null where the map has no such key (or this is no map).
    [[nodiscard]] const DocumentNode* find(const std::string& key) const noexcept;
    [[nodiscard]] DocumentNode* find(const std::string& key) noexcept;
    /// How faults show it: the scalar's text on one line, "a list", "a map", "nothing".
    [[nodiscard]] std::string shown() const;
    /// All of it on one line, as YAML in flow style: `{0: 3, 200: 0}`.
    [[nodiscard]] std::string flow_text() const;
};

struct DocumentNode::Entry {
    std::string key;
    Place place;  ///< of the key
    DocumentNode value;
};

/// `text` on one line for a fault: control characters escaped, long ones cut.
[[nodiscard]] std::string shown_text(const std::string& text);

/// `text` as a YAML string in double quotes.
[[nodiscard]] std::string quoted_text(const std::string& text);

/// Prefix of a fault that is blamed on `where` ("file:line:col", or "--set").
[[nodiscard]] std::string fault_text(const std::string& where, const std::string& key, const std::string& got,
                                     const std::string& allowed);

/// `key` as a source under `mount` names it; `root` where nothing is left.
[[nodiscard]] std::string key_in_source(const std::string& key, const std::string& mount, const std::string& root);

/// `path`, written in `node` under `key`, as its source means it: absolute, from the folder of its file or from the
/// working directory. Throws ConfigError where it holds a NUL, which would end it early.
[[nodiscard]] std::filesystem::path absolute_path(const DocumentNode& node, const std::string& key,
                                                  const std::string& path);

/// Parses one document. Throws ConfigError for what is not one YAML document of UTF-8 text with distinct scalar keys
/// and no tags, and for one that is larger or deeper than a configuration can be. `key` is what the whole text is the
/// value of: empty for a run file, "training.batch" for `--set training.batch=...`.
[[nodiscard]] DocumentNode parse_document(const std::string& text, const std::shared_ptr<const Source>& source,
                                          const std::string& key);

}  // namespace wagesim::config
