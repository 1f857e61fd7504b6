// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The tables and what is done with them. See the header.
#include "platforms/sweep/database.hpp"

#include <fmt/format.h>

#include "platforms/config/config_error.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

constexpr std::int64_t kApplication = 0x57414745;  // "WAGE"
constexpr std::int64_t kTables = 1;                // version of the tables below
constexpr std::int64_t kNoSteps = -1;

// `full` rather than `normal` would wait for the disk at every point; after a power failure a point that the log lost
// is taken from its run folder, which was flushed.
constexpr const char* kOpen = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";

constexpr const char* kCreate = R"(
BEGIN IMMEDIATE;
CREATE TABLE sweep (name TEXT NOT NULL, command TEXT NOT NULL);
CREATE TABLE variables (position INTEGER PRIMARY KEY, key TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE objectives (position INTEGER PRIMARY KEY, field TEXT NOT NULL, direction TEXT NOT NULL);
CREATE TABLE points (
    config_hash TEXT NOT NULL,
    command TEXT NOT NULL,
    steps INTEGER NOT NULL,
    model INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'failed')),
    settings TEXT NOT NULL,
    folder TEXT NOT NULL,
    version TEXT NOT NULL,
    wall_seconds REAL,
    images_per_second REAL,
    error TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (config_hash, command, steps, model)
);
)";

const char* word_of(State state)
{
    switch (state) {
        case State::begun: return "begun";
        case State::done: return "done";
        case State::failed: break;
    }
    return "failed";
}

State state_of(const std::string& word)
{
    if (word == "begun") return State::begun;
    return word == "done" ? State::done : State::failed;
}

/// Binds the four parts of the key from parameter `first` on.
void bind_key(SqliteStatement& statement, int first, const Identity& identity)
{
    const std::int64_t steps = identity.steps ? *identity.steps : kNoSteps;
    statement.bind(first, identity.config_hash)
        .bind(first + 1, identity.command)
        .bind(first + 2, steps)
        .bind(first + 3, std::int64_t{identity.model});
}

std::int64_t pragma(SqliteConnection& connection, const char* sql)
{
    SqliteStatement statement(connection, sql);
    return statement.step() ? statement.integer(0) : 0;
}

}  // namespace

Database::Database(const std::string& file, const std::string& name, SqliteConnection::Mode mode)
    : connection_(file, mode)
{
    connection_.execute(kOpen);
    has_tables_ = pragma(connection_, "SELECT count(*) FROM sqlite_master") > 0;
    if (has_tables_) {
        check_tables(name);
    } else if (mode == SqliteConnection::Mode::create) {
        create_tables();
        SqliteStatement(connection_, "INSERT INTO sweep VALUES (?, '')").bind(1, name).run();
        connection_.execute("COMMIT");
        has_tables_ = true;
    }
}

void Database::create_tables()
{
    connection_.execute(kCreate);
    connection_.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", kApplication, kTables).c_str());
}

void Database::check_tables(const std::string& name)
{
    if (pragma(connection_, "PRAGMA application_id") != kApplication) {
        throw DataError(connection_.file() + ": got a database of something else, allowed a sweep's");
    }
    const std::int64_t tables = pragma(connection_, "PRAGMA user_version");
    if (tables != kTables) {
        throw DataError(fmt::format("{}: got tables of version {}, allowed {}", connection_.file(), tables, kTables));
    }
    SqliteStatement statement(connection_, "SELECT name FROM sweep");
    const std::string found = statement.step() ? statement.text(0) : "";
    if (found != name) {
        throw config::ConfigError(fmt::format("{}: got the sweep {}, allowed {}, the name in the sweep file",
                                              connection_.file(), found, name));
    }
}

void Database::describe(const config::SweepConfig& sweep)
{
    connection_.execute("BEGIN IMMEDIATE; DELETE FROM variables; DELETE FROM objectives;");
    SqliteStatement(connection_, "UPDATE sweep SET command = ?").bind(1, config::name_of(sweep.command)).run();
    std::int64_t position = 0;
    for (const config::Variable& variable : variables_of(sweep)) {
        SqliteStatement(connection_, "INSERT INTO variables VALUES (?, ?, ?)")
            .bind(1, position++)
            .bind(2, variable.key)
            .bind(3, config::name_of(variable.role))
            .run();
    }
    position = 0;
    for (const config::Objective& objective : sweep.objectives) {
        SqliteStatement(connection_, "INSERT INTO objectives VALUES (?, ?, ?)")
            .bind(1, position++)
            .bind(2, objective.field)
            .bind(3, config::name_of(objective.direction))
            .run();
    }
    connection_.execute("COMMIT");
}

std::optional<Record> Database::find(const Identity& identity)
{
    if (!has_tables_) return std::nullopt;
    SqliteStatement statement(connection_,
                              "SELECT state, version, error, result, wall_seconds, images_per_second FROM points "
                              "WHERE config_hash = ? AND command = ? AND steps = ? AND model = ?");
    bind_key(statement, 1, identity);
    if (!statement.step()) return std::nullopt;
    return Record{state_of(statement.text(0)), statement.text(1), statement.text(2),
                  statement.text(3),           statement.real(4), statement.real(5)};
}

void Database::begin(const Identity& identity, const std::string& settings, const std::string& folder,
                     const std::string& version)
{
    SqliteStatement statement(connection_,
                              "INSERT OR REPLACE INTO points (config_hash, command, steps, model, state, settings, "
                              "folder, version) VALUES (?, ?, ?, ?, 'begun', ?, ?, ?)");
    bind_key(statement, 1, identity);
    statement.bind(5, settings).bind(6, folder).bind(7, version).run();
}

void Database::forget_failures()
{
    connection_.execute("UPDATE points SET state = 'begun', error = '' WHERE state = 'failed'");
}

void Database::finish(const Identity& identity, const Record& record)
{
    SqliteStatement statement(
        connection_,
        "UPDATE points SET state = ?, version = ?, error = ?, result = ?, wall_seconds = ?, "
        "images_per_second = ? WHERE config_hash = ? AND command = ? AND steps = ? AND model = ?");
    bind_key(statement, 7, identity);
    statement.bind(1, std::string(word_of(record.state)))
        .bind(2, record.version)
        .bind(3, record.error)
        .bind(4, record.result)
        .bind(5, record.wall_seconds)
        .bind(6, record.images_per_second)
        .run();
}

}  // namespace wagesim::sweep
