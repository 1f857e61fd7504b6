// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A sweep out of its database alone: neither sweep file nor data are needed, and nothing is computed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/constraint_judge.hpp"
#include "platforms/sweep/overview.hpp"
#include "platforms/sweep/run_result_file.hpp"

namespace wagesim::sweep {

class StoredSweep {
public:
    /// Throws DataError for what is no database of a sweep, or a corrupt one.
    explicit StoredSweep(const std::string& file);
    ~StoredSweep();
    StoredSweep(const StoredSweep&) = delete;
    StoredSweep& operator=(const StoredSweep&) = delete;

    [[nodiscard]] const Description& description() const noexcept;
    /// Keys and figures that constraints name.
    [[nodiscard]] const std::vector<std::string>& constrained() const noexcept;

    /// What is known of a point, its result among it.
    [[nodiscard]] std::optional<Record> find(const Identity& identity);
    /// The points that have ever been begun or excluded: of others the database does not know. `visit` sees the result
    /// of every done point, by its place in the overview, stages in order. Throws DataError for a corrupt database.
    [[nodiscard]] Overview overview(const std::function<void(std::size_t, const Figures&)>& visit);

private:
    class Maker;

    std::string file_;
    std::unique_ptr<Database> database_;
    Description description_;
    std::unique_ptr<ConstraintJudge> judge_;
};

}  // namespace wagesim::sweep
