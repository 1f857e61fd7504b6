// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/survey.hpp"

#include <fmt/format.h>

#include "platforms/config/sha256.hpp"
#include "platforms/sweep/constraint_set.hpp"

namespace wagesim::sweep {
namespace {

/// Lengths before texts: no two lists of texts look the same.
void add(config::Sha256& hash, const std::string& text)
{
    hash.add(fmt::format("{} ", text.size()));
    hash.add(text);
}

void add(config::Sha256& hash, const std::vector<config::Override>& settings)
{
    for (const config::Override& setting : settings) {
        add(hash, setting.key);
        add(hash, setting.value.flow_text());
    }
}

/// Which points there are, and what a later stage or an optimiser chooses them by.
void add_points(config::Sha256& hash, const config::SweepConfig& sweep)
{
    for (const config::Axis& axis : sweep.axes) {
        for (const config::Variable& variable : axis.variables) add(hash, config::name_of(variable.role));
        for (const std::vector<config::Override>& values : axis.values) add(hash, values);
    }
    const config::Sampling& sampling = sweep.sampling;
    add(hash,
        fmt::format("sampling {} {} {} {} {} {}", static_cast<int>(sampling.kind), sampling.designs, sampling.seed,
                    static_cast<int>(sampling.algorithm), sampling.population, sampling.generations));
    for (const config::Constraint& constraint : sweep.constraints) add(hash, constraint.text);
    for (const config::Objective& objective : sweep.objectives) {
        add(hash, objective.field);
        add(hash, config::name_of(objective.direction));
    }
    for (const config::Stage& stage : sweep.stages) {
        add(hash, fmt::format("stage {} {} {} {} {}", stage.name, static_cast<int>(stage.command),
                              stage.steps.value_or(-1), static_cast<int>(stage.keep.kind), stage.keep.count));
        add(hash, stage.fixed);
    }
    add(hash, sweep.fixed);
}

}  // namespace

std::string digest_of(const config::SweepConfig& sweep)
{
    config::Sha256 hash;
    add_points(hash, sweep);
    return hash.hexadecimal();
}

Survey survey(const config::SweepConfig& sweep, const DesignGrid& grid, const PointSource* first, int model)
{
    Survey out;
    const ConstraintSet constraints(sweep);
    config::Sha256 hash;
    add_points(hash, sweep);
    for (const config::Stage& stage : sweep.stages) {
        PointResolver resolver(sweep, stage, model);
        bool without_data = stage.command == config::SweepCommand::simulate;
        for (const std::uint64_t design : grid.one_by_one()) {
            const Point point = grid.point(design, 0, 0);
            if (constraints.excludes(point.settings)) continue;
            const config::RunConfig run = resolver.run(point);
            without_data = without_data && run.chip->fidelity == chip::Fidelity::timing;
            add(hash, resolver.identity(run).folder_name());
        }
        out.without_data.push_back(without_data);
    }
    if (first != nullptr && first->count() <= kMostSurveyed) {
        PointResolver resolver(sweep, sweep.stages.front(), model);
        for (std::uint64_t i = 0; i < first->count(); ++i) {
            const Point point = first->point(i);
            std::optional<Identity>& identity = out.identities.emplace_back();
            if (!constraints.excludes(point.settings)) identity = resolver.identity(resolver.run(point));
        }
    }
    out.fingerprint = hash.hexadecimal();
    return out;
}

}  // namespace wagesim::sweep
