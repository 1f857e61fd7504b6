// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// run.sqlite against result.json of the same run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platforms/sweep/sqlite.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

using Json = nlohmann::json;

class RunDatabase : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override
    {
        const CommandResult run =
            tiny_.run("simulate", {"--quiet", "--steps", "3", "--sqlite", "--out", tiny_ / "run", "--set", small_chip(),
                                   "--set", "chip.lanes=16", "--set", std::string("chip.fidelity=") + GetParam()});
        ASSERT_EQ(run.status, 0) << run.err;
        result_ = Json::parse(read_text(tiny_ / "run/result.json"));
    }

    /// The first value of a query; NULL is 0.
    double value(const std::string& sql)
    {
        sweep::SqliteConnection database(tiny_ / "run/run.sqlite", sweep::SqliteConnection::Mode::existing);
        sweep::SqliteStatement statement(database, sql.c_str());
        EXPECT_TRUE(statement.step()) << sql;
        return statement.real(0).value_or(0.0);
    }

    TinyRun tiny_;
    Json result_;
};

TEST_P(RunDatabase, SumsAgreeWithTheResult)
{
    for (const auto& [work, key] :
         std::vector<std::pair<std::string, std::string>>{{"training", "chip"}, {"evaluation", "evaluation"}}) {
        const Json& figures = result_.at(key);
        const std::string of = " WHERE work = '" + work + "'";
        const double cycles = figures.at("cycles");
        EXPECT_EQ(value("SELECT cycles FROM work" + of), cycles);
        EXPECT_EQ(value("SELECT 2 * (macs_forward + macs_backward + macs_gradient) FROM work" + of),
                  figures.at("operations").get<double>());
        for (const auto& [component, phases] : figures.at("energy_by").items()) {
            const std::string here = of + " AND component = '" + component + "'";
            for (const auto& [phase, joules] : phases.items()) {
                const double expected = joules;
                const std::string table =
                    phase == "leakage" ? "leakage" + here : "events" + here + " AND phase = '" + phase + "'";
                EXPECT_NEAR(value("SELECT sum(CAST(attojoules AS REAL)) * 1e-18 FROM " + table), expected,
                            1e-12 * expected)
                    << component << " " << phase;
            }
        }
        for (std::size_t layer = 0; layer < figures.at("layers").size(); ++layer) {
            const Json& expected = figures.at("layers").at(layer);
            const std::string here = of + " AND layer = " + std::to_string(layer);
            EXPECT_EQ(value("SELECT macs FROM layers" + here), expected.at("macs").get<double>());
            EXPECT_EQ(value("SELECT cycles FROM layers" + here), expected.at("cycles").get<double>());
            const double joules = expected.at("energy_j");
            EXPECT_NEAR(value("SELECT sum(CAST(attojoules AS REAL)) * 1e-18 FROM events" + here), joules,
                        1e-12 * joules);
        }
        for (const auto& [unit, waits] : figures.at("waits_cycles").items()) {
            const std::string here = of + " AND unit = '" + unit + "'";
            EXPECT_EQ(value("SELECT waits_backward FROM units" + here), waits.at("backward").get<double>());
            EXPECT_DOUBLE_EQ(value("SELECT busy_forward + busy_backward + busy_other FROM units" + here) / cycles,
                             figures.at("utilisation").at(unit).get<double>());
        }
        for (const auto& [memory, streams] : figures.at("traffic_bytes").items()) {
            for (const auto& [stream, bytes] : streams.items()) {
                EXPECT_EQ(value("SELECT bytes FROM traffic" + of + " AND memory = '" + memory + "' AND stream = '" +
                                stream + "'"),
                          bytes.get<double>());
            }
            EXPECT_DOUBLE_EQ(value("SELECT busy FROM memories" + of + " AND memory = '" + memory + "'") / cycles,
                             figures.at("utilisation").at(memory).get<double>());
        }
    }
    const Json& writes = result_.at("chip").at("cell_writes");
    EXPECT_EQ(value("SELECT sum(cells) FROM wear"), writes.at("cells").get<double>());
    if (std::string(GetParam()) == "timing") {
        EXPECT_EQ(value("SELECT count(*) FROM wear WHERE pulses IS NOT NULL OR most IS NOT NULL"), 0);
    } else {
        EXPECT_EQ(value("SELECT max(most) FROM wear"), writes.at("max_per_cell").get<double>());
        EXPECT_DOUBLE_EQ(value("SELECT 1.0 * sum(pulses) / sum(cells) FROM wear"),
                         writes.at("mean_per_cell").get<double>());
    }
    for (const auto& [component, area] : result_.at("chip").at("area_by").items()) {
        const double mm2 = area;
        EXPECT_NEAR(value("SELECT sum(count * nm2_each) * 1e-12 FROM parts WHERE component = '" + component + "'"), mm2,
                    1e-9 * mm2);
    }
}

TEST_P(RunDatabase, KnowsItsRun)
{
    sweep::SqliteConnection database(tiny_ / "run/run.sqlite", sweep::SqliteConnection::Mode::existing);
    sweep::SqliteStatement hash(database, "SELECT value FROM run WHERE key = 'config_hash'");
    ASSERT_TRUE(hash.step());
    EXPECT_EQ(hash.text(0), result_.at("config_hash"));
    EXPECT_EQ(value("SELECT count(*) FROM events WHERE typeof(attojoules) <> 'text' OR typeof(count) <> 'integer'"), 0);
    EXPECT_GT(value("SELECT count(*) FROM events"), 20);
}

INSTANTIATE_TEST_SUITE_P(All, RunDatabase, ::testing::Values("functional", "timing"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace wagesim::test
