// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/surveyed_sweep.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "platforms/sweep/design_costs.hpp"
#include "platforms/sweep/keep.hpp"

namespace wagesim::sweep {

SurveyedSweep::SurveyedSweep(const config::SweepConfig& sweep, int model, const std::function<void()>& breathe)
    : sweep_(sweep),
      model_(model),
      grid_(sweep),
      constraints_(sweep),
      first_(has_optimiser() ? nullptr : make_source(grid_, sweep.sampling)),
      survey_(survey(sweep, grid_, first_.get(), model, breathe))
{
    if (!has_optimiser() || weighed_objectives().size() >= 2) return;
    throw sweep.objectives_place.fault(
        "objectives", fmt::format("{} that stage {} has figures for", weighed_objectives().size(), stage(0).name),
        "two or more for an optimiser");
}

bool SurveyedSweep::has_optimiser() const noexcept
{
    return sweep_.sampling.kind == config::Sampling::Kind::optimiser;
}

std::vector<std::size_t> SurveyedSweep::weighed_objectives() const
{
    return objectives_of_first_stage(sweep_, is_without_data(0));
}

Database SurveyedSweep::open(const std::string& file) const
{
    Database database(file, sweep_.name, SqliteConnection::Mode::create);
    database.describe(sweep_, survey_.fingerprint);
    return database;
}

Overview SurveyedSweep::overview(Database* database) const
{
    return make_overview({sweep_, grid_, first_.get(), survey_.fingerprint, database, model_});
}

std::vector<std::uint64_t> SurveyedSweep::kept_designs(Database& database, std::size_t stage) const
{
    const Overview before = make_overview({sweep_, grid_, first_.get(), survey_.fingerprint, &database, model_, stage});
    return sweep::kept_designs(before, stage, sweep_.stages.at(stage).keep);
}

std::unique_ptr<PointSource> SurveyedSweep::source(std::size_t stage, std::vector<std::uint64_t> kept) const
{
    if (stage == 0) return make_source(grid_, sweep_.sampling);
    return std::make_unique<ListSource>(grid_, std::move(kept));
}

std::optional<std::uint64_t> SurveyedSweep::missing_runs(Database& database) const
{
    if (survey_.identities.empty()) return std::nullopt;
    std::set<std::string> missing;
    for (const std::optional<Identity>& identity : survey_.identities) {
        if (!identity) continue;
        const std::optional<Record> record = database.find(*identity);
        if (!record || record->state == State::begun) missing.insert(identity->folder_name());
    }
    return missing.size();
}

}  // namespace wagesim::sweep
