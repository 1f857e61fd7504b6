// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/sweep.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "platforms/config/load_sweep.hpp"
#include "platforms/library/failure.hpp"
#include "platforms/library/program.hpp"
#include "platforms/library/sweep_folder.hpp"
#include "platforms/sweep/point_source.hpp"

namespace wagesim {
namespace {

namespace fs = std::filesystem;

constexpr int kMostThreads = 4096;  // that the program allows

std::uint64_t points_of(const config::SweepConfig& sweep)
{
    const sweep::DesignGrid grid(sweep);
    const config::Sampling& sampling = sweep.sampling;
    if (sampling.kind != config::Sampling::Kind::optimiser) return sweep::make_source(grid, sampling)->count();
    return sampling.most_designs() * grid.seeds();
}

std::vector<std::string> arguments_for(const SweepOptions& options)
{
    std::vector<std::string> arguments;
    const auto add = [&](const char* option, const char* name, std::optional<int> value) {
        if (!value) return;
        if (*value < 1 || *value > kMostThreads) {
            throw Error(Error::Kind::config,
                        fmt::format("{}: got {}, allowed an integer 1..{}", name, *value, kMostThreads));
        }
        arguments.emplace_back(option);
        arguments.push_back(std::to_string(*value));
    };
    add("--jobs", "jobs", options.jobs);
    add("--threads", "threads", options.threads);
    if (options.retry_failed) arguments.emplace_back("--retry-failed");
    if (!options.print) arguments.emplace_back("--quiet");
    return arguments;
}

}  // namespace

/// A file, or two texts.
class Sweep::State {
public:
    State(std::string file, std::vector<std::string> assignments)
        : config_(config::load_sweep(file, assignments)),
          file_(std::move(file)),
          assignments_(std::move(assignments)),
          folder_(fs::current_path().string())
    {
    }
    explicit State(library::SweepTexts texts, const std::string& text)
        : config_(config::parse_sweep(text, "sweep", texts.base)), texts_(std::move(texts))
    {
    }

    [[nodiscard]] const config::SweepConfig& config() const noexcept { return config_; }

    /// The call of `wagesim sweep ACTION` for it in `folder`, which is absolute.
    [[nodiscard]] library::ProgramCall call(const std::string& action, const std::string& file,
                                            const std::string& folder) const
    {
        library::ProgramCall call{{"sweep", action, "-c", file, "--out", folder}, "", folder_};
        for (const std::string& assignment : assignments_) {
            call.arguments.emplace_back("--set");
            call.arguments.push_back(assignment);
        }
        return call;
    }

    /// The sweep file, which is written first where there is none.
    [[nodiscard]] std::string file_in(const std::string& folder, const std::function<void()>& breathe) const
    {
        return file_.empty() ? library::write_sweep(folder, texts_, config_, breathe) : file_;
    }
    /// What `folder` has is what this sweep had the program compute.
    [[nodiscard]] bool is_still_in(const std::string& folder) const
    {
        return !file_.empty() || library::holds_sweep(folder, texts_);
    }

private:
    config::SweepConfig config_;
    std::string file_;  ///< empty where the sweep is of texts
    std::vector<std::string> assignments_;
    std::string folder_;  ///< in which paths of both start; empty where there are none
    library::SweepTexts texts_;
};

Sweep::Sweep(std::shared_ptr<const State> state) : state_(std::move(state)) {}

Sweep Sweep::load(const std::string& file, const std::vector<std::string>& assignments)
{
    return library::translated([&] { return Sweep(std::make_shared<const State>(file, assignments)); });
}

Sweep Sweep::of(const Run& base, const std::string& text)
{
    return library::translated([&] {
        const bool ended = !text.empty() && text.back() == '\n';
        const std::string file = text + (ended ? "" : "\n") + "base: base.yaml\n";
        Sweep sweep(std::make_shared<const State>(library::SweepTexts{base.text(), file}, text));
        config::require_document(file, "sweep");  // in block style, that is
        return sweep;
    });
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
    const std::vector<std::string> more = arguments_for(options);
    if (folder.empty()) throw Error(Error::Kind::config, "out: got nothing, allowed a folder");
    const std::string place = fs::absolute(folder).string();
    static_cast<void>(library::program_path());  // before anything is written
    const auto breathe = [&options] {
        if (!options.stop || options.stop() == Stop::no) return;
        throw Error(Error::Kind::interrupted, "interrupted before the first point");
    };
    const std::string file = library::translated([&] { return state_->file_in(place, breathe); });
    library::ProgramCall call = state_->call("run", file, place);
    call.arguments.insert(call.arguments.end(), more.begin(), more.end());
    const library::ProgramEnd end = library::run_program(call, {options.print, options.stop});
    if (end.status == 1) throw Error(Error::Kind::internal, end.line);
    if (end.status == 3) {
        // Points that have failed are results, where all others are done; otherwise something went wrong with all of
        // it.
        call = state_->call("status", file, place);
        call.arguments.emplace_back("--json");
        const library::ProgramEnd status = library::run_program(call, {nullptr, options.stop});
        const nlohmann::json counts = nlohmann::json::parse(status.out, nullptr, false);
        const bool complete = status.status == 0 && counts.is_object() && counts.value("failed", 0) > 0 &&
                              counts.value("missing", 1) == 0 && counts.value("running", 1) == 0;
        if (!complete) throw Error(Error::Kind::data, end.line);
    }
    if (!state_->is_still_in(place)) {
        throw Error(Error::Kind::data, place + ": another sweep was run there meanwhile; run this one again");
    }
    return SweepResults::open(place);
}

}  // namespace wagesim
