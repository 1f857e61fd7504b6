// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/sweep_results.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <utility>

#include "platforms/config/names.hpp"
#include "platforms/library/failure.hpp"
#include "platforms/sweep/sensitivity.hpp"
#include "platforms/sweep/stored_sweep.hpp"
#include "platforms/sweep/summary.hpp"

namespace wagesim {
namespace {

namespace fs = std::filesystem;

/// Absolute.
std::string database_in_path(const std::string& path)
{
    const fs::path place = fs::absolute(path);
    std::error_code ignored;
    return (fs::is_directory(place, ignored) ? place / "sweep.sqlite" : place).string();
}

SweepPoint point_of(const sweep::PointView& view, const sweep::Overview& overview, const fs::path& runs)
{
    SweepPoint point;
    point.settings = view.settings;
    point.state = view.state_word();
    point.stage = overview.stages.at(view.stage);
    point.objectives = view.objectives;
    point.config_hash = view.identity.config_hash;
    if (!view.folder.empty()) point.folder = (runs / view.folder).string();
    if (view.record) {
        point.error = view.record->error;
        point.wall_seconds = view.record->wall_seconds;
    }
    return point;
}

std::vector<SweepSensitivity> sensitivities_of(const sweep::Summary& summary)
{
    std::vector<SweepSensitivity> all;
    for (const sweep::Sensitivity& each : sweep::find_sensitivities(summary)) {
        all.push_back({summary.variables[each.variable].key, summary.objectives[each.objective].field, each.share,
                       each.least, each.most});
    }
    return all;
}

}  // namespace

SweepResults SweepResults::open(const std::string& path)
{
    return library::translated([&] {
        if (path.empty()) throw Error(Error::Kind::config, "a sweep: got nothing, allowed its folder or sweep.sqlite");
        SweepResults results;
        results.file_ = database_in_path(path);
        const fs::path runs = fs::path(results.file_).parent_path() / "runs";
        sweep::StoredSweep stored(results.file_);
        const sweep::Overview overview = stored.overview([](std::size_t, const sweep::Figures&) {});
        const sweep::Summary summary = sweep::summarize(overview);
        results.name_ = stored.description().name;
        for (const config::Variable& each : overview.variables) {
            results.variables_.push_back({each.key, config::name_of(each.role)});
        }
        for (const config::Objective& each : overview.objectives) {
            results.objectives_.push_back({each.field, config::name_of(each.direction)});
        }
        std::vector<sweep::Identity> identities;
        for (std::size_t i = 0; i < overview.points.size(); ++i) {
            SweepPoint point = point_of(overview.points[i], overview, runs);
            identities.push_back(overview.points[i].identity);
            const std::optional<std::size_t> design = summary.configuration_of[i];
            if (design) point.front = summary.configurations[*design].front;
            results.points_.push_back(std::move(point));
        }
        results.identities_ = std::make_shared<const std::vector<sweep::Identity>>(std::move(identities));
        results.sensitivities_ = sensitivities_of(summary);
        return results;
    });
}

std::vector<double> SweepResults::figure(const std::string& path) const
{
    return library::translated([&] {
        std::vector<double> values(points_.size(), std::numeric_limits<double>::quiet_NaN());
        sweep::StoredSweep stored(file_);
        static_cast<void>(stored.overview([&](std::size_t point, const sweep::Figures& figures) {
            // Points may have come since this object was made: they are behind those that it has.
            const std::optional<double> number = figures.number(path);
            if (number && point < values.size()) values[point] = *number;
        }));
        return values;
    });
}

Result SweepResults::result(std::size_t point) const
{
    const SweepPoint& wanted = points_.at(point);
    return library::translated([&] {
        std::optional<sweep::Record> record;
        if (!wanted.config_hash.empty()) record = sweep::StoredSweep(file_).find((*identities_)[point]);
        if (!record || record->state != sweep::State::done) {
            throw Error(Error::Kind::data,
                        fmt::format("{}: point {} is {}, and has no result", file_, point, wanted.state));
        }
        return Result(std::move(record->result));
    });
}

}  // namespace wagesim
