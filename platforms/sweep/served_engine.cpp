// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/served_engine.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include "platforms/sweep/run_result_file.hpp"
#include "platforms/sweep/survey.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::sweep {
namespace {

constexpr int kTurnMilliseconds = 200;
constexpr int kMostEarlyEnds = 20;

}  // namespace

ServedEngine::ServedEngine(const StageRun& run, Options options)
    : books_(run), options_(std::move(options)), pool_(options_.executable, options_.environment, options_.lock)
{
}

Tally ServedEngine::run(const std::function<bool()>& interrupted)
{
    books_.look_again();
    while (!interrupted()) {
        // Also for what waits to be taken again, where the last server was killed.
        const bool work_left = !books_.exhausted() || !waiting_.empty();
        while (work_left && servers_.size() < static_cast<std::size_t>(options_.jobs)) start_server();
        for (auto& [id, server] : servers_) feed(server);
        if (is_idle()) break;
        std::vector<pollfd> descriptors;
        for (const auto& [id, server] : servers_) descriptors.push_back({server.stream.descriptor(), POLLIN, 0});
        ::poll(descriptors.data(), descriptors.size(), kTurnMilliseconds);
        for (auto& [id, server] : servers_) read(server);
        for (const WorkerEnd& end : pool_.wait(std::chrono::milliseconds{0})) replace(end);
    }
    return books_.tally();
}

bool ServedEngine::is_idle() const
{
    const bool busy =
        std::any_of(servers_.begin(), servers_.end(), [](const auto& entry) { return entry.second.job.has_value(); });
    return !busy && waiting_.empty() && books_.exhausted();
}

void ServedEngine::start_server()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot start a point server");
    }
    MessageStream own(ends[0]);
    const MessageStream other(ends[1]);
    pool_.start(next_id_, options_.arguments, other.descriptor());
    servers_.emplace(next_id_++, Server{std::move(own)});
}

std::optional<ServedEngine::Job> ServedEngine::next_job()
{
    // Each of those that wait is looked at once: what one waits for now may have ended at the next turn.
    for (std::size_t looks = waiting_.size(); looks > 0; --looks) {
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        if (!job.identity.config_hash.empty()) {
            if (books_.settle_known(job.point, job.identity)) continue;
            if (is_running(job.identity)) {
                waiting_.push_back(std::move(job));
                continue;
            }
        }
        return job;
    }
    if (std::optional<Point> point = books_.next()) return Job{std::move(*point), {}, 0};
    return std::nullopt;
}

void ServedEngine::feed(Server& server)
{
    if (!server.greeted || server.job) return;
    server.job = next_job();
    if (!server.job) return;
    server.job->identity = {};
    server.stream.send(Message::point, fmt::format("{} {}", server.job->point.design, server.job->point.seed));
}

void ServedEngine::read(Server& server)
{
    // That the other end is gone shows as the worker's end.
    server.stream.fill();
    while (const std::optional<MessageStream::Received> received = server.stream.next()) take(server, *received);
}

void ServedEngine::take(Server& server, const MessageStream::Received& received)
{
    switch (received.message) {
        case Message::hello:
            if (received.text != options_.content) {
                throw DataError("the sweep, or a file that it names, was changed while it was running: start it again");
            }
            server.greeted = true;
            return feed(server);
        case Message::identity: return identify(server, received.text);
        case Message::fault: {
            Job& job = server.job.value();
            job.identity = identity_of("illegal " + label_of(job.point));
            return finish(server, books_.failure(received.text));
        }
        case Message::result: return finish(server, record_of_result(received.text));
        case Message::error: return finish(server, books_.failure(received.text));
        case Message::killed: {
            Job job = std::move(server.job.value());
            server.job.reset();
            WorkerEnd end;
            end.signal = std::stoi(received.text);
            take_again(std::move(job), end);
            return feed(server);
        }
        case Message::point:
        case Message::compute:
        case Message::skip: break;
    }
    throw DataError("a point server sent what no point server sends");
}

void ServedEngine::identify(Server& server, const std::string& config_hash)
{
    Job& job = server.job.value();
    const Identity identity = identity_of(config_hash);
    const bool elsewhere = is_running(identity);
    job.identity = identity;
    if (elsewhere || books_.settle_known(job.point, identity)) {
        if (elsewhere) waiting_.push_back(job);
        server.job.reset();
        server.stream.send(Message::skip);
        return feed(server);
    }
    server.stream.send(Message::compute);
}

void ServedEngine::finish(Server& server, const Record& record)
{
    early_ends_ = 0;
    const Job job = std::move(server.job.value());
    server.job.reset();
    feed(server);  // first, so that it computes while this one is written down
    books_.settle(job.point, job.identity, "", record);
}

void ServedEngine::replace(const WorkerEnd& end)
{
    const auto found = servers_.find(end.id);
    if (found == servers_.end()) return;
    std::optional<Job> job = std::move(found->second.job);
    servers_.erase(found);
    const std::string line = error_line(end);
    if (++early_ends_ > kMostEarlyEnds) throw DataError("point servers end as soon as they begin: " + line);
    if (job) take_again(std::move(*job), end);
}

void ServedEngine::take_again(Job job, const WorkerEnd& end)
{
    if (++job.kills > kMostKills) {
        if (job.identity.config_hash.empty()) job.identity = identity_of("illegal " + label_of(job.point));
        return books_.settle(
            job.point, job.identity, "",
            books_.failure(fmt::format("{}, for the {}th time without a step forward", error_line(end), job.kills)));
    }
    books_.run().observer.worker_stopped(job.point, end);
    job.identity = {};
    waiting_.push_back(std::move(job));
}

bool ServedEngine::is_running(const Identity& identity) const
{
    return std::any_of(servers_.begin(), servers_.end(),
                       [&](const auto& entry) { return entry.second.job && entry.second.job->identity == identity; });
}

Identity ServedEngine::identity_of(const std::string& config_hash) const
{
    const config::Stage& stage = books_.run().sweep.stages[books_.run().stage];
    return {config_hash, config::name_of(stage.command), stage.steps, options_.model};
}

}  // namespace wagesim::sweep
