// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a sweep has found, out of its database: neither sweep file nor data are needed, and nothing is computed. May be
// opened while the sweep runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <wagesim/error.hpp>
#include <wagesim/export.hpp>
#include <wagesim/result.hpp>

namespace wagesim {

namespace sweep {
struct Identity;
}

/// A key that is varied. `role`: free (one chooses between its values), held (the ground on which one compares), seed.
struct SweepVariable {
    std::string key;
    std::string role;
};

/// A figure by which points are compared. `direction`: min, max.
struct SweepObjective {
    std::string figure;
    std::string direction;
};

struct SweepPoint {
    std::vector<std::string> settings;              ///< values as YAML, in the order of the variables
    std::string state;                              ///< done, infeasible, failed, excluded; missing: not done yet
    std::string stage;                              ///< the last one that has it
    std::vector<std::optional<double>> objectives;  ///< of the last stage that has each
    /// Which front its design is on among those that it competes with, 1 is the Pareto front; none where it does not
    /// compete: not done, infeasible, or without a figure.
    std::optional<std::size_t> front;
    std::optional<double> wall_seconds;
    std::string config_hash;  ///< empty where there is no point
    std::string folder;       ///< of the run, absolute; empty: the result is in the database alone
    std::string error;        ///< of a failed point
};

/// How much a variable decides of an objective, among the designs that compete.
struct SweepSensitivity {
    std::string key;
    std::string figure;
    std::optional<double> share;  ///< of the variance, 0..1: the correlation ratio; none where the figure never varies
    double least = 0.0;           ///< and most, of the means over the designs of each value
    double most = 0.0;
};

class WAGESIM_EXPORT SweepResults {
public:
    /// `path`: the folder of a sweep, or its sweep.sqlite. Throws Error (data).
    [[nodiscard]] static SweepResults open(const std::string& path);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<SweepVariable>& variables() const noexcept { return variables_; }
    [[nodiscard]] const std::vector<SweepObjective>& objectives() const noexcept { return objectives_; }
    /// Those that have been begun, or excluded, in the order of the sweep.
    [[nodiscard]] const std::vector<SweepPoint>& points() const noexcept { return points_; }
    [[nodiscard]] const std::vector<SweepSensitivity>& sensitivities() const noexcept { return sensitivities_; }

    /// Of each point the number under a dotted path of its result, as Result::figure; NaN where it has none. Reads the
    /// database. Throws Error (data).
    [[nodiscard]] std::vector<double> figure(const std::string& path) const;
    /// The whole result of a point. Throws Error (data) where it is not done, std::out_of_range.
    [[nodiscard]] Result result(std::size_t point) const;

private:
    SweepResults() = default;
    std::string file_;
    std::string name_;
    std::vector<SweepVariable> variables_;
    std::vector<SweepObjective> objectives_;
    std::vector<SweepPoint> points_;
    std::shared_ptr<const std::vector<sweep::Identity>> identities_;  ///< of the points
    std::vector<SweepSensitivity> sensitivities_;
};

}  // namespace wagesim
