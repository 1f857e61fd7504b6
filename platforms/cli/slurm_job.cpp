// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// sbatch and squeue. See the header.
#include "platforms/cli/slurm_job.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "platforms/cli/exit_code.hpp"
#include "platforms/sweep/program_output.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

/// Written before sbatch is called: who is killed before its answer leaves a job that may or may not be there.
constexpr const char* kUnanswered = "unanswered";

std::string job_file(const SweepFolder& folder)
{
    return folder.slurm() + "/job";
}

std::string first_line(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

/// The number of the last array; empty where there was none.
std::string recorded_job(const SweepFolder& folder)
{
    std::ifstream stream(job_file(folder));
    std::string job;
    std::getline(stream, job);
    return job;
}

}  // namespace

std::string ArrayTasks::text() const
{
    return alive() ? fmt::format("Slurm job {}: {} tasks running, {} waiting\n", job, running, waiting) : "";
}

std::string array_script_file(const SweepFolder& folder)
{
    return folder.slurm() + "/array.sh";
}

std::optional<ArrayTasks> array_tasks(const SweepFolder& folder)
{
    ArrayTasks tasks{recorded_job(folder)};
    if (tasks.job.empty()) return tasks;
    if (tasks.job == kUnanswered) return std::nullopt;
    const std::optional<sweep::ProgramOutput> answer =
        sweep::run_program({"squeue", "--noheader", "--array", "--jobs=" + tasks.job, "--format=%T"});
    if (!answer) return std::nullopt;
    if (answer->status != 0) {
        // What Slurm has forgotten ended minutes ago.
        const bool forgotten = answer->err.find("Invalid job id") != std::string::npos;
        return forgotten ? std::optional(tasks) : std::nullopt;
    }
    std::istringstream states(answer->out);
    for (std::string state; std::getline(states, state);) {
        ++(state.rfind("PENDING", 0) == 0 ? tasks.waiting : tasks.running);
    }
    return tasks;
}

void require_no_array(const SweepFolder& folder)
{
    const std::optional<ArrayTasks> tasks = array_tasks(folder);
    if (!tasks) {
        const std::string job = recorded_job(folder);
        throw UsageError(
            fmt::format("--out: cannot ask Slurm whether {} still computes the sweep in {}; if none does, remove {}",
                        job == kUnanswered ? "the job array that was being submitted" : "job " + job, folder.path(),
                        job_file(folder)));
    }
    if (tasks->alive()) {
        throw UsageError(fmt::format("--out: Slurm job {} is computing the sweep in {}: {} tasks running, {} waiting",
                                     tasks->job, folder.path(), tasks->running, tasks->waiting));
    }
}

std::string submit_array(const SweepFolder& folder)
{
    write_file_atomically(job_file(folder), std::string(kUnanswered) + "\n");
    const std::optional<sweep::ProgramOutput> answer =
        sweep::run_program({"sbatch", "--parsable", array_script_file(folder)});
    if (!answer || answer->status != 0) {
        std::remove(job_file(folder).c_str());
        if (!answer) throw UsageError("sbatch: there is no such program here; --dry-run writes plan and script alone");
        throw UsageError(answer->err.empty() ? fmt::format("sbatch: ended with status {}", answer->status)
                                             : first_line(answer->err));
    }
    // "NUMBER", or "NUMBER;CLUSTER".
    const std::string job = answer->out.substr(0, answer->out.find_first_not_of("0123456789"));
    if (job.empty()) throw DataError("sbatch: got no job number: " + first_line(answer->out));
    write_file_atomically(job_file(folder), job + "\n");
    return job;
}

}  // namespace wagesim::cli
