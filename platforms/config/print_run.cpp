// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The schema's visitor that writes YAML.
#include "platforms/config/print_run.hpp"

#include <fmt/format.h>

#include "platforms/config/document.hpp"
#include "platforms/config/names.hpp"
#include "platforms/config/schema.hpp"

namespace wagesim::config {
namespace {

/// What of a configuration is written.
enum class Part { everything, results };

class Printer {
public:
    Printer(std::string& out, Part part, int depth) : out_(out), part_(part), depth_(depth) {}

    void name(const char* key, const std::string& value)
    {
        if (part_ == Part::everything) line(key, quoted_text(value));
    }
    void path(const char* key, const std::string& value) { name(key, value); }
    void optional_path(const char* key, const std::string& value)
    {
        if (part_ == Part::everything) line(key, value.empty() ? "null" : quoted_text(value));
    }
    void paths(const char* key, const std::vector<std::string>& value)
    {
        if (part_ != Part::everything) return;
        line(key, "");
        for (const std::string& each : value) item("- " + quoted_text(each));
    }
    void seed(const char* key, std::uint64_t value) { line(key, fmt::format("{}", value)); }
    void integer(const char* key, int value, Range /*range*/, Need /*need*/ = Need::optional)
    {
        line(key, fmt::format("{}", value));
    }
    void width(const char* key, int value, bool is_float, Range /*range*/)
    {
        line(key, is_float ? "float" : fmt::format("{}", value));
    }
    void expense(const char* key, int value, Range range)
    {
        if (part_ == Part::everything) integer(key, value, range);
    }
    void odd(const char* key, int value, Range range, Need /*need*/) { integer(key, value, range); }
    void power_of_two(const char* key, int value, Range range) { integer(key, value, range); }
    void real(const char* key, double value, double /*most*/, double /*least*/ = 0.0)
    {
        line(key, fmt::format("{}", value));
    }
    void amount(const char* key, double value, double /*most*/) { line(key, fmt::format("{}", value)); }
    void fraction(const char* key, double value) { line(key, fmt::format("{}", value)); }
    void flag(const char* key, bool value) { line(key, value ? "true" : "false"); }
    void integers(const char* key, const std::vector<int>& value, Range /*range*/)
    {
        line(key, fmt::format("[{}]", fmt::join(value, ", ")));
    }
    template <class E>
    void choice(const char* key, E value, Need /*need*/ = Need::optional)
    {
        line(key, name_of(value));
    }

    void eta(const char* key, const std::map<int, int>& value, Need /*need*/) { schedule(key, value); }
    void rates(const char* key, const std::map<int, double>& value, double /*most*/) { schedule(key, value); }
    void padding(const char* key, const std::optional<int>& value, Range /*range*/)
    {
        line(key, value ? fmt::format("{}", *value) : "same");
    }
    void pooling(const char* key, const std::optional<Pooling>& value, Range /*range*/)
    {
        if (value) line(key, fmt::format("{{size: {}, stride: {}}}", value->size, value->stride));
    }
    /// Nothing where the value follows from others (Eq. 7): writing it down would fix it.
    void derived(const char* key, const std::optional<int>& value, Range /*range*/)
    {
        if (value) line(key, fmt::format("{}", *value));
    }

    template <class Describe>
    void map(const char* key, Need /*need*/, Describe&& describe_keys)
    {
        line(key, "");
        Printer inner(out_, part_, depth_ + 1);
        describe_keys(inner);
    }
    void layers(const char* key, std::vector<Layer>& value)
    {
        line(key, "");
        for (Layer& layer : value) {
            item(layer.kind == Layer::Kind::conv ? "- conv:" : "- dense:");
            Printer inner(out_, part_, depth_ + 3);
            describe(inner, layer);
        }
    }
    void chip(const char* key, std::optional<chip::ChipConfig>& value)
    {
        if (value) map(key, Need::optional, [&](Printer& inner) { describe(inner, *value); });
    }
    void data(const char* key, DataConfig& value)
    {
        map(key, Need::required, [&](Printer& inner) { describe(inner, value); });
    }

private:
    /// Nothing where another key stands for it: an eta for a learning_rate, and the other way round.
    template <class Value>
    void schedule(const char* key, const std::map<int, Value>& value)
    {
        std::string pairs;
        for (const auto& [epoch, each] : value) {
            pairs += fmt::format("{}{}: {}", pairs.empty() ? "" : ", ", epoch, each);
        }
        if (!value.empty()) line(key, "{" + pairs + "}");
    }
    void line(const char* key, const std::string& value)
    {
        out_ += fmt::format("{:{}}{}:{}{}\n", "", 2 * depth_, key, value.empty() ? "" : " ", value);
    }
    void item(const std::string& text) { out_ += fmt::format("{:{}}{}\n", "", 2 * (depth_ + 1), text); }

    std::string& out_;
    Part part_;
    int depth_;
};

std::string print(RunConfig config, Part part)
{
    std::string out;
    Printer printer(out, part, 0);
    describe(printer, config);
    return out;
}

}  // namespace

std::string print_run(const RunConfig& config)
{
    return print(config, Part::everything);
}

std::string print_results_part(const RunConfig& config)
{
    return print(config, Part::results);
}

}  // namespace wagesim::config
