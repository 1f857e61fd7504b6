// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The loop around the workers. See the header.
#include "platforms/sweep/run_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platforms/config/print_run.hpp"
#include "platforms/sweep/run_result_file.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kTurn{200};
constexpr int kInterrupted = 4;  // wagesim's exit status after a signal

std::int64_t time_of(const std::string& file)
{
    std::error_code error;
    const fs::file_time_type time = fs::last_write_time(file, error);
    return error ? -1 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

}  // namespace

RunEngine::RunEngine(const StageRun& run, Options options)
    : books_(run),
      options_(std::move(options)),
      resolver_(run.sweep, run.sweep.stages[run.stage], options_.model),
      pool_(options_.executable, options_.environment, options_.folder_lock)
{
}

Tally RunEngine::run(const std::function<bool()>& interrupted)
{
    books_.look_again();
    bool stopping = false;
    while (true) {
        if (!stopping && interrupted()) {
            stopping = true;
            pool_.terminate();
        }
        if (!stopping) start_jobs();
        const bool finished = stopping || (waiting_.empty() && books_.exhausted());
        if (pool_.running() == 0 && finished) return books_.tally();
        for (const WorkerEnd& worker : pool_.wait(kTurn)) end(worker, stopping);
    }
}

void RunEngine::start_jobs()
{
    const auto jobs = static_cast<std::size_t>(options_.jobs);
    // Each of those that wait is looked at once: what one waits for now may have ended at the next turn.
    for (std::size_t looks = waiting_.size(); looks > 0 && running_.size() < jobs; --looks) {
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        if (books_.settle_known(job.point, job.identity)) continue;
        if (is_running(job.identity)) {
            waiting_.push_back(std::move(job));
        } else {
            start(std::move(job));
        }
    }
    while (running_.size() < jobs) {
        std::optional<Job> job = next_job();
        if (!job) return;
        start(std::move(*job));
    }
}

std::optional<RunEngine::Job> RunEngine::next_job()
{
    while (std::optional<Point> next = books_.next()) {
        Job job;
        job.point = std::move(*next);
        const ResolvedPoint resolved = resolver_.resolve(job.point);
        job.identity = resolved.identity;
        if (books_.settle_known(job.point, job.identity)) continue;
        if (!resolved.run) {
            books_.settle(job.point, job.identity, "", books_.failure(resolved.fault));
            continue;
        }
        if (!is_running(job.identity)) return job;
        waiting_.push_back(std::move(job));
    }
    return std::nullopt;
}

bool RunEngine::is_running(const Identity& identity) const
{
    return std::any_of(running_.begin(), running_.end(),
                       [&](const auto& running) { return running.second.identity == identity; });
}

void RunEngine::start(Job job)
{
    const std::string folder = folder_of(job);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw DataError(fmt::format("{}: cannot create: {}", folder, error.message()));
    config::RunConfig run = resolver_.run(job.point);
    run.name = books_.run().sweep.name;
    const std::string file = folder + "/config.yaml";
    write_file_atomically(file, config::print_run(run));
    books_.begin(job.point, job.identity, job.identity.folder_name());

    std::vector<std::string> arguments = {job.identity.command,
                                          "-c",
                                          file,
                                          "--out",
                                          folder,
                                          "--resume",
                                          "--quiet",
                                          "--threads",
                                          std::to_string(options_.threads)};
    if (job.identity.steps) {
        arguments.emplace_back("--steps");
        arguments.push_back(std::to_string(*job.identity.steps));
    }
    job.checkpoint = time_of(folder + "/checkpoint.npz");
    pool_.start(job.point.index, arguments);
    running_.emplace(job.point.index, std::move(job));
}

void RunEngine::end(const WorkerEnd& worker, bool stopping)
{
    const auto found = running_.find(worker.id);
    Job job = std::move(found->second);
    running_.erase(found);

    if (worker.exit_status == 0) {
        const std::optional<Record> result = finished_run(folder_of(job), job.identity);
        // The data files may have changed since the point's identity was made, or the run gone further by hand.
        if (result) return settle(job, *result);
        return settle(job,
                      books_.failure(fmt::format(
                          "left no result of this configuration and number of steps; without {} it is computed anew",
                          folder_of(job))));
    }
    const bool stopped = worker.exit_status == kInterrupted || comes_from_outside(worker.signal);
    if (!stopped) return settle(job, books_.failure(error_line(worker)));
    if (stopping) return;
    const bool moved_on = time_of(folder_of(job) + "/checkpoint.npz") != job.checkpoint;
    job.kills = moved_on ? 1 : job.kills + 1;
    if (job.kills > kMostKills) {
        return settle(job, books_.failure(fmt::format("{}, for the {}th time without a step forward",
                                                      error_line(worker), job.kills)));
    }
    books_.run().observer.worker_stopped(job.point, worker);
    waiting_.push_front(std::move(job));
}

void RunEngine::settle(const Job& job, const Record& record)
{
    books_.settle(job.point, job.identity, job.identity.folder_name(), record);
}

std::string RunEngine::folder_of(const Job& job) const
{
    return options_.folder + "/" + job.identity.folder_name();
}

}  // namespace wagesim::sweep
