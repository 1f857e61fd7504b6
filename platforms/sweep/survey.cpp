// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/survey.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platforms/config/print_run.hpp"
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

std::string digest_of_content(const config::SweepConfig& sweep, const DesignGrid& grid)
{
    constexpr std::size_t kMostLookedAt = 64;  // a point takes a millisecond or two
    constexpr int kNoModel = 0;
    config::Sha256 hash;
    add_points(hash, sweep);
    std::vector<std::uint64_t> designs = grid.one_by_one();
    designs.resize(std::min(designs.size(), kMostLookedAt));
    for (const config::Stage& stage : sweep.stages) {
        const PointResolver resolver(sweep, stage, kNoModel);
        for (const std::uint64_t design : designs) {
            try {
                add(hash, config::print_results_part(resolver.run(grid.point(design, 0, 0))));
            } catch (const config::ConfigError& error) {
                add(hash, error.what());  // of one that constraints exclude
            }
        }
    }
    return hash.hexadecimal();
}

Survey survey(const config::SweepConfig& sweep, const DesignGrid& grid, const PointSource* first, int model,
              const std::function<void()>& breathe)
{
    Survey out;
    out.content = digest_of_content(sweep, grid);
    const ConstraintSet constraints(sweep);
    config::Sha256 hash;
    add_points(hash, sweep);
    for (const config::Stage& stage : sweep.stages) {
        PointResolver resolver(sweep, stage, model);
        bool without_data = stage.command == config::SweepCommand::simulate;
        for (const std::uint64_t design : grid.one_by_one()) {
            breathe();
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
            breathe();
            const Point point = first->point(i);
            std::optional<Identity>& identity = out.identities.emplace_back();
            if (!constraints.excludes(point.settings)) identity = resolver.identity(resolver.run(point));
        }
    }
    out.fingerprint = hash.hexadecimal();
    return out;
}

}  // namespace wagesim::sweep
