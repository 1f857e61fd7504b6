// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The tables, and one transaction that fills them. Built in memory, so that the file appears whole.
#include "platforms/inspect/run_database.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <limits>

#include "platforms/inspect/exact_number.hpp"
#include "platforms/sweep/sqlite.hpp"

namespace wagesim::inspect {
namespace {

using sweep::SqliteConnection;
using sweep::SqliteStatement;

constexpr const char* kTables = R"(
BEGIN;
CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE work (work TEXT PRIMARY KEY, programs INTEGER NOT NULL, samples INTEGER NOT NULL, cycles INTEGER NOT NULL,
    macs_forward INTEGER NOT NULL, macs_backward INTEGER NOT NULL, macs_gradient INTEGER NOT NULL,
    cell_writes INTEGER NOT NULL, peak_window_cycles INTEGER NOT NULL, peak_attojoules INTEGER NOT NULL);
CREATE TABLE events (work TEXT NOT NULL, layer INTEGER NOT NULL, phase TEXT NOT NULL, event TEXT NOT NULL,
    component TEXT NOT NULL, count INTEGER NOT NULL, attojoules TEXT, PRIMARY KEY (work, layer, phase, event));
CREATE TABLE leakage (work TEXT NOT NULL, component TEXT NOT NULL, attojoules TEXT, PRIMARY KEY (work, component));
CREATE TABLE units (work TEXT NOT NULL, unit TEXT NOT NULL, commands INTEGER NOT NULL, busy_forward INTEGER NOT NULL,
    busy_backward INTEGER NOT NULL, busy_other INTEGER NOT NULL, waits_forward INTEGER NOT NULL,
    waits_backward INTEGER NOT NULL, waits_other INTEGER NOT NULL, PRIMARY KEY (work, unit));
CREATE TABLE memories (work TEXT NOT NULL, memory TEXT NOT NULL, busy INTEGER NOT NULL, PRIMARY KEY (work, memory));
CREATE TABLE traffic (work TEXT NOT NULL, memory TEXT NOT NULL, stream TEXT NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (work, memory, stream));
CREATE TABLE layers (work TEXT NOT NULL, layer INTEGER NOT NULL, macs INTEGER NOT NULL, cycles INTEGER NOT NULL,
    PRIMARY KEY (work, layer));
CREATE TABLE wear (unit TEXT PRIMARY KEY, cells INTEGER NOT NULL, pulses INTEGER, most INTEGER);
CREATE TABLE parts (part TEXT PRIMARY KEY, component TEXT NOT NULL, count INTEGER NOT NULL, nm2_each INTEGER,
    leakage_nw_each INTEGER);
)";

/// Rows of one table.
class Table {
public:
    Table(SqliteConnection& connection, const char* sql) : connection_(connection), sql_(sql) {}

    template <class... Values>
    void add(const Values&... values)
    {
        SqliteStatement statement(connection_, sql_);
        int parameter = 0;
        (bind(statement, ++parameter, values), ...);
        statement.run();
    }

private:
    static void bind(SqliteStatement& to, int at, const std::string& text) { to.bind(at, text); }
    static void bind(SqliteStatement& to, int at, std::int64_t number) { to.bind(at, number); }
    /// SQLite's integers are signed: what is beyond them is kept as a text, exact all the same.
    static void bind(SqliteStatement& to, int at, std::uint64_t number)
    {
        constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
        if (number > kMost) {
            to.bind(at, std::to_string(number));
        } else {
            to.bind(at, static_cast<std::int64_t>(number));
        }
    }
    static void bind(SqliteStatement& to, int at, const std::optional<chip::Attojoules>& energy)
    {
        if (energy) {
            to.bind(at, exact_text(*energy));
        } else {
            to.bind(at, std::optional<double>());
        }
    }
    static void bind(SqliteStatement& to, int at, const std::optional<std::int64_t>& number)
    {
        if (number) {
            to.bind(at, *number);
        } else {
            to.bind(at, std::optional<double>());
        }
    }

    SqliteConnection& connection_;
    const char* sql_;
};

void put_run(SqliteConnection& db, const RunFacts& facts)
{
    Table run(db, "INSERT INTO run VALUES (?, ?)");
    const auto put = [&](const std::string& key, const std::string& value) { run.add(key, value); };
    put("format", "1");
    put("name", facts.name);
    put("chip", facts.chip);
    put("version", facts.version);
    put("config_hash", facts.config_hash);
    put("clock_ghz", fmt::format("{}", facts.costs.clock_ghz));
    if (facts.costs.technology) put("technology", facts.costs.technology->name);
    if (facts.costs.technology && facts.costs.technology->endurance_pulses > 0) {
        put("endurance", std::to_string(facts.costs.technology->endurance_pulses));
    }
    Table parts(db, "INSERT INTO parts VALUES (?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < chip::kPartCount; ++i) {
        std::optional<std::int64_t> area;
        std::optional<std::int64_t> leakage;
        if (facts.costs.technology) {
            area = facts.costs.technology->part_nm2[i];
            leakage = facts.costs.technology->leakage_nw[i];
        }
        parts.add(std::string(chip::kParts[i].name),
                  std::string(chip::kComponentNames[chip::index_of(chip::kParts[i].component)]),
                  facts.costs.inventory[i], area, leakage);
    }
}

void put_events(SqliteConnection& db, const std::string& work, const chip::Ledger& ledger, const Costs& costs)
{
    Table events(db, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t layer = 0; layer < ledger.layers(); ++layer) {
        for (std::size_t phase = 0; phase < chip::kPhaseNames.size(); ++phase) {
            for (std::size_t event = 0; event < chip::kEventCount; ++event) {
                const std::uint64_t count =
                    ledger.count(static_cast<chip::Event>(event), static_cast<chip::Phase>(phase), layer);
                if (count == 0) continue;
                std::optional<chip::Attojoules> energy;
                if (costs.technology) {
                    energy = chip::Attojoules{costs.technology->event_aj[event]} * static_cast<chip::Attojoules>(count);
                }
                events.add(work, static_cast<std::uint64_t>(layer), std::string(chip::kPhaseNames[phase]),
                           std::string(chip::kEvents[event].name),
                           std::string(chip::kComponentNames[chip::index_of(chip::kEvents[event].component)]), count,
                           energy);
            }
        }
    }
}

void put_leakage(SqliteConnection& db, const std::string& work, std::uint64_t cycles, const Costs& costs)
{
    Table leakage(db, "INSERT INTO leakage VALUES (?, ?, ?)");
    for (std::size_t i = 0; i < chip::kComponentNames.size(); ++i) {
        std::optional<chip::Attojoules> energy;
        if (costs.technology) {
            energy = chip::leakage_per_cycle(costs.inventory, *costs.technology, static_cast<chip::Component>(i),
                                             costs.clock_ghz) *
                     static_cast<chip::Attojoules>(cycles);
        }
        leakage.add(work, std::string(chip::kComponentNames[i]), energy);
    }
}

void put_traffic(SqliteConnection& db, const std::string& work, const std::string& memory, std::uint64_t busy,
                 const chip::StreamTraffic& bytes)
{
    Table(db, "INSERT INTO memories VALUES (?, ?, ?)").add(work, memory, busy);
    Table traffic(db, "INSERT INTO traffic VALUES (?, ?, ?, ?)");
    traffic.add(work, memory, std::string("activations"), bytes.activations);
    traffic.add(work, memory, std::string("errors"), bytes.errors);
    traffic.add(work, memory, std::string("gradients"), bytes.gradients);
    traffic.add(work, memory, std::string("weights"), bytes.weights);
}

/// Without data there are no pulses to count.
void put_wear(SqliteConnection& db, const std::vector<chip::GroupWear>& wear)
{
    Table counted(db, "INSERT INTO wear VALUES (?, ?, ?, ?)");
    Table cells(db, "INSERT INTO wear VALUES (?, ?, NULL, NULL)");
    for (const chip::GroupWear& group : wear) {
        if (group.counted) {
            counted.add(group.unit, group.cells, group.total, group.most);
        } else {
            cells.add(group.unit, group.cells);
        }
    }
}

void put_work(SqliteConnection& db, const std::string& work, const chip::ChipStatistics& of, const Costs& costs)
{
    Table(db, "INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .add(work, of.programs, of.samples, of.cycles, of.macs_forward, of.macs_backward, of.macs_gradient,
             of.cell_writes, of.peak.window_cycles, of.peak.attojoules);
    put_events(db, work, of.ledger, costs);
    put_leakage(db, work, of.cycles, costs);
    put_traffic(db, work, "buffer", of.buffer_busy, of.buffer);
    put_traffic(db, work, "dram", of.dram_busy, of.dram);
    Table units(db, "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const chip::UnitStatistics& unit : of.units) {
        units.add(work, unit.name, unit.commands, unit.busy.forward, unit.busy.backward, unit.busy.other,
                  unit.waits.forward, unit.waits.backward, unit.waits.other);
    }
    Table layers(db, "INSERT INTO layers VALUES (?, ?, ?, ?)");
    for (std::size_t i = 0; i < of.layers.size(); ++i) {
        layers.add(work, static_cast<std::uint64_t>(i), of.layers[i].macs, of.layers[i].cycles);
    }
}

}  // namespace

std::string run_database(const RunFacts& facts)
{
    SqliteConnection db(":memory:", SqliteConnection::Mode::create);
    db.execute(kTables);
    put_run(db, facts);
    put_work(db, "training", facts.training, facts.costs);
    put_work(db, "evaluation", facts.evaluation, facts.costs);
    put_wear(db, facts.wear);
    db.execute("COMMIT");
    return db.bytes();
}

}  // namespace wagesim::inspect
