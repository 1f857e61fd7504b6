// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From a point to the run that it stands for, and to the identity under which its result is kept.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "platforms/config/config_hash.hpp"
#include "platforms/sweep/design_grid.hpp"

namespace wagesim::sweep {

/// Two runs with equal identities have equal results, wherever and in whatever sweep they are computed.
struct Identity {
    std::string config_hash;
    std::string command;       ///< "train", "simulate"
    std::optional<int> steps;  ///< where the run ends early
    int model = 0;             ///< number of the program's model: it changes when results may

    /// Name of the run's folder: 16 digits of the hash, then the rest.
    [[nodiscard]] std::string folder_name() const;
};

[[nodiscard]] inline bool operator==(const Identity& x, const Identity& y)
{
    return std::tie(x.config_hash, x.command, x.steps, x.model) == std::tie(y.config_hash, y.command, y.steps, y.model);
}

/// A point as far as it can be resolved.
struct ResolvedPoint {
    Identity identity;  ///< of a point that is no legal run, one that its settings make up
    std::optional<config::RunConfig> run;
    std::string fault;  ///< where there is no run: why
};

class PointResolver {
public:
    /// Keeps references. `model` is this program's.
    PointResolver(const config::SweepConfig& sweep, const config::Stage& stage, int model)
        : sweep_(sweep), stage_(stage), model_(model)
    {
    }

    /// The run with the sweep's fixed settings, the stage's and the point's. Throws ConfigError.
    [[nodiscard]] config::RunConfig run(const Point& point) const;
    /// The same for a point that may be no legal run. Throws DataError.
    [[nodiscard]] ResolvedPoint resolve(const Point& point);
    /// Reads the data files, each once. Throws DataError.
    [[nodiscard]] Identity identity(const config::RunConfig& run);

private:
    const config::SweepConfig& sweep_;
    const config::Stage& stage_;
    int model_;
    config::FileDigests digests_;
};

}  // namespace wagesim::sweep
