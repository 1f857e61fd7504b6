// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The one exception that the library throws for what a caller can do something about.
#pragma once

#include <stdexcept>
#include <string>

#include <wagesim/export.hpp>

namespace wagesim {

class WAGESIM_EXPORT Error : public std::runtime_error {
public:
    /// After the exit status that the program would have ended with.
    enum class Kind {
        config,       ///< 2: a file, key, value or option
        data,         ///< 3: unreadable data, checkpoints, weights or results
        interrupted,  ///< 4: a checkpoint has been written where the run has a folder
        internal,     ///< anything else: a fault of wagesim, or no program to run
    };

    /// `line` is one line: "run.yaml:8:9: training.batch: got x, allowed an integer 1..65536".
    Error(Kind kind, const std::string& line) : std::runtime_error(line), kind_(kind) {}
    ~Error() override;  // in the library, so that all of a program's parts know one type

    [[nodiscard]] Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

}  // namespace wagesim
