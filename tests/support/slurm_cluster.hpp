// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A Slurm cluster of one node on this machine's loopback interface: munged, slurmctld and slurmd with their
// configuration, keys, state and sockets in a temporary folder, gone with the object.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/run_command.hpp"

namespace wagesim::test {

class SlurmCluster {
public:
    /// Why there can be none here, as a skipped test says it; empty where there can.
    [[nodiscard]] static std::string obstacle();

    /// Returns when the node is idle. Throws std::runtime_error, with the daemons' logs, where it does not become so.
    SlurmCluster();
    /// Ends jobs and daemons.
    ~SlurmCluster();
    SlurmCluster(const SlurmCluster&) = delete;
    SlurmCluster& operator=(const SlurmCluster&) = delete;

    /// That makes programs speak to this cluster, "NAME=value".
    [[nodiscard]] std::vector<std::string> environment() const;
    /// squeue, scancel, scontrol, ...
    [[nodiscard]] CommandResult command(const std::vector<std::string>& arguments) const;
    /// The state of a job or a task of an array ("7_1"), PENDING say, as scontrol has it; empty where there is none.
    [[nodiscard]] std::string state(const std::string& job) const;
    /// Whether no task of the job is waiting or running.
    [[nodiscard]] bool has_ended(const std::string& job) const;
    [[nodiscard]] std::string logs() const;

private:
    void write_configuration() const;
    void start_daemons();
    void stop();

    TemporaryFolder folder_;
    std::vector<std::unique_ptr<RunningCommand>> daemons_;
};

}  // namespace wagesim::test
