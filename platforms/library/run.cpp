// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/run.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "platforms/config/config_hash.hpp"
#include "platforms/config/load_run.hpp"
#include "platforms/config/overrides.hpp"
#include "platforms/config/print_run.hpp"
#include "platforms/library/child.hpp"
#include "platforms/library/document_json.hpp"
#include "platforms/library/failure.hpp"
#include "platforms/library/program.hpp"

namespace wagesim {

namespace fs = std::filesystem;

/// A run, resolved: its text has every key, and every path in it is absolute. What it was loaded from is never read
/// again.
class Run::State {
public:
    explicit State(config::RunConfig config) : config_(std::move(config)), text_(config::print_run(config_)) {}

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const config::RunConfig& config() const noexcept { return config_; }

    /// Throws Error.
    [[nodiscard]] std::shared_ptr<const State> with(const std::vector<Setting>& settings) const
    {
        std::vector<std::string> assignments;
        for (const Setting& setting : settings) {
            if (!config::is_dotted_key(setting.key) || setting.key.find('=') != std::string::npos) {
                throw Error(Error::Kind::config, fmt::format("a key: got \"{}\", allowed a dotted key of the run",
                                                             config::shown_text(setting.key)));
            }
            assignments.push_back(setting.key + "=" + setting.value);
        }
        return std::make_shared<const State>(config::parse_run(text_, kName, assignments));
    }

    /// The value under `key`; the whole run under none. Throws Error.
    [[nodiscard]] config::DocumentNode value(const std::string& key) const
    {
        const auto source = std::make_shared<const config::Source>(config::Source{kName, "/", kName, "", "run file"});
        const config::DocumentNode root = config::parse_document(text_, source, "");
        const config::DocumentNode* at = &root;
        for (std::size_t from = 0; from < key.size() + 1 && !key.empty();) {
            const std::size_t dot = std::min(key.find('.', from), key.size());
            at = child(*at, key.substr(from, dot - from));
            if (at == nullptr) {
                throw Error(Error::Kind::config,
                            fmt::format("{}: got no such key, allowed a key of this run", config::shown_text(key)));
            }
            from = dot + 1;
        }
        return *at;
    }

    /// What faults call the resolved text.
    static constexpr const char* kName = "/run";

private:
    static const config::DocumentNode* child(const config::DocumentNode& node, const std::string& part)
    {
        if (node.kind != config::DocumentNode::Kind::list) return node.find(part);
        std::size_t index = 0;
        const char* const end = part.data() + part.size();
        const auto [stop, error] = std::from_chars(part.data(), end, index);
        const bool canonical = error == std::errc() && stop == end && std::to_string(index) == part;
        return canonical && index < node.items.size() ? &node.items[index] : nullptr;
    }

    config::RunConfig config_;
    std::string text_;
};

namespace {

/// A fault without its place in a text that the caller never saw: its key says where.
std::string without_place(const std::string& line, const std::string& name)
{
    constexpr const char* kOption = "--set ";
    if (line.rfind(kOption, 0) == 0) return line.substr(std::char_traits<char>::length(kOption));
    const std::size_t blank = line.find(": ");
    return line.rfind(name + ":", 0) == 0 && blank != std::string::npos ? line.substr(blank + 2) : line;
}

std::string content_of(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Error(Error::Kind::data, file + ": cannot be read");
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// What the library says itself must not be said twice.
void require_free(const std::vector<std::string>& arguments)
{
    constexpr const char* kTaken[] = {"-c",        "--config",  "--set", "--seed",    "--steps",
                                      "--threads", "--weights", "--out", "--resume",  "--json",
                                      "--quiet",   "--help",    "-h",    "--version", "--engine"};
    for (const std::string& argument : arguments) {
        for (const char* const taken : kTaken) {
            if (argument != taken && argument.rfind(std::string(taken) + "=", 0) != 0) continue;
            throw Error(Error::Kind::config,
                        fmt::format("arguments: got {}, allowed options that the run and its other options do not set",
                                    argument));
        }
    }
}

void require_text(const char* what, const std::string& text)
{
    if (text.find('\0') == std::string::npos) return;
    throw Error(Error::Kind::config, fmt::format("{}: got a NUL character, allowed a text without", what));
}

std::vector<std::string> arguments_for(std::vector<std::string> command, const RunOptions& options)
{
    std::vector<std::string>& arguments = command;
    const auto add = [&](const char* option, const std::string& value) {
        arguments.emplace_back(option);
        arguments.push_back(value);
    };
    add("-c", library::kFileOfChild);
    if (options.steps) add("--steps", std::to_string(*options.steps));
    if (options.threads) add("--threads", std::to_string(*options.threads));
    if (!options.weights.empty()) add("--weights", options.weights);
    if (!options.out.empty()) add("--out", options.out);
    if (options.resume) arguments.emplace_back("--resume");
    if (!options.print) arguments.emplace_back("--json");
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    for (const std::string& argument : arguments) require_text("an option", argument);
    return arguments;
}

}  // namespace

Run::Run(std::shared_ptr<const State> state) : state_(std::move(state)) {}

Run Run::load(const std::string& file)
{
    return library::translated([&] { return Run(std::make_shared<const State>(config::load_run(file))); });
}

Run Run::parse(const std::string& text, const std::string& folder, const std::string& name)
{
    return library::translated([&] {
        const std::string file = (fs::path(folder) / name).lexically_normal().string();
        return Run(std::make_shared<const State>(config::parse_run(text, file)));
    });
}

void Run::set(const std::vector<Setting>& settings)
{
    try {
        library::translated([&] { state_ = state_->with(settings); });
    } catch (const Error& error) {
        throw Error(error.kind(), without_place(error.what(), State::kName));
    }
}

void Run::set_number(const std::string& key, float value)
{
    set_text(key, fmt::format("{}", value));
}

void Run::set_number(const std::string& key, double value)
{
    set_text(key, fmt::format("{}", value));
}

std::string Run::get(const std::string& key) const
{
    return state_->value(key).flow_text();
}

std::string Run::get_json(const std::string& key) const
{
    return library::document_json(state_->value(key)).dump();
}

const std::string& Run::text() const
{
    return state_->text();
}

std::string Run::config_hash() const
{
    return library::translated([&] { return config::config_hash(state_->config()); });
}

Result Run::compute(const std::vector<std::string>& command, const RunOptions& options) const
{
    require_free(options.arguments);
    if (options.print && options.out.empty()) {
        throw Error(Error::Kind::config, "print: got no folder beside it, allowed with out");
    }
    // Before a listener can go elsewhere.
    const fs::path folder = options.out.empty() ? fs::path() : fs::absolute(options.out);
    library::ProgramEnd end =
        library::run_program({arguments_for(command, options), state_->text(), ""}, {options.print, options.stop});
    if (end.status == 3) throw Error(Error::Kind::data, end.line);
    // A verification that found a difference has a result; what else ends so came to none.
    const bool found = command.front() == "verify" && (options.print || !end.out.empty());
    if (end.status == 1 && !found) throw Error(Error::Kind::internal, end.line);
    if (options.print) return Result(content_of((folder / "result.json").string()));
    if (end.out.empty() || end.out.front() != '{') {
        throw Error(Error::Kind::internal, library::program_path() + " printed no result");
    }
    return Result(std::move(end.out));
}

Result Run::train(const RunOptions& options) const
{
    return compute({"train"}, options);
}

Result Run::simulate(const RunOptions& options) const
{
    return compute({"simulate"}, options);
}

Result Run::verify(const RunOptions& options) const
{
    return compute({"verify"}, options);
}

Result Run::infer(InferenceEngine engine, const RunOptions& options) const
{
    return compute({"infer", "--engine", engine == InferenceEngine::chip ? "chip" : "reference"}, options);
}

}  // namespace wagesim
