// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What computes the points of a stage, whichever way.
#pragma once

#include <functional>
#include <memory>

#include "platforms/sweep/books.hpp"

namespace wagesim::sweep {

class StageEngine {
public:
    virtual ~StageEngine() = default;
    StageEngine() = default;
    StageEngine(const StageEngine&) = delete;
    StageEngine& operator=(const StageEngine&) = delete;

    /// Computes until no point is missing or `interrupted`, which is asked often, says so. Throws DataError and
    /// std::system_error for what no point is to blame for. May be called again when the source has grown.
    virtual Tally run(const std::function<bool()>& interrupted) = 0;
};

/// Makes the engine that the points of a stage need.
using EngineFactory = std::function<std::unique_ptr<StageEngine>(const StageRun& run)>;

}  // namespace wagesim::sweep
