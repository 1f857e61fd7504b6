// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/stored_sweep.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <utility>

#include "platforms/sweep/constraint_judge.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

/// What `work` returns. Faults of what stands in the database are the file's.
template <class Work>
auto blaming(const std::string& file, const Work& work)
{
    try {
        return work();
    } catch (const DataError&) {
        throw;
    } catch (const std::invalid_argument& error) {  // of an expression
        throw DataError(fmt::format("{}: got a constraint of which {}", file, error.what()));
    } catch (const std::runtime_error& error) {  // of a compressed result
        throw DataError(fmt::format("{}: {}", file, error.what()));
    }
}

}  // namespace

class StoredSweep::Maker {
public:
    Maker(Database& database, const Description& description, ConstraintJudge& judge,
          const std::function<void(std::size_t, const Figures&)>& visit)
        : database_(database), description_(description), judge_(judge), visit_(visit)
    {
    }

    Overview make()
    {
        overview_.variables = description_.variables;
        overview_.objectives = description_.objectives;
        for (const Description::Stage& stage : description_.stages) overview_.stages.push_back(stage.name);
        for (std::size_t stage = 0; stage < overview_.stages.size(); ++stage) {
            database_.visit_members(stage, [&](const Member& member) { add(stage, member); });
        }
        for (std::size_t i = 0; i < overview_.points.size(); ++i) {
            PointView& point = overview_.points[i];
            const bool is_last = point.stage + 1 == overview_.stages.size() && point.is_done();
            point.feasible = judge_.accepts(i, point.settings, is_last);
        }
        return std::move(overview_);
    }

private:
    void add(std::size_t stage, const Member& member)
    {
        const auto [known, added] =
            index_of_.emplace(std::make_pair(member.design, member.seed), overview_.points.size());
        std::size_t index = known->second;
        if (stage == 0) {
            index = overview_.points.size();
            start(overview_.points.emplace_back(), member);
        } else if (added) {
            throw DataError(fmt::format("{}: got a point of stage {} that the first one does not have",
                                        database_.file(), overview_.stages[stage]));
        }
        PointView& point = overview_.points[index];
        point.stage = stage;
        point.excluded = member.excluded;
        if (member.excluded) return;
        point.identity = member.identity;
        point.folder = member.folder;
        point.record = member.record;
        point.record->result.clear();
        if (member.record.state != State::done) return;
        const Figures figures(member.record.result);
        for (std::size_t i = 0; i < overview_.objectives.size(); ++i) {
            const std::optional<double> number = figures.number(overview_.objectives[i].field);
            if (number) point.objectives[i] = number;
        }
        judge_.add(index, figures);
        visit_(index, figures);
    }

    void start(PointView& point, const Member& member)
    {
        point.design = member.design;
        point.seed = member.seed;
        point.objectives.resize(overview_.objectives.size());
        const nlohmann::json settings = nlohmann::json::parse(member.settings, nullptr, false);
        for (const config::Variable& variable : overview_.variables) {
            const auto found = settings.is_object() ? settings.find(variable.key) : settings.end();
            if (found == settings.end() || !found->is_string()) {
                throw DataError(fmt::format("{}: got a point without {}, allowed one with a value for each variable",
                                            database_.file(), variable.key));
            }
            point.settings.push_back(found->get<std::string>());
        }
    }

    Database& database_;
    const Description& description_;
    ConstraintJudge& judge_;
    const std::function<void(std::size_t, const Figures&)>& visit_;
    Overview overview_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> index_of_;
};

StoredSweep::StoredSweep(const std::string& file) : file_(file), database_(std::make_unique<Database>(file))
{
    blaming(file_, [&] {
        description_ = database_->description();
        judge_ = std::make_unique<ConstraintJudge>(description_.constraints, description_.variables);
    });
}

StoredSweep::~StoredSweep() = default;

const Description& StoredSweep::description() const noexcept
{
    return description_;
}

const std::vector<std::string>& StoredSweep::constrained() const noexcept
{
    return judge_->names();
}

std::optional<Record> StoredSweep::find(const Identity& identity)
{
    return blaming(file_, [&] { return database_->find(identity); });
}

Overview StoredSweep::overview(const std::function<void(std::size_t, const Figures&)>& visit)
{
    return blaming(file_, [&] { return Maker(*database_, description_, *judge_, visit).make(); });
}

}  // namespace wagesim::sweep
