// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The tables and what is done with them. See the header.
#include "platforms/sweep/database.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "platforms/config/config_error.hpp"
#include "platforms/sweep/compressed_text.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

constexpr std::int64_t kApplication = 0x57414745;  // "WAGE"
constexpr std::int64_t kTables = 2;                // version of the tables below
constexpr std::int64_t kNoSteps = -1;

// `full` rather than `normal` would wait for the disk at every point; after a power failure a point that the log lost
// is taken from its run folder, which was flushed.
constexpr const char* kOpen = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";

constexpr const char* kCreate = R"(
BEGIN IMMEDIATE;
CREATE TABLE sweep (name TEXT NOT NULL, fingerprint TEXT NOT NULL);
CREATE TABLE stages (position INTEGER PRIMARY KEY, name TEXT NOT NULL, command TEXT NOT NULL, steps INTEGER NOT NULL,
    keep TEXT NOT NULL);
CREATE TABLE constraints (position INTEGER PRIMARY KEY, expression TEXT NOT NULL);
CREATE TABLE variables (position INTEGER PRIMARY KEY, key TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE objectives (position INTEGER PRIMARY KEY, field TEXT NOT NULL, direction TEXT NOT NULL);
CREATE TABLE points (
    id INTEGER PRIMARY KEY,
    config_hash TEXT NOT NULL,
    command TEXT NOT NULL,
    steps INTEGER NOT NULL,
    model INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'failed')),
    folder TEXT NOT NULL,
    version TEXT NOT NULL,
    wall_seconds REAL,
    images_per_second REAL,
    error TEXT NOT NULL DEFAULT '',
    result NOT NULL DEFAULT '',
    UNIQUE (config_hash, command, steps, model)
);
CREATE TABLE merged (file TEXT PRIMARY KEY, stamp TEXT NOT NULL);
CREATE TABLE members (
    stage INTEGER NOT NULL,
    position INTEGER NOT NULL,
    design INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    settings TEXT NOT NULL,
    point INTEGER REFERENCES points (id),
    PRIMARY KEY (stage, position)
) WITHOUT ROWID;
)";

/// JSON object of the point's keys and values.
std::string settings_json(const Point& point)
{
    nlohmann::ordered_json settings = nlohmann::ordered_json::object();
    for (const config::Override& setting : point.settings) settings[setting.key] = setting.value.flow_text();
    return settings.dump();
}

/// Members of a stage with their points; {} is the result, or what stands for it.
constexpr const char* kMembers =
    "SELECT m.position, m.point IS NULL, p.config_hash, p.command, p.steps, p.model, p.state, p.version, p.error, {}, "
    "p.wall_seconds, p.images_per_second, p.folder, m.design, m.seed, m.settings FROM members m LEFT JOIN points p "
    "ON p.id = m.point WHERE m.stage = ? ";

const char* word_of(State state)
{
    switch (state) {
        case State::begun: return "begun";
        case State::done: return "done";
        case State::failed: break;
    }
    return "failed";
}

/// The result in `column`, compressed or not.
std::string result_of(const SqliteStatement& statement, int column)
{
    std::string text = statement.text(column);
    return statement.is_blob(column) ? uncompressed(text) : text;
}

std::string keep_text(const config::Keep& keep)
{
    switch (keep.kind) {
        case config::Keep::Kind::all: return "all";
        case config::Keep::Kind::front: return fmt::format("{} fronts", keep.count);
        case config::Keep::Kind::best: break;
    }
    return fmt::format("{} best", keep.count);
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

/// The four parts of the key in columns from `first` on.
Identity key_of(const SqliteStatement& statement, int first)
{
    const std::int64_t steps = statement.integer(first + 2);
    Identity identity{statement.text(first), statement.text(first + 1), std::nullopt,
                      static_cast<int>(statement.integer(first + 3))};
    if (steps != kNoSteps) identity.steps = static_cast<int>(steps);
    return identity;
}

/// The enumerator that `file` calls `word`.
template <class E>
E value_of(const std::string& word, const std::string& file)
{
    for (const auto& [value, name] : config::names_of(E{})) {
        if (word == name) return value;
    }
    throw DataError(fmt::format("{}: got the word {}, allowed one of this version's", file, word));
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
        check_tables("main", connection_.file());
        check_name("main", connection_.file(), name);
    } else if (mode == SqliteConnection::Mode::create) {
        create_tables();
        SqliteStatement(connection_, "INSERT INTO sweep VALUES (?, '')").bind(1, name).run();
        connection_.execute("COMMIT");
        has_tables_ = true;
    }
}

Database::Database(const std::string& file) : connection_(file, SqliteConnection::Mode::existing)
{
    // Nothing that would change a file of somebody else's; what is read belongs to one transaction.
    connection_.execute("BEGIN");
    has_tables_ = true;
    check_tables("main", connection_.file());
}

void Database::create_tables()
{
    connection_.execute(kCreate);
    connection_.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", kApplication, kTables).c_str());
}

void Database::check_tables(const std::string& schema, const std::string& file)
{
    if (pragma(connection_, fmt::format("PRAGMA {}.application_id", schema).c_str()) != kApplication) {
        throw DataError(file + ": got a database of something else, allowed a sweep's");
    }
    const std::int64_t tables = pragma(connection_, fmt::format("PRAGMA {}.user_version", schema).c_str());
    if (tables != kTables) {
        throw DataError(fmt::format("{}: got tables of version {}, allowed {}", file, tables, kTables));
    }
}

void Database::check_name(const std::string& schema, const std::string& file, const std::string& name)
{
    SqliteStatement statement(connection_, fmt::format("SELECT name FROM {}.sweep", schema).c_str());
    const std::string found = statement.step() ? statement.text(0) : "";
    if (found != name) {
        throw config::ConfigError(
            fmt::format("{}: got the sweep {}, allowed {}, the name in the sweep file", file, found, name));
    }
}

std::string Database::fingerprint()
{
    if (!has_tables_) return "";
    SqliteStatement statement(connection_, "SELECT fingerprint FROM sweep");
    return statement.step() ? statement.text(0) : "";
}

Description Database::description()
{
    Description out;
    SqliteStatement sweep(connection_, "SELECT name FROM sweep");
    if (sweep.step()) out.name = sweep.text(0);
    SqliteStatement stages(connection_, "SELECT name, command, steps, keep FROM stages ORDER BY position");
    while (stages.step()) {
        Description::Stage& stage = out.stages.emplace_back();
        stage = {stages.text(0), stages.text(1), stages.integer(2), stages.text(3)};
        if (stage.steps == kNoSteps) stage.steps.reset();
    }
    SqliteStatement constraints(connection_, "SELECT expression FROM constraints ORDER BY position");
    while (constraints.step()) out.constraints.push_back(constraints.text(0));
    SqliteStatement variables(connection_, "SELECT key, role FROM variables ORDER BY position");
    while (variables.step()) {
        out.variables.push_back({variables.text(0), value_of<config::Role>(variables.text(1), connection_.file())});
    }
    SqliteStatement objectives(connection_, "SELECT field, direction FROM objectives ORDER BY position");
    while (objectives.step()) {
        out.objectives.push_back(
            {objectives.text(0), value_of<config::Direction>(objectives.text(1), connection_.file())});
    }
    return out;
}

void Database::describe(const config::SweepConfig& sweep, const std::string& fingerprint)
{
    const bool moved = fingerprint != this->fingerprint();
    connection_.execute(
        "BEGIN IMMEDIATE; DELETE FROM variables; DELETE FROM objectives; DELETE FROM stages; DELETE FROM constraints;");
    if (moved) connection_.execute("DELETE FROM members; DELETE FROM merged;");
    SqliteStatement(connection_, "UPDATE sweep SET fingerprint = ?").bind(1, fingerprint).run();
    std::int64_t position = 0;
    for (const config::Stage& stage : sweep.stages) {
        SqliteStatement(connection_, "INSERT INTO stages VALUES (?, ?, ?, ?, ?)")
            .bind(1, position++)
            .bind(2, stage.name)
            .bind(3, config::name_of(stage.command))
            .bind(4, stage.steps ? std::int64_t{*stage.steps} : kNoSteps)
            .bind(5, keep_text(stage.keep))
            .run();
    }
    position = 0;
    for (const config::Constraint& constraint : sweep.constraints) {
        SqliteStatement(connection_, "INSERT INTO constraints VALUES (?, ?)")
            .bind(1, position++)
            .bind(2, constraint.text)
            .run();
    }
    position = 0;
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
                  result_of(statement, 3),     statement.real(4), statement.real(5)};
}

void Database::begin(const Identity& identity, const std::string& folder, const std::string& version)
{
    SqliteStatement statement(connection_,
                              "INSERT INTO points (config_hash, command, steps, model, state, folder, version) "
                              "VALUES (?, ?, ?, ?, 'begun', ?, ?) ON CONFLICT DO UPDATE SET state = 'begun', "
                              "folder = excluded.folder, version = excluded.version, error = '', result = ''");
    bind_key(statement, 1, identity);
    statement.bind(5, folder).bind(6, version).run();
}

void Database::forget_failures()
{
    connection_.execute("UPDATE points SET state = 'begun', error = '' WHERE state = 'failed'");
}

bool Database::has_folder(const Identity& identity)
{
    SqliteStatement statement(connection_,
                              "SELECT folder != '' FROM points WHERE config_hash = ? AND command = ? AND steps = ? AND "
                              "model = ?");
    bind_key(statement, 1, identity);
    return statement.step() && statement.integer(0) != 0;
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
        .bind(5, record.wall_seconds)
        .bind(6, record.images_per_second);
    if (has_folder(identity)) {
        statement.bind(4, record.result);
    } else {
        statement.bind_blob(4, compressed(record.result));
    }
    statement.run();
}

void Database::place(std::size_t stage, const Point& point, const std::optional<Identity>& identity)
{
    SqliteStatement statement(connection_,
                              "INSERT OR REPLACE INTO members VALUES (?5, ?6, ?7, ?8, ?9, (SELECT id FROM points WHERE "
                              "config_hash = ?1 AND command = ?2 AND steps = ?3 AND model = ?4))");
    bind_key(statement, 1, identity.value_or(Identity{}));
    statement.bind(5, static_cast<std::int64_t>(stage))
        .bind(6, static_cast<std::int64_t>(point.index))
        .bind(7, static_cast<std::int64_t>(point.design))
        .bind(8, static_cast<std::int64_t>(point.seed))
        .bind(9, settings_json(point))
        .run();
}

void Database::visit_members(std::size_t stage, const std::function<void(const Member&)>& visit)
{
    this->visit(stage, "p.result", visit);
}

void Database::visit_states(std::size_t stage, const std::function<void(const Member&)>& visit)
{
    this->visit(stage, "''", visit);
}

void Database::visit(std::size_t stage, const char* result, const std::function<void(const Member&)>& visit)
{
    if (!has_tables_) return;
    const std::string sql = fmt::format(kMembers, result) + "ORDER BY m.position";
    SqliteStatement statement(connection_, sql.c_str());
    statement.bind(1, static_cast<std::int64_t>(stage));
    while (statement.step()) visit(member_of(statement));
}

std::optional<Member> Database::member(std::size_t stage, std::uint64_t index)
{
    const std::string sql = fmt::format(kMembers, "p.result") + "AND m.position = ?";
    SqliteStatement statement(connection_, sql.c_str());
    statement.bind(1, static_cast<std::int64_t>(stage)).bind(2, static_cast<std::int64_t>(index));
    if (!statement.step()) return std::nullopt;
    return member_of(statement);
}

Member Database::member_of(const SqliteStatement& statement)
{
    Member member;
    member.index = static_cast<std::uint64_t>(statement.integer(0));
    member.excluded = statement.integer(1) != 0;
    member.design = static_cast<std::uint64_t>(statement.integer(13));
    member.seed = static_cast<std::uint64_t>(statement.integer(14));
    member.settings = statement.text(15);
    if (member.excluded) return member;
    member.identity = key_of(statement, 2);
    member.record = {state_of(statement.text(6)), statement.text(7),  statement.text(8),
                     result_of(statement, 9),     statement.real(10), statement.real(11)};
    member.folder = statement.text(12);
    return member;
}

bool Database::has_ended_without_place()
{
    SqliteStatement statement(connection_,
                              "SELECT EXISTS (SELECT 1 FROM points WHERE state != 'begun' AND id NOT IN (SELECT point "
                              "FROM members WHERE point IS NOT NULL))");
    return statement.step() && statement.integer(0) != 0;
}

void Database::transaction(const std::function<void()>& work)
{
    connection_.execute("BEGIN IMMEDIATE");
    try {
        work();
    } catch (...) {
        connection_.execute("ROLLBACK");
        throw;
    }
    connection_.execute("COMMIT");
}

}  // namespace wagesim::sweep
