// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is known of the points of a sweep: sweep.sqlite. One process writes, any number read meanwhile (write-ahead
// log). docs/sweeps.md has the tables.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/point_resolver.hpp"
#include "platforms/sweep/sqlite.hpp"

namespace wagesim::sweep {

/// `begun`: started and not ended. Whether it still runs only the sweep's lock tells.
enum class State { begun, done, failed };

struct Record {
    State state = State::begun;
    std::string version;  ///< of the program, in full
    std::string error;    ///< of a failed point, one line
    std::string result;   ///< of a done point: the run's result.json
    std::optional<double> wall_seconds;
    std::optional<double> images_per_second;
};

/// A place in a stage, and what is known of the point that stands there.
struct Member {
    std::uint64_t index = 0;
    std::uint64_t design = 0;  ///< its number in the grid
    std::uint64_t seed = 0;
    std::string settings;   ///< JSON object of keys and values, as texts
    bool excluded = false;  ///< by a constraint: there is no point
    Identity identity;
    Record record;
    std::string folder;  ///< in DIR/runs; empty where the point has none
};

/// What the database says of the sweep.
struct Description {
    struct Stage {
        std::string name;
        std::string command;
        std::optional<std::int64_t> steps;
        std::string keep;
    };
    std::string name;
    std::vector<Stage> stages;
    std::vector<std::string> constraints;
    std::vector<config::Variable> variables;
    std::vector<config::Objective> objectives;
};

class Database {
public:
    /// For readers of the database alone, whichever sweep it holds: all that is read is of one moment, whoever writes
    /// meanwhile. Throws DataError for a file that is no sweep of this program or of another version's tables.
    explicit Database(const std::string& file);
    /// Opens `file`, for a sweep called `name`; creates it where `create` says so. Throws DataError for a file that
    /// is no sweep of this program or of another version's tables, and config::ConfigError for one that holds another
    /// sweep.
    Database(const std::string& file, const std::string& name, SqliteConnection::Mode mode);

    /// The sweep as it is now, for readers of the database alone. Places that were found under another `fingerprint`
    /// are forgotten; points are not.
    void describe(const config::SweepConfig& sweep, const std::string& fingerprint);
    /// That of the last description; empty where there is none.
    [[nodiscard]] std::string fingerprint();
    [[nodiscard]] Description description();
    [[nodiscard]] const std::string& file() const noexcept { return connection_.file(); }

    [[nodiscard]] std::optional<Record> find(const Identity& identity);
    /// A point without a folder keeps its result compressed.
    void begin(const Identity& identity, const std::string& folder, const std::string& version);
    /// Failed points are points that have begun, from now on.
    void forget_failures();
    /// The point has begun.
    void finish(const Identity& identity, const Record& record);

    /// `identity`, which is in the database, is that of `point` of `stage`; nothing: a constraint excludes the point.
    void place(std::size_t stage, const Point& point, const std::optional<Identity>& identity);
    /// What stands at `index` of `stage`.
    [[nodiscard]] std::optional<Member> member(std::size_t stage, std::uint64_t index);
    /// Every place of `stage` that is known, in the order of indices.
    void visit_members(std::size_t stage, const std::function<void(const Member&)>& visit);
    /// The same without results, which are most of the bytes.
    void visit_states(std::size_t stage, const std::function<void(const Member&)>& visit);

    /// Whether a point has ended that stands at no place, so that it may turn out to be any.
    [[nodiscard]] bool has_ended_without_place();

    /// All of what `work` writes or, after a kill, nothing of it.
    void transaction(const std::function<void()>& work);

    /// Takes over what another database of the same sweep knows of points that have got further there than here (begun,
    /// failed, done); and where points stand, if both were described with the same fingerprint. A file of the same size
    /// and time as at the last merge is left alone. Throws as the constructor.
    void merge(const std::string& file);
    /// Writes a copy of the database to `file`, whole or not at all, which no process has to have this one open for.
    void publish(const std::string& file);
    /// How many rows this object has changed.
    [[nodiscard]] std::int64_t changes() const { return connection_.changes(); }

private:
    void create_tables();
    /// `schema` is SQLite's name of the database: "main", or that of an attached one.
    void check_tables(const std::string& schema, const std::string& file);
    void check_name(const std::string& schema, const std::string& file, const std::string& name);
    void merge_attached(const std::string& file);
    [[nodiscard]] bool has_folder(const Identity& identity);
    void visit(std::size_t stage, const char* result, const std::function<void(const Member&)>& visit);
    [[nodiscard]] static Member member_of(const SqliteStatement& statement);

    SqliteConnection connection_;
    bool has_tables_ = false;  ///< not yet where a sweep was killed in its first moment
};

}  // namespace wagesim::sweep
