// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A command line as values. What is allowed together is decided in command_line.cpp, what it means by the commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wagesim::cli {

enum class Command { train, simulate, verify, infer, report, compare, config, sweep };
enum class EngineKind { reference, chip };
enum class SweepAction { run, slurm, status, collect, export_csv, best, serve };

/// What `sweep` has beside the other options.
struct SweepOptions {
    SweepAction action = SweepAction::run;
    std::optional<int> jobs;  ///< run and slurm: points at the same time
    bool retry_failed = false;
    /// run: K of K/N, and N.
    std::optional<std::pair<std::uint64_t, std::uint64_t>> share;
    std::size_t stage = 0;                       ///< serve: which
    std::string output;                          ///< export: empty means standard output
    std::optional<std::uint64_t> tasks;          ///< slurm
    std::string partition;                       ///< slurm; empty: the cluster's
    std::string account;                         ///< slurm; empty: the user's
    std::string time;                            ///< slurm; empty: the partition's
    std::vector<std::string> scheduler_options;  ///< slurm: further options of sbatch
    bool dry_run = false;                        ///< slurm
};

/// That --tasks may say: what Slurm allows an array unless the cluster says otherwise.
inline constexpr std::uint64_t kMostTasks = 1000;

/// That --threads and OMP_NUM_THREADS may say.
inline constexpr int kMaxThreads = 4096;
/// That --trace-steps and --wave-steps may name: what they leave is to be looked at.
inline constexpr std::uint64_t kMostTracedSteps = 64;

struct Options {
    Command command = Command::train;
    std::string config;                    ///< run file, or sweep file
    std::vector<std::string> assignments;  ///< dotted.key=value, later ones win
    std::optional<std::uint64_t> seed;     ///< the same as seed=N after all assignments
    std::optional<std::uint64_t> steps;
    std::optional<int> threads;
    std::string weights;  ///< empty: none
    std::string out;      ///< empty: none
    bool resume = false;
    std::string dump;  ///< empty: none
    std::string dump_filter = "*";
    bool record = false;                                        ///< train and simulate
    bool trace = false;                                         ///< simulate
    std::pair<std::uint64_t, std::uint64_t> trace_steps{0, 1};  ///< the first, and the one after the last
    std::string explain;                                        ///< simulate: a unit; empty: none
    bool sqlite = false;                                        ///< simulate
    bool program = false;                                       ///< config
    bool quiet = false;
    bool json = false;
    std::string inject;                                        ///< empty: none; simulate and verify
    std::string record_activity;                               ///< empty: none; likewise
    std::string wave;                                          ///< empty: none; likewise
    std::pair<std::uint64_t, std::uint64_t> wave_steps{0, 1};  ///< as trace_steps
    std::string rtl_library;                                   ///< empty: none; likewise
    bool tolerate_deviation = false;
    std::optional<std::uint64_t> compare_steps;  ///< verify: nothing means every step
    EngineKind engine = EngineKind::reference;   ///< infer
    SweepOptions sweep;
    std::vector<std::string> runs;  ///< report, compare: run folders
    std::string output;             ///< report: the page
};

}  // namespace wagesim::cli
