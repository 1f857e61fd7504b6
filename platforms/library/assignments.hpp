// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What has been set in a run since it was loaded, as `--set` has it: texts "dotted.key=value" in their order.
#pragma once

#include <string>
#include <vector>

namespace wagesim::library {

class Assignments {
public:
    /// The last word on `key`. An earlier one on the same key is forgotten where nothing in between builds on it, so
    /// that a key set a million times is one text.
    void add(const std::string& key, const std::string& value);

    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }

private:
    std::vector<std::string> keys_;
    std::vector<std::string> texts_;
};

}  // namespace wagesim::library
