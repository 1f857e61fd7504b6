// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep on its way through its stages. How points are computed is the engines' business, what is said of it the
// observer's.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platforms/sweep/plan.hpp"
#include "platforms/sweep/stage_engine.hpp"
#include "platforms/sweep/stage_observer.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::sweep {

class StageRunner {
public:
    /// Keeps references. The database is described as the sweep; `version` is the program's, in full.
    StageRunner(const SurveyedSweep& sweep, Database& database, StageObserver& observer, EngineFactory make_engine,
                std::string version);

    /// Goes through the stages, up to the first that lacks points because of `interrupted`, which is asked often. An
    /// optimiser needs two objectives to weigh. Returns the sum over the stages begun.
    Tally run(const std::function<bool()>& interrupted);
    /// The points of share `share` of `plan`, which is the sweep's.
    Tally run_share(const Plan& plan, std::size_t share, const std::function<bool()>& interrupted);

private:
    Tally run_stage(const StageStart& start, const std::vector<std::uint64_t>* points,
                    const std::function<bool()>& interrupted);
    /// The first stage where an optimiser chooses its designs.
    Tally optimise(const std::function<bool()>& interrupted);
    [[nodiscard]] StageRun stage_run(std::size_t stage, const PointSource& source, EngineObserver& observer) const;

    const SurveyedSweep& sweep_;
    Database& database_;
    StageObserver& observer_;
    EngineFactory make_engine_;
    std::string version_;
};

}  // namespace wagesim::sweep
