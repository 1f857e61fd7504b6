// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep while it is looked at: its designs, which points its stages have, and what is known of them. It computes no
// point and says nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/constraint_set.hpp"
#include "platforms/sweep/database.hpp"
#include "platforms/sweep/overview.hpp"
#include "platforms/sweep/point_source.hpp"
#include "platforms/sweep/survey.hpp"

namespace wagesim::sweep {

class SurveyedSweep {
public:
    /// Keeps a reference. `model` is the program's; `breathe` is called often meanwhile, and may throw. Throws as
    /// survey(), and ConfigError where an optimiser has fewer than two objectives to weigh.
    SurveyedSweep(
        const config::SweepConfig& sweep, int model, const std::function<void()>& breathe = [] {});
    SurveyedSweep(const SurveyedSweep&) = delete;
    SurveyedSweep& operator=(const SurveyedSweep&) = delete;

    [[nodiscard]] const config::SweepConfig& config() const noexcept { return sweep_; }
    [[nodiscard]] const std::string& name() const noexcept { return sweep_.name; }
    [[nodiscard]] const config::Stage& stage(std::size_t stage) const { return sweep_.stages.at(stage); }
    [[nodiscard]] std::size_t stages() const noexcept { return sweep_.stages.size(); }
    [[nodiscard]] const DesignGrid& grid() const noexcept { return grid_; }
    [[nodiscard]] const ConstraintSet& constraints() const noexcept { return constraints_; }
    [[nodiscard]] const std::string& fingerprint() const noexcept { return survey_.fingerprint; }
    /// digest_of_content, when it was read.
    [[nodiscard]] const std::string& content() const noexcept { return survey_.content; }
    [[nodiscard]] int model() const noexcept { return model_; }

    /// Whether an optimiser chooses the designs of the first stage.
    [[nodiscard]] bool has_optimiser() const noexcept;
    /// By their numbers, the objectives that it weighs: those that the first stage has figures for.
    [[nodiscard]] std::vector<std::size_t> weighed_objectives() const;
    /// Whether the points of the stage are simulated with fidelity `timing`.
    [[nodiscard]] bool is_without_data(std::size_t stage) const { return survey_.without_data.at(stage); }
    [[nodiscard]] PointResolver resolver(std::size_t stage) const { return {sweep_, sweep_.stages.at(stage), model_}; }

    /// Opens the sweep's database in `file`, or creates it, and describes the sweep in it. Throws as Database.
    [[nodiscard]] Database open(const std::string& file) const;

    /// Of all stages. `database` is null where the sweep has never run.
    [[nodiscard]] Overview overview(Database* database) const;
    /// The designs that `stage`, one of those after the first, takes over from the one before.
    [[nodiscard]] std::vector<std::uint64_t> kept_designs(Database& database, std::size_t stage) const;
    /// The points of `stage`: of the first those of the sampling, which is no optimiser; of a later one `kept` with all
    /// seeds. Keeps a reference to this object.
    [[nodiscard]] std::unique_ptr<PointSource> source(std::size_t stage, std::vector<std::uint64_t> kept) const;
    /// How many runs the database lacks for the points of the first stage, some of which may mean the same run; nothing
    /// where an optimiser chooses, or the points are too many to be looked at (kMostSurveyed).
    [[nodiscard]] std::optional<std::uint64_t> missing_runs(Database& database) const;

private:
    const config::SweepConfig& sweep_;
    int model_;
    DesignGrid grid_;
    ConstraintSet constraints_;
    std::unique_ptr<PointSource> first_;  ///< of the first stage; null where an optimiser chooses
    Survey survey_;
};

}  // namespace wagesim::sweep
