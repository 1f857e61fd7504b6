// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/sweep.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "platforms/config/load_sweep.hpp"
#include "platforms/library/failure.hpp"
#include "platforms/library/program.hpp"
#include "platforms/sweep/point_source.hpp"
#include "platforms/sweep/stored_sweep.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim {
namespace {

namespace fs = std::filesystem;

std::uint64_t points_of(const config::SweepConfig& sweep)
{
    const sweep::DesignGrid grid(sweep);
    const config::Sampling& sampling = sweep.sampling;
    if (sampling.kind != config::Sampling::Kind::optimiser) return sweep::make_source(grid, sampling)->count();
    return std::uint64_t{sampling.population} * (sampling.generations + 1) * grid.seeds();
}

/// Another sweep's folder keeps its files.
void require_folder_for(const std::string& name, const fs::path& folder)
{
    const fs::path database = folder / "sweep.sqlite";
    if (!fs::exists(database)) return;
    const std::string there = sweep::StoredSweep(database.string()).description().name;
    if (there.empty() || there == name) return;
    throw Error(Error::Kind::config, fmt::format("{}: got the folder of sweep {}, allowed a new one or that of {}",
                                                 folder.string(), there, name));
}

}  // namespace

class Sweep::State {
public:
    /// Of a file.
    State(std::string file, std::vector<std::string> assignments)
        : config_(config::load_sweep(file, assignments)), file_(std::move(file)), assignments_(std::move(assignments))
    {
    }
    /// Of texts.
    struct Texts {
        std::string base;
        std::string sweep;
    };
    explicit State(Texts texts)
        : config_(config::parse_sweep(texts.sweep, "sweep", texts.base)), texts_(std::move(texts))
    {
    }

    [[nodiscard]] const config::SweepConfig& config() const noexcept { return config_; }

    /// The arguments of `wagesim sweep` behind the action; files are written where there are none yet.
    [[nodiscard]] std::vector<std::string> place(const std::string& folder) const
    {
        std::string file = file_;
        if (file.empty()) {
            fs::create_directories(folder);
            require_folder_for(config_.name, folder);
            write_file_atomically((fs::path(folder) / "base.yaml").string(), texts_.base);
            file = (fs::path(folder) / "sweep.yaml").string();
            write_file_atomically(file, "base: base.yaml\n" + texts_.sweep);
        }
        std::vector<std::string> arguments = {"-c", file, "--out", folder};
        for (const std::string& assignment : assignments_) {
            arguments.emplace_back("--set");
            arguments.push_back(assignment);
        }
        return arguments;
    }

private:
    config::SweepConfig config_;
    std::string file_;  ///< empty where the sweep is of texts
    std::vector<std::string> assignments_;
    Texts texts_;
};

Sweep::Sweep(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sweep::~Sweep() = default;
Sweep::Sweep(const Sweep& other) : state_(std::make_unique<State>(*other.state_)) {}
Sweep::Sweep(Sweep&&) noexcept = default;
Sweep& Sweep::operator=(Sweep&&) noexcept = default;
Sweep& Sweep::operator=(const Sweep& other)
{
    if (this != &other) state_ = std::make_unique<State>(*other.state_);
    return *this;
}

Sweep Sweep::load(const std::string& file, const std::vector<std::string>& assignments)
{
    return library::translated([&] { return Sweep(std::make_unique<State>(file, assignments)); });
}

Sweep Sweep::of(const Run& base, const std::string& text)
{
    return library::translated([&] { return Sweep(std::make_unique<State>(State::Texts{base.text(), text})); });
}

const std::string& Sweep::name() const
{
    return state_->config().name;
}

std::uint64_t Sweep::points() const
{
    return points_of(state_->config());
}

SweepResults Sweep::run(const std::string& folder, const SweepOptions& options) const
{
    const std::vector<std::string> where = library::translated([&] { return state_->place(folder); });
    std::vector<std::string> arguments = {"sweep", "run"};
    arguments.insert(arguments.end(), where.begin(), where.end());
    const auto add = [&](const char* option, std::optional<int> value) {
        if (!value) return;
        arguments.emplace_back(option);
        arguments.push_back(std::to_string(*value));
    };
    add("--jobs", options.jobs);
    add("--threads", options.threads);
    if (options.retry_failed) arguments.emplace_back("--retry-failed");
    if (!options.print) arguments.emplace_back("--quiet");
    if (library::run_program(arguments, "", {options.print, options.interrupted}).status == 3) {
        // Either points have failed, which the results say, or something is wrong with all of it, which this says.
        std::vector<std::string> status = {"sweep", "status", "--json"};
        status.insert(status.end(), where.begin(), where.end());
        const library::ProgramEnd end = library::run_program(status, "", {});
        if (end.status != 0) throw Error(Error::Kind::data, end.line);
    }
    return SweepResults::open(folder);
}

}  // namespace wagesim
