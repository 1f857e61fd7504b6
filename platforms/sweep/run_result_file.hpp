// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a finished run left: result.json, and the figures in it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "platforms/sweep/database.hpp"

namespace wagesim::sweep {

/// The record of the run in `folder`, of which a worker of `identity` has just ended well; nothing where its result is
/// another's, or of more steps than the point has. That it is not of fewer is the worker's exit status to say: somebody
/// may have ended the run early by hand, which only a run that goes on finds out.
[[nodiscard]] std::optional<Record> finished_run(const std::string& folder, const Identity& identity);

/// The record of a run whose result.json is `text`. Throws DataError for what is none.
[[nodiscard]] Record record_of_result(const std::string& text);

/// The numbers of a result.json.
class Figures {
public:
    explicit Figures(const std::string& result) : root_(nlohmann::json::parse(result, nullptr, false)) {}

    /// The number under the dotted path `field` ("epochs.last.loss"); nothing where it is null or missing.
    [[nodiscard]] std::optional<double> number(const std::string& field) const;
    [[nodiscard]] const nlohmann::json& root() const noexcept { return root_; }

private:
    nlohmann::json root_;
};

}  // namespace wagesim::sweep
