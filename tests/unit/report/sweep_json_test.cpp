// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Databases made by hand as the data of the explorer page: states, values, figures of stages, fronts, details; and what
// is refused, and how.
#include "platforms/report/sweep_json.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "platforms/sweep/database.hpp"
#include "ref/data/dataset.hpp"
#include "tests/support/run_command.hpp"
#include "tests/unit/report/unpacked_column.hpp"
#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::report {
namespace {

using sweep::State;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Mode = sweep::SqliteConnection::Mode;

std::string result_text(double energy, double cycles, double area = 10.0)
{
    return nlohmann::json(
               {{"wall_seconds", 1.5}, {"chip", {{"energy_j", energy}, {"cycles", cycles}, {"area_mm2", area}}}})
        .dump();
}

class SweepJson : public ::testing::Test {
protected:
    SweepJson()
    {
        sweep_.objectives = {{"chip.energy_j", config::Direction::min}, {"chip.cycles", config::Direction::min}};
        sweep_.stages.front().name = "screen";
        sweep_.stages.front().command = config::SweepCommand::simulate;
    }

    [[nodiscard]] std::string file() const { return folder_ / "sweep.sqlite"; }

    sweep::Database described() const
    {
        sweep::Database database(file(), "tiny", Mode::create);
        database.describe(sweep_, "fingerprint");
        return database;
    }

    /// The next point of `stage`, of `design` and `seed`, with this record.
    void add(sweep::Database& database, std::size_t stage, std::uint64_t design, std::uint64_t seed,
             const sweep::Record& record, const std::string& folder = "")
    {
        const sweep::DesignGrid grid(sweep_);
        const sweep::Identity identity{fmt::format("{:08x}", hash_++), "simulate", std::nullopt, 1};
        database.begin(identity, folder, "1");
        if (record.state != State::begun) database.finish(identity, record);
        database.place(stage, grid.point(design, seed, places_[stage]++), identity);
    }
    void add(sweep::Database& database, std::size_t stage, std::uint64_t design, const std::string& result)
    {
        add(database, stage, design, 0, {State::done, "1", "", result, {}, {}});
    }

    /// Column `field` of the figures; empty where there is none.
    [[nodiscard]] static std::vector<double> figure(const Json& sweep, const std::string& field)
    {
        for (const Json& one : sweep.at("figures")) {
            if (one.at("field") == field) return unpacked_column<double>(one.at("data"));
        }
        return {};
    }
    [[nodiscard]] static std::vector<std::uint8_t> bytes(const Json& column)
    {
        EXPECT_EQ(column.at("bytes"), 1);
        return unpacked_column<std::uint8_t>(column.at("data"));
    }

    config::SweepConfig sweep_ = sweep::tiny_sweep();
    test::TemporaryFolder folder_;
    std::uint64_t hash_ = 0;
    std::map<std::size_t, std::uint64_t> places_;
};

TEST_F(SweepJson, HasAllPointsColumnByColumn)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"16", "4"}), sweep::axis("chip.schedule", {"pipelined", "layer"})};
    sweep_.constraints = {sweep::constraint("chip.area_mm2 < 50", true)};
    sweep::Database database = described();
    add(database, 0, 0, 0, {State::done, "1", "", result_text(1.0, 9.0), {}, {}}, "a-folder");
    add(database, 0, 1, result_text(0.5, 1.0, 60.0));
    add(database, 0, 2, 0, {State::failed, "1", "it crashed", "", {}, {}});
    add(database, 0, 3, result_text(1.0, 9.5));
    const Json sweep = sweep_json(file());
    EXPECT_EQ(sweep.at("name"), "tiny");
    EXPECT_EQ(sweep.at("points"), 4);
    EXPECT_EQ(sweep.at("constraints"), Json::array({"chip.area_mm2 < 50"}));
    EXPECT_EQ(sweep.at("stages"),
              Json::array({{{"name", "screen"}, {"command", "simulate"}, {"steps", nullptr}, {"keep", "all"}}}));
    const Json& lanes = sweep.at("variables").at(0);
    EXPECT_EQ(lanes.at("key"), "chip.lanes");
    EXPECT_EQ(lanes.at("role"), "free");
    EXPECT_EQ(lanes.at("values"), Json::array({"4", "16"})) << "numbers in ascending order";
    EXPECT_TRUE(lanes.at("numeric"));
    EXPECT_THAT(bytes(lanes.at("index")), ElementsAre(1, 1, 0, 0));
    const Json& schedule = sweep.at("variables").at(1);
    EXPECT_EQ(schedule.at("values"), Json::array({"pipelined", "layer"})) << "texts as they come";
    EXPECT_FALSE(schedule.at("numeric"));
    EXPECT_EQ(sweep.at("figures").at(0).at("field"), "chip.energy_j");
    EXPECT_EQ(sweep.at("figures").at(0).at("direction"), "min");
    EXPECT_EQ(sweep.at("figures").at(2).at("field"), "chip.area_mm2") << "after the objectives what constraints name";
    EXPECT_TRUE(sweep.at("figures").at(2).at("direction").is_null());
    EXPECT_THAT(figure(sweep, "chip.energy_j"), ElementsAre(1.0, 0.5, testing::IsNan(), 1.0));
    EXPECT_THAT(figure(sweep, "wall_seconds"), ElementsAre(1.5, 1.5, testing::IsNan(), 1.5));
    EXPECT_THAT(figure(sweep, "chip.tops"), ElementsAre()) << "which no point has";
    EXPECT_THAT(bytes(sweep.at("state")), ElementsAre(0, 1, 2, 0));
    EXPECT_EQ(sweep.at("states").at(1), "infeasible");
    EXPECT_THAT(bytes(sweep.at("front")), ElementsAre(1, 0, 0, 2)) << "what breaks a constraint competes with nobody";
    EXPECT_EQ(sweep.at("errors"), (Json{{"2", "it crashed"}}));
    EXPECT_EQ(sweep.at("folders"), (Json{{"0", "a-folder"}}));
}

TEST_F(SweepJson, TellsExcludedAndUnfinishedPoints)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4", "8", "16"})};
    sweep::Database database = described();
    database.place(0, sweep::DesignGrid(sweep_).point(0, 0, places_[0]++), std::nullopt);
    add(database, 0, 1, 0, {});
    add(database, 0, 2, result_text(1.0, 1.0));
    const Json sweep = sweep_json(file());
    EXPECT_THAT(bytes(sweep.at("state")), ElementsAre(3, 4, 0));
    EXPECT_THAT(bytes(sweep.at("front")), ElementsAre(0, 0, 1));
}

TEST_F(SweepJson, AveragesSeedsBeforeItRanks)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4", "8"}), sweep::axis("seed", {"1", "2"}, config::Role::seed)};
    sweep::Database database = described();
    // Means (2, 2) and (3, 3), though one seed of the second is the best of all.
    add(database, 0, 0, 0, {State::done, "1", "", result_text(2.0, 2.0), {}, {}});
    add(database, 0, 0, 1, {State::done, "1", "", result_text(2.0, 2.0), {}, {}});
    add(database, 0, 1, 0, {State::done, "1", "", result_text(1.0, 1.0), {}, {}});
    add(database, 0, 1, 1, {State::done, "1", "", result_text(5.0, 5.0), {}, {}});
    const Json sweep = sweep_json(file());
    EXPECT_THAT(bytes(sweep.at("front")), ElementsAre(1, 1, 2, 2));
    EXPECT_EQ(sweep.at("variables").at(1).at("role"), "seed");
}

TEST_F(SweepJson, RanksWhatIsHeldApart)
{
    sweep_.axes = {sweep::axis("widths.w", {"2", "3"}, config::Role::held), sweep::axis("chip.lanes", {"4", "8"})};
    sweep::Database database = described();
    for (std::uint64_t design = 0; design < 4; ++design) {
        const auto cost = static_cast<double>(design + 1);
        add(database, 0, design, result_text(cost, cost));
    }
    EXPECT_THAT(bytes(sweep_json(file()).at("front")), ElementsAre(1, 2, 1, 2));
}

TEST_F(SweepJson, TakesFiguresFromTheLastStageThatHasThem)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4", "8", "16"})};
    sweep_.stages.push_back(sweep_.stages.front());
    sweep_.stages.back().name = "confirm";
    sweep_.constraints = {sweep::constraint("final_test_error < 0.5", true)};
    sweep::Database database = described();
    for (std::uint64_t design = 0; design < 3; ++design) add(database, 0, design, result_text(1.0, 1.0));
    add(database, 1, 2, R"({"final_test_error": 0.25, "chip": {"energy_j": 7}})");
    add(database, 1, 0, R"({"final_test_error": 0.75})");
    const Json sweep = sweep_json(file());
    EXPECT_THAT(figure(sweep, "chip.energy_j"), ElementsAre(1.0, 1.0, 7.0));
    EXPECT_THAT(figure(sweep, "chip.cycles"), ElementsAre(1.0, 1.0, 1.0));
    EXPECT_THAT(figure(sweep, "final_test_error"), ElementsAre(0.75, testing::IsNan(), 0.25));
    EXPECT_THAT(bytes(sweep.at("stage")), ElementsAre(1, 0, 1));
    EXPECT_THAT(bytes(sweep.at("state")), ElementsAre(1, 0, 0)) << "what no stage has measured yet breaks nothing";
}

TEST_F(SweepJson, HasWhereEnergyAndTimeWent)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4", "8"})};
    sweep::Database database = described();
    add(database, 0, 0,
        R"({"chip": {"cycles": 1000, "energy_by": {"adc": {"forward": 1, "backward": 2, "update": null}},
        "utilisation": {"dram": 0.5, "gradient": 0.25},
        "waits_cycles": {"gradient": {"forward": 100, "other": 200}, "dram": {"forward": 900}}}})");
    add(database, 0, 1, "{}");
    const Json details = sweep_json(file()).at("details");
    EXPECT_EQ(details.at("components"), Json::array({"adc"}));
    EXPECT_EQ(details.at("units"), Json::array({"dram", "gradient"}));
    const std::vector<float> rows = unpacked_column<float>(details.at("data"));
    ASSERT_EQ(rows.size(), 2U * (1 + 2 * 2));
    EXPECT_EQ(rows[0], 3.0F);
    EXPECT_THAT(std::vector<float>(rows.begin() + 1, rows.begin() + 5), ElementsAre(0.5F, 0.25F, 0.5F, 0.2F))
        << "busy, then waiting: the longest, and no more than busy";
    for (std::size_t i = 5; i < rows.size(); ++i) EXPECT_TRUE(std::isnan(rows[i])) << i;
}

TEST_F(SweepJson, OfALargeSweepKeepsTheFrontAndEvenlySpacedOthers)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"})};
    sweep::Database database = described();
    for (std::uint64_t design = 0; design < 10; ++design) {
        const auto cost = static_cast<double>(design == 5 ? 0 : design + 1);
        add(database, 0, design, 0, {State::done, "1", "", result_text(cost, cost), {}, {}},
            fmt::format("f{}", design));
    }
    const Json all = sweep_json(file());
    EXPECT_EQ(all.at("points"), 10);
    EXPECT_EQ(all.at("points_in_all"), 10);
    const Json some = sweep_json(file(), 4);
    EXPECT_EQ(some.at("points"), 4);
    EXPECT_EQ(some.at("points_in_all"), 10);
    EXPECT_EQ(some.at("variables").at(0).at("values"), Json::array({"3", "6", "7", "10"}));
    EXPECT_THAT(figure(some, "chip.cycles"), ElementsAre(3.0, 0.0, 7.0, 10.0));
    EXPECT_THAT(bytes(some.at("front")), ElementsAre(3 + 1, 1, 7, 10)) << "numbers are those of all points";
    EXPECT_EQ(some.at("folders"), (Json{{"0", "f2"}, {"1", "f5"}, {"2", "f6"}, {"3", "f9"}}));
    EXPECT_EQ(sweep_json(file(), 0).at("points"), 1) << "the front is always there";
}

TEST_F(SweepJson, OfASweepThatHasNotBegunHasNoPoints)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4", "8"})};
    static_cast<void>(described());
    const Json sweep = sweep_json(file());
    EXPECT_EQ(sweep.at("points"), 0);
    EXPECT_EQ(sweep.at("variables").at(0).at("values"), Json::array());
}

class BrokenSweepJson : public SweepJson {
protected:
    [[nodiscard]] std::string fault() const
    {
        try {
            static_cast<void>(sweep_json(file()));
        } catch (const DataError& error) {
            return error.what();
        }
        return "accepted";
    }
    void change(const char* sql) const { sweep::SqliteConnection(file(), Mode::existing).execute(sql); }
};

TEST_F(BrokenSweepJson, OfAnotherKindIsRefusedAndLeftAsItIs)
{
    EXPECT_THAT(fault(), HasSubstr("unable to open database file"));
    test::write_text(file(), std::string(4096, 'x'));
    EXPECT_EQ(fault(), file() + ": file is not a database");
    test::write_text(file(), "");
    EXPECT_EQ(fault(), file() + ": got a database of something else, allowed a sweep's");
    {
        sweep::SqliteConnection foreign(file(), Mode::create);
        foreign.execute("CREATE TABLE something (x)");
    }
    const std::string before = test::read_text(file());
    EXPECT_EQ(fault(), file() + ": got a database of something else, allowed a sweep's");
    EXPECT_EQ(test::read_text(file()), before);
    change("PRAGMA application_id = 0x57414745; PRAGMA user_version = 1");
    EXPECT_THAT(fault(), HasSubstr("got tables of version 1, allowed "));
}

TEST_F(BrokenSweepJson, IsOneLine)
{
    sweep_.axes = {sweep::axis("chip.lanes", {"4"})};
    {
        sweep::Database database = described();
        add(database, 0, 0, result_text(1.0, 1.0));
    }
    EXPECT_EQ(fault(), "accepted");
    const std::string whole = test::read_text(file());
    const std::vector<std::pair<const char*, const char*>> changes = {
        {"UPDATE members SET settings = '{}'", ": got a point without chip.lanes, allowed one with a value for each"},
        {"UPDATE members SET settings = 'x'", ": got a point without chip.lanes, allowed one with a value for each"},
        {"UPDATE points SET result = x'00112233'", ": "},
        {"UPDATE variables SET role = 'strange'", ": got the word strange, allowed one of this version's"},
        {"INSERT INTO constraints VALUES (0, 'a <')", ": got a constraint of which "},
        {"DROP TABLE stages", ": no such table: stages"}};
    for (const auto& [sql, expected] : changes) {
        change(sql);
        EXPECT_THAT(fault(), HasSubstr(file() + expected)) << sql;
        EXPECT_THAT(fault(), testing::Not(HasSubstr("\n"))) << sql;
        for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(file() + rest);
        test::write_text(file(), whole);
    }
    test::write_text(file(), whole.substr(0, whole.size() / 2));
    EXPECT_THAT(fault(), HasSubstr("malformed"));
}

}  // namespace
}  // namespace wagesim::report
