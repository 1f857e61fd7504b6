// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// SQLite as values and exceptions: a connection, and statements with positions. The one user of its C interface.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace wagesim::sweep {

class SqliteConnection {
public:
    enum class Mode { create, existing };

    /// Throws DataError where the file cannot be opened. A file that is no database is found by the first statement.
    SqliteConnection(const std::string& file, Mode mode);

    /// One or more statements without parameters or results. Throws DataError.
    void execute(const char* sql);
    /// Rows that this connection has changed.
    [[nodiscard]] std::int64_t changes() const;
    /// The whole database as a file would have it.
    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// Throws DataError with SQLite's last message.
    [[noreturn]] void fail() const;

private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    std::string file_;
    std::unique_ptr<sqlite3, Close> handle_;
};

/// Parameters count from 1, columns from 0.
class SqliteStatement {
public:
    /// Keeps a reference. Throws DataError.
    SqliteStatement(SqliteConnection& connection, const char* sql);

    SqliteStatement& bind(int parameter, const std::string& text);
    SqliteStatement& bind_blob(int parameter, const std::string& bytes);
    SqliteStatement& bind(int parameter, std::int64_t number);
    SqliteStatement& bind(int parameter, const std::optional<double>& number);

    /// The next row; false after the last one. Throws DataError.
    [[nodiscard]] bool step();
    /// For statements without rows.
    void run();

    /// Of a text or a blob.
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] bool is_blob(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::optional<double> real(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    void require(int code) const;

    SqliteConnection& connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace wagesim::sweep
