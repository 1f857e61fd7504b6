// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is known of the points of a sweep: sweep.sqlite. One process writes, any number read meanwhile (write-ahead
// log). docs/sweeps.md has the tables.
#pragma once

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

class Database {
public:
    /// Opens `file`, for a sweep called `name`; creates it where `create` says so. Throws DataError for a file that
    /// is no sweep of this program or of another version's tables, and config::ConfigError for one that holds another
    /// sweep.
    Database(const std::string& file, const std::string& name, SqliteConnection::Mode mode);

    /// The sweep as it is now, for readers of the database alone: its variables and objectives.
    void describe(const config::SweepConfig& sweep);

    [[nodiscard]] std::optional<Record> find(const Identity& identity);
    /// `settings`: JSON object of the point's keys and values.
    void begin(const Identity& identity, const std::string& settings, const std::string& folder,
               const std::string& version);
    /// Failed points are points that have begun, from now on.
    void forget_failures();
    /// The point has begun.
    void finish(const Identity& identity, const Record& record);

private:
    void create_tables();
    void check_tables(const std::string& name);

    SqliteConnection connection_;
    bool has_tables_ = false;  ///< not yet where a sweep was killed in its first moment
};

}  // namespace wagesim::sweep
