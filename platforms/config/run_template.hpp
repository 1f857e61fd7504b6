// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run file that is parsed once and resolved many times, each time with other overrides: the points of a sweep.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platforms/config/overrides.hpp"
#include "platforms/config/run_config.hpp"

namespace wagesim::config {

class RunTemplate {
public:
    /// Parses `text`, a run file. Throws ConfigError where it is no map; its keys are not looked at yet.
    RunTemplate(const std::string& text, const std::shared_ptr<const Source>& source);

    /// The run with `overrides` applied in order, checked as load_run checks it. Reads the network, chip and technology
    /// files that it names. Throws ConfigError, which blames an override's own place for an override's value.
    [[nodiscard]] RunConfig resolve(const std::vector<const Override*>& overrides) const;

private:
    DocumentNode root_;
};

}  // namespace wagesim::config
