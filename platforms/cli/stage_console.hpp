// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is printed as a stage of a sweep begins and ends: what there is to compute and how long that should take, what
// became of it. PointConsole has what is printed in between.
#pragma once

#include <memory>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/options.hpp"
#include "platforms/cli/sweep_parallelism.hpp"
#include "platforms/sweep/stage_observer.hpp"
#include "platforms/sweep/surveyed_sweep.hpp"

namespace wagesim::cli {

class StageConsole final : public sweep::StageObserver {
public:
    /// Keeps references.
    StageConsole(const Options& options, const sweep::SurveyedSweep& sweep, const SweepParallelism& parallelism,
                 Console& console);

    [[nodiscard]] std::unique_ptr<sweep::EngineObserver> stage_begins(const sweep::StageStart& start) override;
    void stage_ended(const sweep::Tally& tally) override;

private:
    [[nodiscard]] std::string optimiser_text(const sweep::StageStart& start) const;
    [[nodiscard]] std::string stage_text(const sweep::StageStart& start) const;
    [[nodiscard]] std::string points_text_of(const sweep::StageStart& start) const;
    [[nodiscard]] std::string jobs_text(std::size_t stage) const;
    /// ", about 2 h 07 min"; empty where it cannot be said.
    [[nodiscard]] std::string estimate_text(const sweep::StageStart& start) const;

    const Options& options_;
    const sweep::SurveyedSweep& sweep_;
    const SweepParallelism& parallelism_;
    Console& console_;
};

}  // namespace wagesim::cli
