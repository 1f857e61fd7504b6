// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What databases of one sweep take over from each other, and what they show each other. See database.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "platforms/sweep/database.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

/// What the other database, attached as `other`, knows better. Conditions before results: a result is read only where
/// it is taken.
constexpr const char* kMergePoints = R"(
INSERT INTO main.points (config_hash, command, steps, model, state, folder, version, wall_seconds, images_per_second,
    error, result)
SELECT config_hash, command, steps, model, state, folder, version, wall_seconds, images_per_second, error, result
FROM other.points o WHERE NOT EXISTS (
    SELECT 1 FROM main.points m WHERE m.config_hash = o.config_hash AND m.command = o.command AND m.steps = o.steps
    AND m.model = o.model AND (m.state = o.state OR m.state = 'done' OR o.state = 'begun'))
ON CONFLICT DO UPDATE SET state = excluded.state, folder = excluded.folder, version = excluded.version,
    wall_seconds = excluded.wall_seconds, images_per_second = excluded.images_per_second, error = excluded.error,
    result = excluded.result
)";

constexpr const char* kMergeMembers = R"(
INSERT OR IGNORE INTO main.members SELECT m.stage, m.position, m.design, m.seed, m.settings, (
    SELECT p.id FROM other.points o JOIN main.points p ON p.config_hash = o.config_hash AND p.command = o.command
    AND p.steps = o.steps AND p.model = o.model WHERE o.id = m.point)
FROM other.members m WHERE (SELECT fingerprint FROM main.sweep) = (SELECT fingerprint FROM other.sweep)
)";

/// Of a database and its log: changes with every change to them.
std::string stamp_of(const std::string& file)
{
    std::string stamp;
    for (const std::string& part : {file, file + "-wal"}) {
        struct stat status = {};
        if (::stat(part.c_str(), &status) != 0) continue;
        stamp += fmt::format("{} {} {}.{:09} ", status.st_ino, status.st_size, status.st_mtim.tv_sec,
                             status.st_mtim.tv_nsec);
    }
    return stamp;
}

}  // namespace

void Database::merge(const std::string& file)
{
    const std::string stamp = stamp_of(file);  // before it is read: what comes meanwhile is a change
    {
        SqliteStatement known(connection_, "SELECT stamp FROM merged WHERE file = ?");
        known.bind(1, file);
        if (known.step() && known.text(0) == stamp) return;
    }
    try {
        SqliteStatement(connection_, "ATTACH ? AS other").bind(1, file).run();
    } catch (const DataError&) {
        throw DataError(file + ": got no database, or one that cannot be opened");
    }
    try {
        merge_attached(file);
    } catch (...) {
        connection_.execute("DETACH other");
        throw;
    }
    connection_.execute("DETACH other");
    SqliteStatement(connection_, "INSERT OR REPLACE INTO merged VALUES (?, ?)").bind(1, file).bind(2, stamp).run();
}

void Database::merge_attached(const std::string& file)
{
    // One that was killed in its first moment has no tables yet.
    {
        SqliteStatement tables(connection_, "SELECT count(*) FROM other.sqlite_master");
        if (!tables.step() || tables.integer(0) == 0) return;
    }
    std::string name;
    {
        SqliteStatement statement(connection_, "SELECT name FROM main.sweep");
        if (statement.step()) name = statement.text(0);
    }
    check_tables("other", file);
    check_name("other", file, name);
    transaction([&] {
        connection_.execute(kMergePoints);
        connection_.execute(kMergeMembers);
    });
}

void Database::publish(const std::string& file)
{
    const std::string temporary = file + ".tmp";
    std::remove(temporary.c_str());
    SqliteStatement(connection_, "VACUUM INTO ?").bind(1, temporary).run();
    const int descriptor = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!flushed || std::rename(temporary.c_str(), file.c_str()) != 0) {
        throw DataError(fmt::format("{}: cannot write: {}", file, std::generic_category().message(errno)));
    }
}

}  // namespace wagesim::sweep
