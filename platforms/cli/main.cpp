// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim: from a command line to an exit status. Every error ends here, as one line on standard error.
#include <fmt/core.h>
#include <omp.h>

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "platforms/cli/command_line.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/failure.hpp"
#include "platforms/cli/idle_threads.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/ranks.hpp"
#include "platforms/cli/thread_supply.hpp"
#include "platforms/cli/thread_variable.hpp"
#include "platforms/mpi/mpi_communicator.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

/// What ends the command. Work of many steps asks between two of them, also when nobody reads any longer what it
/// prints.
void arrange_signals(const Options& options)
{
    switch (options.command) {
        case Command::report:
        case Command::compare:
        case Command::config: end_at_interruptions(); return;
        case Command::sweep:
            if (options.sweep.action == SweepAction::run) catch_interruption(SIGPIPE);
            return;
        case Command::train:
        case Command::simulate:
        case Command::verify:
        case Command::infer: catch_interruption(SIGPIPE); return;
    }
}

ExitCode run_command(const Options& options, const Ranks& ranks)
{
    arrange_signals(options);
    switch (options.command) {
        case Command::train: return run_train(options, ranks);
        case Command::simulate: return run_simulate(options);
        case Command::verify: return run_verify(options);
        case Command::infer: return run_infer(options);
        case Command::report: return run_report(options);
        case Command::compare: return run_compare(options);
        case Command::config: return ranks.together([&] { return run_config(options); });
        case Command::sweep: return run_sweep(options);
    }
    return ExitCode::internal;
}

void require_ranks_for(const Options& options, const Ranks& ranks)
{
    if (ranks.alone() || options.command == Command::train || options.command == Command::config) return;
    throw UsageError(
        fmt::format("command: got {} ranks of mpirun, allowed 1; only train is split over ranks", ranks.count()));
}

/// What of a command line decides how long ranks work and what they wait for; names of files may differ.
std::string what_ranks_share(const std::optional<Options>& options)
{
    if (!options) return "help or version";
    std::string text = options->command == Command::train ? "train" : "no train";
    if (options->steps) text += fmt::format(" --steps {}", *options->steps);
    if (!options->weights.empty()) text += " --weights";
    if (!options->out.empty()) text += " --out";
    if (options->resume) text += " --resume";
    return text;
}

ExitCode run(int argc, const char* const* argv, const Ranks& ranks)
{
    const std::optional<Options> options = ranks.together([&] {
        std::optional<Options> parsed = parse_command_line(argc, argv);
        if (parsed) require_ranks_for(*parsed, ranks);
        if (parsed && !parsed->threads) require_legal_thread_variable();
        if (parsed && parsed->command != Command::config) {
            require_threads(parsed->threads.value_or(omp_get_max_threads()),
                            parsed->threads ? "--threads" : "OMP_NUM_THREADS");
        }
        return parsed;
    });
    ranks.require_equal("command line", what_ranks_share(options));
    const ExitCode code = options ? run_command(*options, ranks) : ExitCode::done;
    ranks.together([] {
        // A result that nobody received, on a full disk say, is no success.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw DataError("standard output: cannot be written");
    });
    return code;
}

ExitCode report(const Failure& failure)
{
    // Where standard error is closed or full, the status still says what happened.
    std::fputs((failure.line + "\n").c_str(), stderr);
    return failure.code;
}

ExitCode run_alone(int argc, const char* const* argv)
{
    try {
        return run(argc, argv, Ranks());
    } catch (...) {
        return report(current_failure());
    }
}

/// What all ranks agree on is said by rank 0, and they end together. A rank that fails by itself says so and takes the
/// others, which wait for it, along.
ExitCode run_as_rank(int argc, const char* const* argv)
{
    std::shared_ptr<mpi::MpiCommunicator> mpi;
    try {
        mpi = std::make_shared<mpi::MpiCommunicator>();
    } catch (...) {
        return report(current_failure());
    }
    const Ranks ranks(mpi);
    if (const int cores = mpi->core_share(); std::getenv("OMP_NUM_THREADS") == nullptr) omp_set_num_threads(cores);
    // Only rank 0 prints. Where /dev/null cannot be opened there is nothing to print to, either; the others would wait.
    if (!ranks.is_root() && std::freopen("/dev/null", "w", stdout) == nullptr) {
        mpi->abort(static_cast<int>(ExitCode::internal));
    }
    try {
        return run(argc, argv, ranks);
    } catch (const AgreedFailure& agreed) {
        return ranks.is_root() ? report(agreed.failure()) : agreed.failure().code;
    } catch (const Interrupted&) {
        const Failure failure = current_failure();
        return ranks.is_root() ? report(failure) : failure.code;
    } catch (...) {
        Failure failure = current_failure();
        if (ranks.alone()) return report(failure);
        failure.line = fmt::format("rank {}: {}", mpi->rank(), failure.line);
        mpi->abort(static_cast<int>(report(failure)));
    }
}

}  // namespace
}  // namespace wagesim::cli

int main(int argc, char** argv)
{
    ::prctl(PR_SET_NAME, "wagesim");  // where it began anew, ps and top would call it "exe"
    wagesim::cli::catch_interruption(SIGINT);
    wagesim::cli::catch_interruption(SIGTERM);
    wagesim::cli::release_interruptions();
    std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, which is reported
    using wagesim::mpi::Launch;
    const Launch launch = wagesim::mpi::launch();
    if (launch != Launch::none) {
        wagesim::cli::catch_interruption(SIGUSR1);  // mpirun passes it on and keeps running, unlike the others
        wagesim::cli::let_idle_threads_sleep();     // not after ranks know each other
    }
    return static_cast<int>(launch == Launch::ranks ? wagesim::cli::run_as_rank(argc, argv)
                                                    : wagesim::cli::run_alone(argc, argv));
}
