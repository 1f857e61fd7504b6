// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/slurm_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace wagesim::sweep {
namespace {

constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%";

[[noreturn]] void refuse(const std::string& what, const std::string& text, const std::string& allowed)
{
    throw std::invalid_argument(fmt::format("{}: got {}, allowed {}", what, text, allowed));
}

void require_line(const std::string& what, const std::string& text)
{
    const bool breaks = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' '; });
    if (breaks) refuse(what, "a line break or another control character", "a text on one line");
}

/// "#SBATCH --name=value", quoted as sbatch reads such lines.
std::string directive(const std::string& name, const std::string& value)
{
    require_line("--" + name, value);
    if (value.find_first_not_of(kPlain) == std::string::npos) return fmt::format("#SBATCH --{}={}\n", name, value);
    std::string quoted;
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return fmt::format("#SBATCH --{}=\"{}\"\n", name, quoted);
}

/// The file that every task writes to; sbatch replaces %a by the task's number.
std::string log_pattern(const std::string& folder)
{
    if (folder.find('\\') != std::string::npos)
        refuse("--out", folder, "a path without \\, which sbatch cannot write to");
    std::string pattern;
    for (const char c : folder) pattern += c == '%' ? "%%" : std::string(1, c);
    return pattern + "/task%a.log";
}

/// The sweep's name as far as it can be read in a table of jobs.
std::string job_name(const std::string& sweep)
{
    std::string name = sweep;
    for (char& c : name) {
        if (std::string(kPlain).find(c) == std::string::npos) c = '-';
    }
    return name;
}

std::string user_options(const std::vector<std::string>& options)
{
    std::string lines;
    for (const std::string& option : options) {
        require_line("--sbatch", option);
        if (option.size() < 2 || option[0] != '-') {
            refuse("--sbatch", option.empty() ? "an empty text" : option, "an option of sbatch, such as --mem=4G");
        }
        for (const char* const own : {"--array", "-a", "--wrap", "--test-only"}) {
            const bool same = option.compare(0, std::string(own).size(), own) == 0;
            if (same) refuse("--sbatch", option, "options that leave the tasks as --tasks makes them");
        }
        lines += fmt::format("#SBATCH {}\n", option);
    }
    return lines;
}

constexpr const char* kWork = R"(
# Slurm's SIGTERM (scancel, preemption) and the time limit, which SIGUSR1 announces, stop wagesim cleanly: it writes its
# checkpoints. After a time limit, and after a kill from outside, the task goes back into the queue and goes on from them;
# not where the limit is announced as soon as it begins, which would never end.
again=no stopped=no stop=no worker=
stop_worker() {{ stop=yes; [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null; }}
trap 'stopped=yes; stop_worker' TERM INT
trap 'stopped=yes; [ "$SECONDS" -lt 60 ] || {{ again=yes; stop_worker; }}' USR1

{} "$SLURM_ARRAY_TASK_ID/{}" &
worker=$!
[ "$stop" = no ] || stop_worker # a signal came before this line
while true; do
    wait "$worker"
    status=$?
    [ "$stopped" = yes ] || break # else a signal ended the waiting, not the worker
    stopped=no
done

[ "$status" -eq 137 ] && [ "${{SLURM_RESTART_COUNT:-0}}" -lt 10 ] && again=yes
if [ "$again" = yes ] && [ "$status" -ne 0 ]; then
    scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
fi
exit "$status"
)";

}  // namespace

std::string shell_word(const std::string& text)
{
    const bool plain = !text.empty() && text.find_first_not_of(kPlain) == std::string::npos;
    if (plain) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? R"('\'')" : std::string(1, c);
    return quoted + "'";
}

std::string array_script(const ArrayJob& job)
{
    std::string script = fmt::format(
        "#!/bin/bash\n# The sweep {} as a Slurm job array, written by wagesim sweep slurm, which submits it.\n"
        "# Each task computes its share of the points that shares/plan.json lists.\n",
        job_name(job.sweep));
    script += directive("job-name", job_name(job.sweep));
    script += directive("array", fmt::format("0-{}", job.tasks - 1));
    script += directive("ntasks", "1");
    script += directive("cpus-per-task", std::to_string(job.cpus));
    script += "#SBATCH --requeue\n#SBATCH --open-mode=append\n#SBATCH --signal=B:USR1@120\n";
    script += directive("output", log_pattern(job.folder));
    if (!job.partition.empty()) script += directive("partition", job.partition);
    if (!job.account.empty()) script += directive("account", job.account);
    if (!job.time.empty()) script += directive("time", job.time);
    script += user_options(job.options);
    std::string words;
    for (const std::string& word : job.command) words += (words.empty() ? "" : " ") + shell_word(word);
    return script + fmt::format(kWork, words, job.tasks);
}

}  // namespace wagesim::sweep
