// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who is told how far a sweep's stages are.
#pragma once

#include <cstdint>
#include <memory>

#include "platforms/sweep/books.hpp"

namespace wagesim::sweep {

/// A stage before any of its points is computed.
struct StageStart {
    std::size_t stage = 0;
    const PointSource* source = nullptr;  ///< null where an optimiser chooses
    std::uint64_t to_compute = 0;         ///< points, or runs where `counted`
    bool counted = false;                 ///< what is known already is left out; otherwise there may be less to compute
};

class StageObserver {
public:
    virtual ~StageObserver() = default;
    StageObserver() = default;
    StageObserver(const StageObserver&) = delete;
    StageObserver& operator=(const StageObserver&) = delete;

    /// What it returns is told of the stage's points.
    [[nodiscard]] virtual std::unique_ptr<EngineObserver> stage_begins(const StageStart& start) = 0;
    /// All its points have ended, or the sweep was interrupted.
    virtual void stage_ended(const Tally& tally) = 0;
};

}  // namespace wagesim::sweep
