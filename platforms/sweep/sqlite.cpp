// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

constexpr int kBusyMilliseconds = 30'000;

/// Whether the file lies where this process may read alone, and nothing stands in its log, which SQLite would have to
/// look at by writing beside it.
bool is_read_only(const std::string& file)
{
    namespace fs = std::filesystem;
    const fs::path path = file;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
    std::error_code no_log;
    const auto logged = fs::file_size(file + "-wal", no_log);
    return (no_log || logged == 0) && ::access(file.c_str(), R_OK) == 0 && ::access(folder.c_str(), W_OK) != 0;
}

/// `file` as the URI of a database that does not change.
std::string uri_of(const std::string& file)
{
    std::string uri = "file:";
    for (const char c : file) {
        const bool special = c == '%' || c == '?' || c == '#';
        uri += special ? fmt::format("%{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return uri + "?immutable=1";
}

}  // namespace

void SqliteConnection::Close::operator()(sqlite3* handle) const noexcept
{
    sqlite3_close(handle);
}

SqliteConnection::SqliteConnection(const std::string& file, Mode mode) : file_(file)
{
    sqlite3* opened = nullptr;
    const bool read_only = mode == Mode::existing && is_read_only(file);
    const int create = mode == Mode::create ? SQLITE_OPEN_CREATE : 0;
    const int flags = read_only ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE | create;
    const int code = sqlite3_open_v2((read_only ? uri_of(file) : file).c_str(), &opened, flags, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) fail();
    sqlite3_busy_timeout(opened, kBusyMilliseconds);
}

void SqliteConnection::execute(const char* sql)
{
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t SqliteConnection::changes() const
{
    return sqlite3_total_changes64(handle_.get());
}

std::string SqliteConnection::bytes() const
{
    sqlite3_int64 size = 0;
    unsigned char* const made = sqlite3_serialize(handle_.get(), "main", &size, 0);
    if (made == nullptr) fail();
    std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
    sqlite3_free(made);
    return out;
}

void SqliteConnection::fail() const
{
    throw DataError(file_ + ": " + (handle_ ? sqlite3_errmsg(handle_.get()) : "out of memory"));
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(SqliteConnection& connection, const char* sql) : connection_(connection)
{
    sqlite3_stmt* prepared = nullptr;
    require(sqlite3_prepare_v2(connection.handle(), sql, -1, &prepared, nullptr));
    statement_.reset(prepared);
}

SqliteStatement& SqliteStatement::bind(int parameter, const std::string& text)
{
    require(sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

SqliteStatement& SqliteStatement::bind_blob(int parameter, const std::string& bytes)
{
    require(sqlite3_bind_blob64(statement_.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t number)
{
    require(sqlite3_bind_int64(statement_.get(), parameter, number));
    return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, const std::optional<double>& number)
{
    require(number ? sqlite3_bind_double(statement_.get(), parameter, *number)
                   : sqlite3_bind_null(statement_.get(), parameter));
    return *this;
}

bool SqliteStatement::step()
{
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail();
    return code == SQLITE_ROW;
}

void SqliteStatement::run()
{
    while (step()) {
    }
}

std::string SqliteStatement::text(int column) const
{
    // As it is stored: asking for the text of a blob would make SQLite end it with a NUL.
    const void* const bytes = is_blob(column) ? sqlite3_column_blob(statement_.get(), column)
                                              : static_cast<const void*>(sqlite3_column_text(statement_.get(), column));
    if (bytes == nullptr) return "";
    const int count = sqlite3_column_bytes(statement_.get(), column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(count)};
}

bool SqliteStatement::is_blob(int column) const
{
    return sqlite3_column_type(statement_.get(), column) == SQLITE_BLOB;
}

std::int64_t SqliteStatement::integer(int column) const
{
    return sqlite3_column_int64(statement_.get(), column);
}

std::optional<double> SqliteStatement::real(int column) const
{
    if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
    return sqlite3_column_double(statement_.get(), column);
}

void SqliteStatement::require(int code) const
{
    if (code != SQLITE_OK) connection_.fail();
}

}  // namespace wagesim::sweep
