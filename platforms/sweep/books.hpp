// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The books of a stage that is being computed: which points are still to be, and what became of the others. Engines ask
// for the next point and report how it ended; nothing here knows how points are computed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/constraint_set.hpp"
#include "platforms/sweep/database.hpp"
#include "platforms/sweep/point_source.hpp"
#include "platforms/sweep/worker_pool.hpp"

namespace wagesim::sweep {

/// A worker that memory runs out for is killed again and again; one that somebody killed has usually moved on
/// meanwhile. After so many kills without a step forward a point has failed.
inline constexpr int kMostKills = 10;

/// How the points of a stage stand.
struct Tally {
    std::uint64_t points = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t excluded = 0;  ///< by constraints on keys
    std::uint64_t computed = 0;  ///< of those done and failed, what these books have seen end

    [[nodiscard]] std::uint64_t missing() const noexcept { return points - done - failed - excluded; }
    Tally& operator+=(const Tally& other) noexcept;
};

/// What is said while a sweep runs.
class EngineObserver {
public:
    virtual ~EngineObserver() = default;
    EngineObserver() = default;
    EngineObserver(const EngineObserver&) = delete;
    EngineObserver& operator=(const EngineObserver&) = delete;

    /// After each point that ended in this engine's life, well or not.
    virtual void point_ended(const Point& point, const Record& record, const Tally& tally) = 0;
    /// A worker was killed or interrupted from outside; its point will be taken again.
    virtual void worker_stopped(const Point& point, const WorkerEnd& end) = 0;
};

/// A stage of a sweep on its way into a database. All of it lives longer than the engine.
struct StageRun {
    const config::SweepConfig& sweep;
    std::size_t stage;
    const PointSource& source;
    const ConstraintSet& constraints;
    Database& database;
    EngineObserver& observer;
    std::string version;                                 ///< of the program, in full
    const std::vector<std::uint64_t>* points = nullptr;  ///< by their indices, these alone; null: all
};

class Books {
public:
    /// Reads where the points of the stage stand.
    explicit Books(const StageRun& run);

    /// The next point that is not known to have ended, or nothing.
    [[nodiscard]] std::optional<Point> next();
    /// Whether the point with this identity has ended before, perhaps under another index; counts it then.
    [[nodiscard]] bool settle_known(const Point& point, const Identity& identity);
    /// The point is being computed.
    void begin(const Point& point, const Identity& identity, const std::string& folder);
    /// It has ended. It need not have begun.
    void settle(const Point& point, const Identity& identity, const std::string& folder, const Record& record);
    /// A record of a point that failed with this line.
    [[nodiscard]] Record failure(const std::string& error) const;

    [[nodiscard]] bool exhausted() const { return next_ >= positions(); }
    /// Points that have come to the source since are counted from now on.
    void look_again();
    [[nodiscard]] const Tally& tally() const noexcept { return tally_; }
    [[nodiscard]] const StageRun& run() const noexcept { return run_; }

private:
    StageRun run_;
    Tally tally_;
    enum class Known : std::uint8_t { nothing, done, failed, excluded };
    struct Place {
        std::uint64_t design = 0;
        Known known = Known::nothing;
    };
    void count(Known known);
    /// How many points there are to go through.
    [[nodiscard]] std::uint64_t positions() const;
    [[nodiscard]] std::uint64_t index_at(std::uint64_t position) const;
    /// What the database said of the point at `index`, which is nothing where another design stood there.
    [[nodiscard]] Known known_at(std::uint64_t index) const;

    std::vector<Place> known_;   ///< by index; ends where the database knows nothing more
    std::uint64_t counted_ = 0;  ///< the position up to which the tally has counted
    std::uint64_t next_ = 0;     ///< position
};

}  // namespace wagesim::sweep
