// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What every fault of a configuration is thrown as. Faults of data, checkpoints and weights are DataError instead.
#pragma once

#include <stdexcept>

namespace wagesim::config {

/// A configuration that is not legal. `what()` is one line: "file:line:col: key.path: got X, allowed Y", or
/// "--set key.path: got X, allowed Y" where the command line is to blame. Lines and columns count from 1, columns in
/// bytes.
class ConfigError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace wagesim::config
