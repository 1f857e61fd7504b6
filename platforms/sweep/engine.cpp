// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The loop around the workers. See the header.
#include "platforms/sweep/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
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
// A worker that memory runs out for is killed again and again; one that somebody killed has usually moved on meanwhile.
constexpr int kMostKills = 10;

std::int64_t time_of(const std::string& file)
{
    std::error_code error;
    const fs::file_time_type time = fs::last_write_time(file, error);
    return error ? -1 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

/// Signals that others send, as opposed to those of a fault in the program.
bool comes_from_outside(int signal)
{
    return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

std::string signal_text(int signal)
{
    return fmt::format("ended by signal {} ({})", signal, ::strsignal(signal));
}

/// The last line of what a worker wrote on standard error: main writes its one line at the end.
std::string error_line(const WorkerEnd& worker)
{
    std::string text = worker.errors;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const std::size_t newline = text.rfind('\n');
    if (newline != std::string::npos) text.erase(0, newline + 1);
    if (worker.signal != 0) return signal_text(worker.signal) + (text.empty() ? "" : ": " + text);
    return text.empty() ? fmt::format("exit status {}", worker.exit_status) : text;
}

std::string settings_json(const Point& point)
{
    nlohmann::ordered_json settings = nlohmann::ordered_json::object();
    for (const config::Override& setting : point.settings) settings[setting.key] = setting.value.flow_text();
    return settings.dump();
}

}  // namespace

Engine::Engine(const config::SweepConfig& sweep, const PointSource& source, PointResolver& resolver, Database& database,
               EngineObserver& observer, Options options)
    : sweep_(sweep),
      source_(source),
      resolver_(resolver),
      database_(database),
      observer_(observer),
      options_(std::move(options)),
      pool_(options_.executable, options_.environment, options_.folder_lock)
{
    tally_.points = source.count();
}

Tally Engine::run(const std::function<bool()>& interrupted)
{
    bool stopping = false;
    while (true) {
        if (!stopping && interrupted()) {
            stopping = true;
            pool_.terminate();
        }
        if (!stopping) start_jobs();
        const bool finished = stopping || (waiting_.empty() && next_index_ == tally_.points);
        if (pool_.running() == 0 && finished) return tally_;
        for (const WorkerEnd& worker : pool_.wait(kTurn)) end(worker, stopping);
    }
}

void Engine::start_jobs()
{
    const auto jobs = static_cast<std::size_t>(options_.jobs);
    // Each of those that wait is looked at once: what one waits for now may have ended at the next turn.
    for (std::size_t looks = waiting_.size(); looks > 0 && running_.size() < jobs; --looks) {
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        if (settle_known(job)) continue;
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

std::optional<Engine::Job> Engine::next_job()
{
    while (next_index_ < tally_.points) {
        Job job;
        job.point = source_.point(next_index_++);
        const ResolvedPoint resolved = resolver_.resolve(job.point);
        job.identity = resolved.identity;
        if (settle_known(job)) continue;
        if (!resolved.run) {
            database_.begin(job.identity, settings_json(job.point), "", options_.version);
            settle(job, failure(resolved.fault));
            continue;
        }
        if (!is_running(job.identity)) return job;
        waiting_.push_back(std::move(job));
    }
    return std::nullopt;
}

bool Engine::settle_known(const Job& job)
{
    const std::optional<Record> known = database_.find(job.identity);
    // A run that ended while nobody was there to write it down is gone on with, which takes it no step.
    if (!known || known->state == State::begun) return false;
    ++(known->state == State::failed ? tally_.failed : tally_.done);
    return true;
}

bool Engine::is_running(const Identity& identity) const
{
    return std::any_of(running_.begin(), running_.end(),
                       [&](const auto& running) { return running.second.identity == identity; });
}

void Engine::start(Job job)
{
    const std::string folder = folder_of(job);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw DataError(fmt::format("{}: cannot create: {}", folder, error.message()));
    config::RunConfig run = resolver_.run(job.point);
    run.name = sweep_.name;
    const std::string file = folder + "/config.yaml";
    write_file_atomically(file, config::print_run(run));
    database_.begin(job.identity, settings_json(job.point), job.identity.folder_name(), options_.version);

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

void Engine::end(const WorkerEnd& worker, bool stopping)
{
    const auto found = running_.find(worker.id);
    Job job = std::move(found->second);
    running_.erase(found);

    if (worker.exit_status == 0) {
        const std::optional<Record> result = finished_run(folder_of(job), job.identity);
        // The data files may have changed since the point's identity was made, or the run gone further by hand.
        if (result) return settle(job, *result);
        return settle(job,
                      failure(fmt::format(
                          "left no result of this configuration and number of steps; without {} it is computed anew",
                          folder_of(job))));
    }
    const bool stopped = worker.exit_status == kInterrupted || comes_from_outside(worker.signal);
    if (!stopped) return settle(job, failure(error_line(worker)));
    if (stopping) return;
    const bool moved_on = time_of(folder_of(job) + "/checkpoint.npz") != job.checkpoint;
    job.kills = moved_on ? 1 : job.kills + 1;
    if (job.kills > kMostKills) {
        return settle(
            job, failure(fmt::format("{}, for the {}th time without a step forward", error_line(worker), job.kills)));
    }
    observer_.worker_stopped(job.point, worker);
    waiting_.push_front(std::move(job));
}

Record Engine::failure(const std::string& error) const
{
    Record record;
    record.state = State::failed;
    record.version = options_.version;
    record.error = error;
    return record;
}

void Engine::settle(const Job& job, const Record& record)
{
    database_.finish(job.identity, record);
    ++(record.state == State::failed ? tally_.failed : tally_.done);
    ++tally_.computed;
    observer_.point_ended(job.point, record, tally_);
}

std::string Engine::folder_of(const Job& job) const
{
    return options_.folder + "/" + job.identity.folder_name();
}

}  // namespace wagesim::sweep
