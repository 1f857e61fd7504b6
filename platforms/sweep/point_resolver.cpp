// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/point_resolver.hpp"

#include <fmt/format.h>

namespace wagesim::sweep {

std::string Identity::folder_name() const
{
    constexpr std::size_t kDigits = 16;
    const std::string end = steps ? fmt::format("-{}steps", *steps) : "";
    return fmt::format("{}-{}-model{}{}", config_hash.substr(0, kDigits), command, model, end);
}

config::RunConfig PointResolver::run(const Point& point) const
{
    std::vector<const config::Override*> changes;
    changes.reserve(sweep_.fixed.size() + stage_.fixed.size() + point.settings.size());
    for (const config::Override& fixed : sweep_.fixed) changes.push_back(&fixed);
    for (const config::Override& fixed : stage_.fixed) changes.push_back(&fixed);
    for (const config::Override& setting : point.settings) changes.push_back(&setting);
    config::RunConfig run = sweep_.base.resolve(changes);
    if (stage_.command == config::SweepCommand::simulate && !run.chip) {
        throw run.origins.fault("chip", "nothing", "a chip: the command is simulate");
    }
    return run;
}

ResolvedPoint PointResolver::resolve(const Point& point)
{
    ResolvedPoint resolved;
    try {
        resolved.run = run(point);
    } catch (const config::ConfigError& error) {
        resolved.fault = error.what();
        resolved.identity = {"illegal " + label_of(point), config::name_of(stage_.command), stage_.steps, model_};
        return resolved;
    }
    resolved.identity = identity(*resolved.run);
    return resolved;
}

Identity PointResolver::identity(const config::RunConfig& run)
{
    return {config::config_hash(run, digests_), config::name_of(stage_.command), stage_.steps, model_};
}

}  // namespace wagesim::sweep
