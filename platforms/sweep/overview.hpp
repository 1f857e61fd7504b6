// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// All points of a sweep with what is known of them, and what seeds add up to. Shows nothing; runs nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/database.hpp"
#include "platforms/sweep/point_source.hpp"

namespace wagesim::sweep {

struct PointView {
    std::vector<std::string> settings;  ///< values as texts, in the order of Overview::variables
    Identity identity;
    std::optional<Record> record;                   ///< none: never begun
    std::vector<std::optional<double>> objectives;  ///< of a done point, in the order of the sweep file
};

struct Overview {
    std::vector<config::Variable> variables;
    std::vector<config::Objective> objectives;
    std::vector<PointView> points;  ///< in the order of their indices
};

/// `database` is null where the sweep has never run. Throws ConfigError, DataError.
[[nodiscard]] Overview make_overview(const config::SweepConfig& sweep, const PointSource& source,
                                     PointResolver& resolver, Database* database);

/// How many points are in each state.
struct Counts {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t begun = 0;
    std::uint64_t untouched = 0;
};
[[nodiscard]] Counts count_states(const Overview& overview);

struct Statistic {
    double mean = 0.0;
    double least = 0.0;
    double most = 0.0;
};

/// The points that differ in nothing but their seed.
struct Configuration {
    std::vector<std::string> settings;  ///< in the order of Summary::variables
    std::uint64_t points = 0;
    std::uint64_t done = 0;
    std::vector<std::optional<Statistic>> objectives;  ///< over the done points that have the figure
    /// Whether every point is done and has figure `objective`: only then is its mean that of equal seeds.
    [[nodiscard]] bool is_complete(std::size_t objective) const;

    std::vector<std::uint64_t> figures;  ///< points that have each objective
};

struct Summary {
    std::vector<config::Variable> variables;  ///< without seeds
    std::vector<config::Objective> objectives;
    std::vector<Configuration> configurations;  ///< in the order in which they come first
};
[[nodiscard]] Summary summarize(const Overview& overview);

/// The best configuration by one objective, among those that agree in every held variable.
struct Best {
    std::size_t objective = 0;
    std::vector<std::string> held;             ///< values of the held variables, in order
    std::optional<std::size_t> configuration;  ///< none where no configuration is complete
    std::uint64_t candidates = 0;              ///< complete ones
    std::uint64_t incomplete = 0;              ///< left out, since their seeds are not all done
};
/// For each objective and each combination of held values; of equals, the first.
[[nodiscard]] std::vector<Best> find_best(const Summary& summary);

}  // namespace wagesim::sweep
