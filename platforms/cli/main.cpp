// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim: from a command line to an exit status. Every error ends here, as one line on standard error.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <system_error>

#include "platforms/cli/command_line.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/idle_threads.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/config/config_error.hpp"
#include "ref/data/dataset.hpp"

namespace wagesim::cli {
namespace {

ExitCode run_command(const Options& options)
{
    switch (options.command) {
        case Command::train: return run_train(options);
        case Command::simulate: return run_simulate(options);
        case Command::verify: return run_verify(options);
        case Command::infer: return run_infer(options);
        case Command::report: return run_report(options);
        case Command::config: return run_config(options);
        case Command::sweep: return run_sweep(options);
    }
    return ExitCode::internal;
}

ExitCode run(int argc, const char* const* argv)
{
    const std::optional<Options> options = parse_command_line(argc, argv);
    const ExitCode code = options ? run_command(*options) : ExitCode::done;
    // A result that nobody received, on a full disk say, is no success.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw DataError("standard output: cannot be written");
    return code;
}

ExitCode report(ExitCode code, const char* prefix, std::string text)
{
    while (!text.empty() && text.back() == '\n') text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    fmt::print(stderr, "{}{}\n", prefix, text);
    return code;
}

ExitCode run_and_report(int argc, const char* const* argv)
{
    try {
        return run(argc, argv);
    } catch (const config::ConfigError& error) {
        return report(ExitCode::usage, "", error.what());
    } catch (const UsageError& error) {
        return report(ExitCode::usage, "wagesim: ", error.what());
    } catch (const DataError& error) {
        return report(ExitCode::data, "", error.what());
    } catch (const VerificationFailed& error) {
        return report(ExitCode::difference, "wagesim: ", error.what());
    } catch (const Interrupted& error) {
        return report(ExitCode::interrupted, "wagesim: ", error.what());
    } catch (const std::bad_alloc&) {
        return report(ExitCode::usage,
                      "wagesim: ", "out of memory: this network or batch is too large for the machine");
    } catch (const std::system_error& error) {
        return report(ExitCode::data, "wagesim: ", error.what());
    } catch (const std::exception& error) {
        return report(ExitCode::internal, "wagesim: internal error: ", error.what());
    }
}

}  // namespace
}  // namespace wagesim::cli

int main(int argc, char** argv)
{
    wagesim::cli::let_idle_threads_sleep(argv);
    wagesim::cli::catch_interruptions();
    return static_cast<int>(wagesim::cli::run_and_report(argc, argv));
}
