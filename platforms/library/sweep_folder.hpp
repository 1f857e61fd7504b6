// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The files by which `wagesim sweep` finds, in the sweep's own folder, a sweep that was made in code.
#pragma once

#include <functional>
#include <string>

#include "platforms/config/sweep_config.hpp"

namespace wagesim::library {

/// A sweep as two files' texts.
struct SweepTexts {
    std::string base;   ///< base.yaml
    std::string sweep;  ///< sweep.yaml, which names it
};

/// Makes the folder where there is none, and writes both files; returns the path of sweep.yaml. Nothing is written
/// where a point is no legal run, where another process computes the folder's sweep, where that is another one, where
/// the folder holds a run, or where one of the files does not begin with the line that such files begin with. `breathe`
/// is called often meanwhile, and may throw. Throws Error, ConfigError, DataError.
[[nodiscard]] std::string write_sweep(const std::string& folder, const SweepTexts& texts,
                                      const config::SweepConfig& sweep, const std::function<void()>& breathe);

/// Whether the files are those that were written. Between writing and the program's own lock somebody may have come.
[[nodiscard]] bool holds_sweep(const std::string& folder, const SweepTexts& texts);

}  // namespace wagesim::library
