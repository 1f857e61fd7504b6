// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The options of every command, each stated once. See the header.
#include "platforms/cli/command_line.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "platforms/cli/argument_counts.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/version.hpp"
#include "platforms/inspect/explanation.hpp"

namespace wagesim::cli {
namespace {

constexpr std::uint64_t kMaxSteps = (std::uint64_t{1} << 40U) - 1;  // the steps that random words can name

/// CLI11 reads 010 as eight and trims; an option of ours is decimal digits or refused.
std::uint64_t parse_count(const std::string& name, const std::string& text, std::uint64_t low, std::uint64_t high)
{
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value < low || value > high) {
        throw CLI::ValidationError(fmt::format("{}: got {}, allowed {}..{}", name, text, low, high),
                                   CLI::ExitCodes::ValidationError);
    }
    return value;
}

/// A:B, steps A to before B.
std::pair<std::uint64_t, std::uint64_t> parse_steps(const std::string& name, const std::string& text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        throw CLI::ValidationError(fmt::format("{}: got {}, allowed A:B, steps A to before B", name, text),
                                   CLI::ExitCodes::ValidationError);
    }
    const std::uint64_t first = parse_count(name, text.substr(0, colon), 0, kMaxSteps - 1);
    const std::uint64_t most = std::min(kMaxSteps, first + kMostTracedSteps);
    return {first, parse_count(name, text.substr(colon + 1), first + 1, most)};
}

/// K/N, the share K of N.
std::pair<std::uint64_t, std::uint64_t> parse_share(const std::string& name, const std::string& text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) {
        throw CLI::ValidationError(fmt::format("{}: got {}, allowed K/N, share K of N, the first being 0", name, text),
                                   CLI::ExitCodes::ValidationError);
    }
    const std::uint64_t shares = parse_count(name, text.substr(slash + 1), 1, kMostTasks);
    return {parse_count(name, text.substr(0, slash), 0, shares - 1), shares};
}

class Parser {
public:
    Parser()
    {
        app_.name("wagesim");
        app_.require_subcommand(1);
        app_.set_version_flag("--version", program_version());
        app_.set_help_flag("-h,--help", "Print this help and end");
        add_train();
        add_simulate();
        add_verify();
        add_infer();
        add_report();
        add_compare();
        add_config();
        add_sweep();
    }

    std::optional<Options> parse(int argc, const char* const* argv)
    {
        require_known_command(app_, "command", 1, argc, argv);
        if (argc > 1 && std::string(argv[1]) == "sweep") {
            require_known_command(*app_.get_subcommand("sweep"), "sweep", 2, argc, argv);
        }
        try {
            app_.parse(argc, argv);
        } catch (const CLI::CallForHelp&) {
            fmt::print("{}", app_.help());
            return std::nullopt;
        } catch (const CLI::CallForVersion&) {
            fmt::print("{}\n", program_version());
            return std::nullopt;
        } catch (const CLI::ExtrasError&) {
            throw UsageError("unexpected argument: got " + app_.remaining(true).front() + "; see " + help_command());
        } catch (const CLI::ArgumentMismatch& error) {
            throw UsageError(describe_count(command(), error).value_or(one_line(error.what())) + "; see " +
                             help_command());
        } catch (const CLI::ParseError& error) {
            throw UsageError(one_line(error.what()) + "; see " + help_command());
        }
        return options_;
    }

private:
    CLI::App& add_bare_command(const char* name, Command command, const char* description)
    {
        CLI::App& added = *app_.add_subcommand(name, description);
        added.callback([this, command] { options_.command = command; });
        added.set_help_flag("-h,--help", "Print this help and end");
        added.set_version_flag("--version", program_version());
        return added;
    }

    /// A command that works on a run file.
    CLI::App& add_command(const char* name, Command command, const char* description)
    {
        CLI::App& added = add_bare_command(name, command, description);
        add_text(added, "-c,--config", options_.config, "RUN.yaml", "The run file")->required();
        add_assignments(added, "Set a key of the run file; repeatable, later ones win");
        add_count(added, "--seed", options_.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                  "The same as --set seed=N");
        add_json(added);
        return added;
    }

    void add_assignments(CLI::App& app, const char* description)
    {
        app.add_option("--set", options_.assignments, description)
            ->type_name("dotted.key=value")
            ->type_size(1)
            ->allow_extra_args(false);
    }

    void add_json(CLI::App& app)
    {
        app.add_flag("--json", options_.json, "Print the result as one JSON object and nothing else");
    }

    static CLI::Option* add_text(CLI::App& app, const char* name, std::string& target, const char* type,
                                 const char* description)
    {
        return app
            .add_option_function<std::string>(
                name,
                [&target, name](const std::string& text) {
                    if (text.empty()) {
                        throw CLI::ValidationError(fmt::format("{}: got an empty text", name),
                                                   CLI::ExitCodes::ValidationError);
                    }
                    target = text;
                },
                description)
            ->type_name(type);
    }

    template <class T>
    static void add_count(CLI::App& app, const char* name, std::optional<T>& target, std::uint64_t low,
                          std::uint64_t high, const char* description)
    {
        app.add_option_function<std::string>(
               name,
               [&target, name, low, high](const std::string& text) {
                   target = static_cast<T>(parse_count(name, text, low, high));
               },
               description)
            ->type_name("N");
    }

    void add_engine_options(CLI::App& app)
    {
        add_count(app, "--threads", options_.threads, 1, kMaxThreads,
                  "Threads (default OMP_NUM_THREADS, else all cores); results never depend on it");
        add_text(app, "--out", options_.out, "DIR", "Keep the run in this folder");
        app.add_flag("--quiet", options_.quiet, "Print nothing but errors, no progress bar");
    }

    void add_training_options(CLI::App& app)
    {
        add_engine_options(app);
        add_count(app, "--steps", options_.steps, 0, kMaxSteps, "Stop after N training steps in all");
        add_text(app, "--weights", options_.weights, "FILE.npz", "Start from these weights");
        app.add_flag("--resume", options_.resume,
                     "Go on from the checkpoint in --out DIR, or start where there is none");
        CLI::Option* const dump = add_text(app, "--dump", options_.dump, "FILE.npz", "Write the tensors of every step");
        add_text(app, "--dump-filter", options_.dump_filter, "GLOB", "Of --dump, only these entries")->needs(dump);
    }

    void add_inject(CLI::App& app)
    {
        add_text(app, "--inject", options_.inject, "STEP:LAYER:TENSOR:INDEX:BIT",
                 "Flip one bit of the chip's tensor; INDEX is row-major");
    }

    void add_record_activity(CLI::App& app)
    {
        add_text(app, "--record-activity", options_.record_activity, "FILE",
                 "Write how much of the chip was active, for runs with fidelity timing");
    }

    void add_record(CLI::App& app)
    {
        app.add_flag("--record", options_.record, "Keep training curves and histograms in --out DIR, for report");
    }

    void add_trace(CLI::App& app)
    {
        CLI::Option* const trace = app.add_flag(
            "--trace", options_.trace, "Keep trace.json in --out DIR: what each unit did when, for ui.perfetto.dev");
        app.add_option_function<std::string>(
               "--trace-steps",
               [this](const std::string& text) { options_.trace_steps = parse_steps("--trace-steps", text); },
               "Of --trace, steps A to before B (default 0:1)")
            ->type_name("A:B")
            ->needs(trace);
    }

    void add_rtl(CLI::App& app)
    {
        add_text(app, "--rtl-library", options_.rtl_library, "FILE.so",
                 "Another implementation of the quantize/update unit, with chip.quantizer rtl or lockstep");
        CLI::Option* const wave = add_text(app, "--wave", options_.wave, "FILE.fst",
                                           "Record the unit's signals, with chip.quantizer rtl or lockstep");
        app.add_option_function<std::string>(
               "--wave-steps",
               [this](const std::string& text) { options_.wave_steps = parse_steps("--wave-steps", text); },
               "Of --wave, steps A to before B (default 0:1)")
            ->type_name("A:B")
            ->needs(wave);
    }

    void add_explain(CLI::App& app)
    {
        const std::string units = fmt::format("{}", fmt::join(inspect::kExplainable, ", "));
        app.add_option_function<std::string>(
               "--explain",
               [this, units](const std::string& unit) {
                   const auto& known = inspect::kExplainable;
                   if (std::find(known.begin(), known.end(), unit) == known.end()) {
                       throw CLI::ValidationError(fmt::format("--explain: got {}, allowed {}", unit, units),
                                                  CLI::ExitCodes::ValidationError);
                   }
                   options_.explain = unit;
               },
               "Print the formulas of a unit's cycles and energy with this run's numbers: " + units)
            ->type_name("UNIT");
    }

    void add_train()
    {
        CLI::App& app = add_command("train", Command::train, "Train with the reference trainer");
        add_training_options(app);
        add_record(app);
    }

    void add_simulate()
    {
        CLI::App& app = add_command("simulate", Command::simulate, "Train on the simulated chip");
        add_training_options(app);
        add_inject(app);
        add_record_activity(app);
        add_rtl(app);
        add_record(app);
        add_trace(app);
        add_explain(app);
        app.add_flag("--sqlite", options_.sqlite, "Keep run.sqlite in --out DIR: what was counted, as tables");
    }

    void add_verify()
    {
        CLI::App& app = add_command("verify", Command::verify, "Compare the chip with the reference, tensor by tensor");
        add_training_options(app);
        add_inject(app);
        add_record_activity(app);
        add_rtl(app);
        app.add_option_function<std::string>(
               "--tolerate",
               [this](const std::string& what) {
                   if (what != "deviation") {
                       throw CLI::ValidationError(fmt::format("--tolerate: got {}, allowed deviation", what),
                                                  CLI::ExitCodes::ValidationError);
                   }
                   options_.tolerate_deviation = true;
               },
               "Measure and report differences and go on")
            ->type_name("deviation");
        add_count(app, "--compare-steps", options_.compare_steps, 0, kMaxSteps,
                  "Compare every tensor of the first N steps, later only the weights after the last step");
    }

    void add_infer()
    {
        CLI::App& app = add_command("infer", Command::infer, "Test-set error of given weights");
        add_engine_options(app);
        add_text(app, "--weights", options_.weights, "FILE.npz", "The weights")->required();
        app.add_option_function<std::string>(
               "--engine",
               [this](const std::string& engine) {
                   if (engine != "reference" && engine != "chip") {
                       throw CLI::ValidationError(fmt::format("--engine: got {}, allowed reference, chip", engine),
                                                  CLI::ExitCodes::ValidationError);
                   }
                   options_.engine = engine == "chip" ? EngineKind::chip : EngineKind::reference;
               },
               "What computes (default reference)")
            ->type_name("reference|chip");
    }

    void add_report()
    {
        CLI::App& app = add_bare_command("report", Command::report,
                                         "Draw runs, or explore sweeps, as one self-contained HTML page");
        app.add_option("runs", options_.runs, "Folders that --out left; or databases of sweeps (DIR/sweep.sqlite)")
            ->type_name("RUN_DIR|SWEEP.sqlite")
            ->required();
        add_text(app, "-o,--output", options_.output, "FILE.html", "The page; replaced where it exists")->required();
    }

    void add_compare()
    {
        CLI::App& app = add_bare_command("compare", Command::compare, "What differs between two runs");
        app.add_option("runs", options_.runs, "Two folders that --out left")
            ->type_name("RUN_DIR RUN_DIR")
            ->required()
            ->expected(2);
        add_json(app);
    }

    void add_config()
    {
        CLI::App& app = add_command("config", Command::config, "Check a run file and print it resolved");
        app.add_flag("--program", options_.program, "Print what its chip executes: placement, memory, commands");
    }

    CLI::App& add_sweep_action(CLI::App& sweep, const char* name, SweepAction action, const char* description)
    {
        CLI::App& added = *sweep.add_subcommand(name, description);
        added.callback([this, action] {
            options_.command = Command::sweep;
            options_.sweep.action = action;
        });
        added.set_help_flag("-h,--help", "Print this help and end");
        added.set_version_flag("--version", program_version());
        add_text(added, "-c,--config", options_.config, "SWEEP.yaml", "The sweep file")->required();
        add_assignments(added, "Set a key of every run, one that the sweep does not vary; repeatable");
        add_text(added, "--out", options_.out, "DIR", "The folder of the sweep")->required();
        if (action != SweepAction::export_csv) add_json(added);
        return added;
    }

    void add_sweep()
    {
        CLI::App& sweep = *app_.add_subcommand("sweep", "Run many points of a configuration and compare them");
        sweep.require_subcommand(1);
        sweep.set_help_flag("-h,--help", "Print this help and end");
        sweep.set_version_flag("--version", program_version());
        CLI::App& run = add_sweep_action(sweep, "run", SweepAction::run, "Compute the points that are missing");
        add_count(run, "--jobs", options_.sweep.jobs, 1, kMaxThreads,
                  "Points at the same time (default: cores / threads)");
        add_count(run, "--threads", options_.threads, 1, kMaxThreads,
                  "Threads of each point (default OMP_NUM_THREADS, else cores / jobs)");
        add_retry_failed(run);
        run.add_option_function<std::string>(
               "--share", [this](const std::string& text) { options_.sweep.share = parse_share("--share", text); },
               "Compute share K of N of the points that sweep slurm has planned")
            ->type_name("K/N");
        run.add_flag("--quiet", options_.quiet, "Print nothing but errors, no progress bar");
        add_slurm(sweep);
        add_sweep_action(sweep, "status", SweepAction::status, "How many points are done, running, failed, missing");
        add_sweep_action(sweep, "collect", SweepAction::collect,
                         "Mean, least and most over seeds of each configuration");
        CLI::App& csv = add_sweep_action(sweep, "export", SweepAction::export_csv, "Every point as a line of CSV");
        add_text(csv, "-o,--output", options_.sweep.output, "FILE.csv", "Instead of standard output");
        add_sweep_action(sweep, "best", SweepAction::best, "The best configuration by each objective");
        add_serve(sweep);
    }

    void add_retry_failed(CLI::App& app)
    {
        app.add_flag("--retry-failed", options_.sweep.retry_failed, "Try points again that failed before");
    }

    void add_slurm(CLI::App& sweep)
    {
        CLI::App& slurm =
            add_sweep_action(sweep, "slurm", SweepAction::slurm, "Submit the missing points as a Slurm job array");
        add_count(slurm, "--tasks", options_.sweep.tasks, 1, kMostTasks,
                  "Tasks of the array (default: a point each, or a thousand of those without data)");
        add_count(slurm, "--jobs", options_.sweep.jobs, 1, kMaxThreads,
                  "Points of a task at the same time (default 1)");
        add_count(slurm, "--threads", options_.threads, 1, kMaxThreads, "Threads of each point (default 1)");
        add_text(slurm, "--partition", options_.sweep.partition, "NAME", "Slurm's partition");
        add_text(slurm, "--account", options_.sweep.account, "NAME", "The account that is charged");
        add_text(slurm, "--time", options_.sweep.time, "TIME",
                 "Limit of a task, as sbatch has it; tasks go on after it");
        slurm.add_option("--sbatch", options_.sweep.scheduler_options, "A further option of sbatch; repeatable")
            ->type_name("OPTION")
            ->type_size(1)
            ->allow_extra_args(false);
        add_retry_failed(slurm);
        slurm.add_flag("--dry-run", options_.sweep.dry_run, "Write plan and script, submit nothing");
    }

    /// What `sweep run` starts its point servers with; not for users.
    void add_serve(CLI::App& sweep)
    {
        CLI::App& serve = *sweep.add_subcommand("serve", "A point server of sweep run");
        serve.group("");
        serve.callback([this] {
            options_.command = Command::sweep;
            options_.sweep.action = SweepAction::serve;
        });
        add_text(serve, "-c,--config", options_.config, "SWEEP.yaml", "The sweep file")->required();
        add_assignments(serve, "As of sweep run");
        serve.add_option("--stage", options_.sweep.stage, "Which stage")->required();
        add_count(serve, "--threads", options_.threads, 1, 1, "One");
    }

    /// Says which names there are; CLI11 would not.
    static void require_known_command(const CLI::App& app, const char* what, int position, int argc,
                                      const char* const* argv)
    {
        std::string names;
        for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
            if (argc > position && command->get_name() == argv[position]) return;
            names += (names.empty() ? "" : ", ") + command->get_name();
        }
        if (argc > position && argv[position][0] == '-') return;
        throw UsageError(fmt::format("{}: got {}, allowed {}", what, argc > position ? argv[position] : "none", names));
    }

    static std::string one_line(std::string text)
    {
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    }

    /// The command that was named, the innermost one.
    [[nodiscard]] const CLI::App& command() const
    {
        const CLI::App* app = &app_;
        while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
        return *app;
    }

    [[nodiscard]] std::string help_command() const
    {
        std::string names;
        for (const CLI::App* app = &command(); app != nullptr; app = app->get_parent()) {
            names = app->get_name() + " " + names;
        }
        return names + "--help";
    }

    CLI::App app_{"Training and inference of WAGE networks in integers, on a reference and on a simulated chip"};
    Options options_;
};

}  // namespace

std::optional<Options> parse_command_line(int argc, const char* const* argv)
{
    return Parser().parse(argc, argv);
}

}  // namespace wagesim::cli
