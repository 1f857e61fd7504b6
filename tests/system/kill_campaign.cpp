// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/system/kill_campaign.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/system/child_processes.hpp"

namespace wagesim::test {
namespace {

using ::testing::HasSubstr;
using Milliseconds = std::chrono::duration<double, std::milli>;

int kills_wanted()
{
    const char* const text = std::getenv("WAGESIM_SWEEP_KILLS");
    return text == nullptr ? 20 : std::atoi(text);
}

/// Whoever works for `parent`; waits a moment for the first.
std::vector<pid_t> workers_of(pid_t parent)
{
    std::vector<pid_t> workers;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (workers.empty() && std::chrono::steady_clock::now() < limit) workers = descendants_of(parent);
    return workers;
}

}  // namespace

KillCampaign kill_at_random(const TinySweep& sweep, const std::vector<std::string>& options)
{
    KillCampaign campaign;
    const int most = kills_wanted();
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(sweep.run("run", "whole", options).status, 0);
    const Milliseconds whole = std::chrono::steady_clock::now() - began;
    const std::string expected = sweep.table("whole");
    EXPECT_THAT(expected, HasSubstr("done"));

    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << ", undisturbed " << whole.count() << " ms\n";
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0.01 * whole.count(), 0.12 * whole.count());
    int folders = 0;
    while (campaign.of_parents + campaign.of_workers < most) {
        const std::string out = "killed" + std::to_string(folders++);
        int status = -SIGKILL;
        while (status == -SIGKILL) {
            RunningCommand run(wagesim_arguments(sweep.arguments("run", out, options)), wagesim_environment());
            // Some workers, then perhaps the parent.
            for (int kills = std::uniform_int_distribution<int>(0, 2)(random); kills > 0; --kills) {
                std::this_thread::sleep_for(Milliseconds(moment(random)));
                const std::vector<pid_t> workers = workers_of(run.pid());
                if (workers.empty()) continue;
                const std::size_t one = std::uniform_int_distribution<std::size_t>(0, workers.size() - 1)(random);
                if (::kill(workers[one], SIGKILL) == 0) ++campaign.of_workers;
            }
            if (campaign.of_parents + campaign.of_workers < most) {
                std::this_thread::sleep_for(Milliseconds(moment(random)));
                run.send_signal(SIGKILL);
            }
            const CommandResult result = run.wait();
            status = result.status;
            if (status == -SIGKILL) ++campaign.of_parents;
        }
        EXPECT_EQ(status, 0);
        if (status != 0) return campaign;
        EXPECT_EQ(sweep.table(out), expected);
        campaign.last_folder = out;
    }
    std::cout << campaign.of_workers << " kills of workers, " << campaign.of_parents << " of parents, " << folders
              << " sweeps\n";
    EXPECT_GT(campaign.of_workers, 0);
    EXPECT_GT(campaign.of_parents, 0);
    return campaign;
}

}  // namespace wagesim::test
