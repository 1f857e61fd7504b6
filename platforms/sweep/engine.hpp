// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs the points of a sweep: what is done already is left alone, what was begun goes on from its checkpoint, what
// fails is recorded. How a point is computed is a worker's business: wagesim itself, in the point's own folder.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "platforms/sweep/database.hpp"
#include "platforms/sweep/point_source.hpp"
#include "platforms/sweep/worker_pool.hpp"

namespace wagesim::sweep {

/// How the points of a sweep stand. Every point is in one of the first three.
struct Tally {
    std::uint64_t points = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t computed = 0;  ///< of those two, what this engine has computed

    [[nodiscard]] std::uint64_t missing() const noexcept { return points - done - failed; }
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
    /// A worker was killed or interrupted from outside; its point will go on from its checkpoint.
    virtual void worker_stopped(const Point& point, const WorkerEnd& end) = 0;
};

class Engine {
public:
    struct Options {
        std::string executable;                ///< wagesim
        std::vector<std::string> environment;  ///< of the workers, NAME=value
        std::string version;                   ///< of it, in full
        std::string folder;                    ///< in which every point has one of its own; exists
        int folder_lock = -1;                  ///< descriptor of its lock, which workers hold, too
        int jobs = 1;                          ///< points at the same time
        int threads = 1;                       ///< of each
    };

    /// Keeps references to all of them.
    Engine(const config::SweepConfig& sweep, const PointSource& source, PointResolver& resolver, Database& database,
           EngineObserver& observer, Options options);

    /// Runs until no point is missing or `interrupted` says so; then workers leave their checkpoints. Throws DataError
    /// and std::system_error for what no point is to blame for.
    Tally run(const std::function<bool()>& interrupted);

private:
    struct Job {
        Point point;
        Identity identity;
        int kills = 0;                 ///< in a row, without a new checkpoint
        std::int64_t checkpoint = -1;  ///< its time when the worker started; -1 where there is none
    };

    /// The next point that has to be computed, or nothing.
    std::optional<Job> next_job();
    /// Whether the point has ended before; counts it then.
    [[nodiscard]] bool settle_known(const Job& job);
    /// Whether another point with the same result is being computed.
    [[nodiscard]] bool is_running(const Identity& identity) const;
    void start_jobs();
    void start(Job job);
    void end(const WorkerEnd& worker, bool stopping);
    void settle(const Job& job, const Record& record);
    [[nodiscard]] Record failure(const std::string& error) const;
    [[nodiscard]] std::string folder_of(const Job& job) const;

    const config::SweepConfig& sweep_;
    const PointSource& source_;
    PointResolver& resolver_;
    Database& database_;
    EngineObserver& observer_;
    Options options_;
    WorkerPool pool_;
    Tally tally_;
    std::uint64_t next_index_ = 0;
    std::deque<Job> waiting_;               ///< to be started again, or for a running one with the same result
    std::map<std::uint64_t, Job> running_;  ///< by the point's index
};

}  // namespace wagesim::sweep
