// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Computes points that are runs: a process for each, wagesim itself in the point's own folder. What is done already is
// left alone, what was begun goes on from its checkpoint, what fails is recorded.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "platforms/sweep/books.hpp"
#include "platforms/sweep/stage_engine.hpp"
#include "platforms/sweep/worker_pool.hpp"

namespace wagesim::sweep {

class RunEngine final : public StageEngine {
public:
    struct Options {
        std::string executable;                ///< wagesim
        std::vector<std::string> environment;  ///< of the workers, NAME=value
        std::string folder;                    ///< in which every point has one of its own; exists
        int folder_lock = -1;                  ///< descriptor of its lock, which workers hold, too
        int jobs = 1;                          ///< points at the same time
        int threads = 1;                       ///< of each
        int model = 0;                         ///< the program's
    };

    RunEngine(const StageRun& run, Options options);

    /// Workers that are interrupted leave their checkpoints.
    Tally run(const std::function<bool()>& interrupted) override;

private:
    struct Job {
        Point point;
        Identity identity;
        int kills = 0;                 ///< in a row, without a new checkpoint
        std::int64_t checkpoint = -1;  ///< its time when the worker started; -1 where there is none
    };

    /// The next point that has to be computed, or nothing.
    std::optional<Job> next_job();
    /// Whether another point with the same result is being computed.
    [[nodiscard]] bool is_running(const Identity& identity) const;
    void start_jobs();
    void start(Job job);
    void end(const WorkerEnd& worker, bool stopping);
    void settle(const Job& job, const Record& record);
    [[nodiscard]] std::string folder_of(const Job& job) const;

    Books books_;
    Options options_;
    PointResolver resolver_;
    WorkerPool pool_;
    std::deque<Job> waiting_;               ///< to be started again, or for a running one with the same result
    std::map<std::uint64_t, Job> running_;  ///< by the point's index
};

}  // namespace wagesim::sweep
