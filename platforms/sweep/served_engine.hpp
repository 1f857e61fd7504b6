// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Computes points that need neither data nor checkpoints by point servers (point_server.hpp), one point at a time on
// each.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platforms/sweep/books.hpp"
#include "platforms/sweep/point_messages.hpp"
#include "platforms/sweep/stage_engine.hpp"
#include "platforms/sweep/worker_pool.hpp"

namespace wagesim::sweep {

class ServedEngine final : public StageEngine {
public:
    struct Options {
        std::string executable;                ///< wagesim
        std::vector<std::string> arguments;    ///< that make it a server of the stage; its standard input is the stream
        std::vector<std::string> environment;  ///< NAME=value
        int lock = -1;                         ///< descriptor of a lock that servers hold, too
        int jobs = 1;                          ///< servers
        int model = 0;                         ///< the program's
        std::string content;                   ///< digest_of_content, when the sweep was read
    };

    ServedEngine(const StageRun& run, Options options);

    /// Points in flight are given up when interrupted. Throws DataError where servers cannot serve.
    Tally run(const std::function<bool()>& interrupted) override;

private:
    struct Job {
        Point point;
        Identity identity;  ///< its config_hash is empty until the server has said it
        int kills = 0;
    };
    struct Server {
        MessageStream stream;
        bool greeted = false;
        std::optional<Job> job{};
    };

    void start_server();
    /// Hands the server its next point, where there is one.
    void feed(Server& server);
    std::optional<Job> next_job();
    void read(Server& server);
    void take(Server& server, const MessageStream::Received& received);
    void identify(Server& server, const std::string& config_hash);
    void finish(Server& server, const Record& record);
    /// A server has ended before its time.
    void replace(const WorkerEnd& end);
    /// What computed the job's point was killed.
    void take_again(Job job, const WorkerEnd& end);
    [[nodiscard]] bool is_running(const Identity& identity) const;
    [[nodiscard]] bool is_idle() const;
    [[nodiscard]] Identity identity_of(const std::string& config_hash) const;

    Books books_;
    Options options_;
    WorkerPool pool_;
    std::map<std::uint64_t, Server> servers_;  ///< by the worker's id
    std::deque<Job> waiting_;                  ///< to be computed again, or for a running one with the same result
    std::uint64_t next_id_ = 0;
    int early_ends_ = 0;  ///< of servers, since one has last served
};

}  // namespace wagesim::sweep
