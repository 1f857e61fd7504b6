// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include <wagesim/run.hpp>

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "platforms/config/config_hash.hpp"
#include "platforms/config/include.hpp"
#include "platforms/config/load_run.hpp"
#include "platforms/config/overrides.hpp"
#include "platforms/config/print_run.hpp"
#include "platforms/library/assignments.hpp"
#include "platforms/library/child.hpp"
#include "platforms/library/document_json.hpp"
#include "platforms/library/failure.hpp"
#include "platforms/library/program.hpp"

namespace wagesim {

namespace fs = std::filesystem;

/// A text as it was read, what has been set since, and both together.
class Run::State {
public:
    State(std::string text, std::string file)
        : text_(std::move(text)),
          file_(std::move(file)),
          config_(config::parse_run(text_, file_)),
          resolved_(config::print_run(config_))
    {
    }

    void set(const std::vector<Setting>& settings)
    {
        library::Assignments assignments = assignments_;
        for (const Setting& setting : settings) {
            if (!config::is_dotted_key(setting.key)) {
                throw Error(Error::Kind::config, fmt::format("a key: got \"{}\", allowed a dotted key of the run",
                                                             config::shown_text(setting.key)));
            }
            assignments.add(setting.key, setting.value);
        }
        config::RunConfig config = config::parse_run(text_, file_, assignments.texts());
        std::string resolved = config::print_run(config);
        assignments_ = std::move(assignments);
        config_ = std::move(config);
        resolved_ = std::move(resolved);
    }

    /// The value under `key` in the resolved run; the whole of it under none. Throws Error.
    [[nodiscard]] config::DocumentNode value(const std::string& key) const
    {
        const auto source = std::make_shared<const config::Source>(config::Source{"run", "/", "/run", "", "run file"});
        const config::DocumentNode root = config::parse_document(resolved_, source, "");
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

    [[nodiscard]] const std::string& resolved() const noexcept { return resolved_; }
    [[nodiscard]] const config::RunConfig& config() const noexcept { return config_; }

private:
    static const config::DocumentNode* child(const config::DocumentNode& node, const std::string& part)
    {
        if (node.kind != config::DocumentNode::Kind::list) return node.find(part);
        std::size_t index = 0;
        const char* const end = part.data() + part.size();
        const auto [stop, error] = std::from_chars(part.data(), end, index);
        return error == std::errc() && stop == end && index < node.items.size() ? &node.items[index] : nullptr;
    }

    std::string text_;
    std::string file_;
    library::Assignments assignments_;
    config::RunConfig config_;
    std::string resolved_;
};

namespace {

std::string without_prefix(const std::string& text, const std::string& prefix)
{
    return text.rfind(prefix, 0) == 0 ? text.substr(prefix.size()) : text;
}

std::string content_of(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw Error(Error::Kind::data, file + ": cannot be read");
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
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
    return arguments;
}

}  // namespace

Run::Run(std::unique_ptr<State> state) : state_(std::move(state)) {}
Run::~Run() = default;
Run::Run(const Run& other) : state_(std::make_unique<State>(*other.state_)) {}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&&) noexcept = default;
Run& Run::operator=(const Run& other)
{
    if (this != &other) state_ = std::make_unique<State>(*other.state_);
    return *this;
}

Run Run::load(const std::string& file)
{
    return library::translated([&] {
        config::FileText content = config::read_text(file);
        if (!content.reason.empty()) static_cast<void>(config::load_run(file));  // which says so
        return Run(std::make_unique<State>(std::move(content.text), file));
    });
}

Run Run::parse(const std::string& text, const std::string& folder, const std::string& name)
{
    return library::translated(
        [&] { return Run(std::make_unique<State>(text, (fs::path(folder) / name).lexically_normal().string())); });
}

void Run::set(const std::vector<Setting>& settings)
{
    try {
        library::translated([&] { state_->set(settings); });
    } catch (const Error& error) {
        // There is no command line here that the option would stand in.
        throw Error(error.kind(), without_prefix(error.what(), "--set "));
    }
}

void Run::set(const std::string& key, const std::string& value)
{
    set(std::vector<Setting>{{key, value}});
}

void Run::set(const std::string& key, const char* value)
{
    set(key, std::string(value));
}

void Run::set(const std::string& key, bool value)
{
    set(key, value ? "true" : "false");
}

void Run::set(const std::string& key, int value)
{
    set(key, std::int64_t{value});
}

void Run::set(const std::string& key, std::int64_t value)
{
    set(key, std::to_string(value));
}

void Run::set(const std::string& key, double value)
{
    set(key, fmt::format("{}", value));
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
    return state_->resolved();
}

std::string Run::config_hash() const
{
    return library::translated([&] { return config::config_hash(state_->config()); });
}

Result Run::compute(const std::vector<std::string>& command, const RunOptions& options) const
{
    if (options.print && options.out.empty()) {
        throw Error(Error::Kind::config, "print: got no folder beside it, allowed with out");
    }
    const library::ProgramEnd end =
        library::run_program(arguments_for(command, options), state_->resolved(), {options.print, options.interrupted});
    if (end.status == 3) throw Error(Error::Kind::data, end.line);
    return Result(options.print ? content_of(options.out + "/result.json") : end.out);
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
