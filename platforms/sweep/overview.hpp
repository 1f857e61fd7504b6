// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// All points of a sweep with what is known of them. Shows nothing; runs nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/constraint_set.hpp"
#include "platforms/sweep/database.hpp"
#include "platforms/sweep/point_source.hpp"

namespace wagesim::sweep {

struct PointView {
    std::vector<std::string> settings;  ///< values as texts, in the order of Overview::variables
    std::uint64_t design = 0;           ///< its number in the grid
    std::uint64_t seed = 0;
    std::size_t stage = 0;  ///< the last one that has it
    bool excluded = false;  ///< by a constraint on keys: there is no point
    /// In that stage; without the result. None: never begun.
    std::optional<Record> record;
    Identity identity;                              ///< where there is a record
    std::string folder;                             ///< in DIR/runs; empty where it has none
    std::vector<std::optional<double>> objectives;  ///< in the order of the sweep file, of the last stage that has them
    bool feasible = true;                           ///< as far as it is done, it breaks no constraint

    [[nodiscard]] bool is_done() const noexcept { return record && record->state == State::done; }
    /// How it fares as a row of a table: done, infeasible, failed, excluded, begun or missing.
    [[nodiscard]] const char* state_word() const noexcept;
};

struct Overview {
    std::vector<config::Variable> variables;
    std::vector<config::Objective> objectives;
    std::vector<std::string> stages;  ///< names
    std::vector<PointView> points;    ///< in the order of their indices in the first stage
    std::uint64_t unlisted = 0;       ///< of a very large sweep, points behind these, which nobody has begun
};

/// Up to here an overview lists points that nobody has begun; of larger sweeps those behind the last one that is known
/// are counted, since listing takes a kilobyte each.
inline constexpr std::uint64_t kMostListed = 100'000;

/// What an overview is made of. `first` is null where an optimiser chooses, `database` where the sweep has never run.
struct OverviewSource {
    const config::SweepConfig& sweep;
    const DesignGrid& grid;
    const PointSource* first;
    const std::string& fingerprint;  ///< of the sweep as it is (survey.hpp)
    Database* database;
    int model;
    std::size_t stages = std::numeric_limits<std::size_t>::max();  ///< how many are looked at, from the first
};

/// Throws ConfigError, DataError.
[[nodiscard]] Overview make_overview(const OverviewSource& source);

/// How many points are in each state.
struct Counts {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t excluded = 0;
    std::uint64_t begun = 0;
    std::uint64_t untouched = 0;
};
[[nodiscard]] Counts count_states(const Overview& overview);

}  // namespace wagesim::sweep
