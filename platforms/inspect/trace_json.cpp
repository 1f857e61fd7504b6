// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One event a line. A track is a thread of one process: 0 the steps, then the units; counters have names only.
#include "platforms/inspect/trace_json.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "platforms/inspect/queue_lengths.hpp"

namespace wagesim::inspect {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kProcess = 1;
constexpr std::array<const char*, 2> kMemories = {"buffer, bytes a cycle", "DRAM, bytes a cycle"};

class TraceWriter {
public:
    TraceWriter(const TraceRecorder& trace, const TraceNames& names) : trace_(trace), names_(names) {}

    std::string text()
    {
        const Json about = {{"run", names_.run},
                            {"chip", names_.chip},
                            {"version", names_.version},
                            {"config_hash", names_.config_hash},
                            {"clock_ghz", names_.clock_ghz}};
        text_ = "{\"displayTimeUnit\":\"ns\",\n\"otherData\":" + dumped(about) + ",\n\"traceEvents\":[\n";
        name_tracks();
        for (const TracedStep& step : trace_.steps()) put_step(step);
        for (const TracedCommand& command : trace_.commands()) put_command(command);
        put_queues();
        for (const TracedStep& step : trace_.steps()) put_counters(step);
        return text_ + "\n]}\n";
    }

private:
    static std::string dumped(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

    /// Chrome's unit of time is the microsecond.
    [[nodiscard]] double microseconds(std::uint64_t cycles) const
    {
        return static_cast<double>(cycles) / (names_.clock_ghz * 1000.0);
    }

    void put(const Json& event)
    {
        if (!first_) text_ += ",\n";
        first_ = false;
        text_ += dumped(event);
    }

    void name_track(std::size_t track, const std::string& name)
    {
        put({{"ph", "M"}, {"pid", kProcess}, {"tid", track}, {"name", "thread_name"}, {"args", {{"name", name}}}});
        put({{"ph", "M"},
             {"pid", kProcess},
             {"tid", track},
             {"name", "thread_sort_index"},
             {"args", {{"sort_index", track}}}});
    }

    void name_tracks()
    {
        put({{"ph", "M"}, {"pid", kProcess}, {"name", "process_name"}, {"args", {{"name", "chip " + names_.chip}}}});
        name_track(0, "steps");
        for (std::size_t unit = 0; unit < names_.units.size(); ++unit) name_track(unit + 1, names_.units[unit]);
    }

    void put_slice(std::size_t track, const std::string& name, const char* category, std::uint64_t begin,
                   std::uint64_t end, const Json& arguments)
    {
        put({{"ph", "X"},
             {"pid", kProcess},
             {"tid", track},
             {"name", name},
             {"cat", category},
             {"ts", microseconds(begin)},
             {"dur", microseconds(end - begin)},
             {"args", arguments}});
    }

    void put_step(const TracedStep& step)
    {
        put_slice(0, fmt::format("step {}", step.step), "step", step.begin, step.begin + step.cycles,
                  {{"step", step.step},
                   {"begin_cycle", step.begin},
                   {"end_cycle", step.begin + step.cycles},
                   {"cycles", step.cycles}});
    }

    void put_command(const TracedCommand& of)
    {
        const std::string phase(chip::kPhaseNames[chip::index_of(of.phase)]);
        Json arguments = {{"step", of.step},
                          {"command", of.index},
                          {"layer", fmt::format("layer{}", of.layer)},
                          {"phase", phase},
                          {"kind", of.kind}};
        if (of.samples) {
            arguments["first_sample"] = of.samples->first;
            arguments["samples"] = of.samples->count;
        }
        if (of.elements > 0) arguments["elements"] = of.elements;
        if (of.complete > of.end) arguments["complete_cycle"] = of.complete;
        if (of.macs > 0) arguments["macs"] = of.macs;
        arguments["ready_cycle"] = of.ready;
        arguments["begin_cycle"] = of.begin;
        arguments["end_cycle"] = of.end;
        arguments["cycles"] = of.end - of.begin;
        arguments["after"] = of.after;
        if (names_.has_energy) arguments["unit_energy_j"] = chip::joules(of.energy);
        put_slice(of.unit + std::size_t{1}, fmt::format("layer{} {}", of.layer, of.kind), phase.c_str(), of.begin,
                  of.end, arguments);
    }

    void put_counter(const std::string& name, std::uint64_t cycle, const Json& values)
    {
        put({{"ph", "C"}, {"pid", kProcess}, {"name", name}, {"ts", microseconds(cycle)}, {"args", values}});
    }

    void put_queues()
    {
        for (std::size_t unit = 0; unit < names_.units.size(); ++unit) {
            std::vector<const TracedCommand*> served;
            for (const TracedCommand& command : trace_.commands()) {
                if (command.unit == unit) served.push_back(&command);
            }
            for (const QueueLength& queue : queue_lengths(served)) {
                Json values = Json::object();
                for (std::size_t i = 0; i < queue.commands.size(); ++i) {
                    values[std::string(chip::kDirectionNames[i])] = queue.commands[i];
                }
                put_counter(names_.units[unit] + ", commands waiting", queue.cycle, values);
            }
        }
    }

    /// An amount a cycle in the window from `first` on; windows end with the step.
    static double a_cycle(const Windows& windows, std::size_t index, std::uint64_t cycles)
    {
        if (index >= windows.amounts.size()) return 0.0;
        const std::uint64_t first = index * windows.cycles;
        const std::uint64_t length = std::min(windows.cycles, cycles - first);
        return static_cast<double>(windows.amounts[index]) / static_cast<double>(length);
    }

    void put_counters(const TracedStep& step)
    {
        if (names_.has_energy) {
            const auto watts = [&](double attojoules) { return attojoules * 1e-18 * names_.clock_ghz * 1e9; };
            const auto leakage = static_cast<double>(names_.leakage_a_cycle);
            for (std::uint64_t first = 0; first < step.cycles; first += step.energy.cycles) {
                const double dynamic = a_cycle(step.energy, first / step.energy.cycles, step.cycles);
                put_counter("power, W", step.begin + first, {{"W", watts(dynamic + leakage)}});
            }
            put_counter("power, W", step.begin + step.cycles, {{"W", 0.0}});
        }
        for (std::size_t memory = 0; memory < step.traffic.size(); ++memory) put_traffic(step, memory);
    }

    /// Reads and writes may have windows of different lengths: the shorter one's are drawn.
    void put_traffic(const TracedStep& step, std::size_t memory)
    {
        const Windows& read = step.traffic[memory][0];
        const Windows& written = step.traffic[memory][1];
        const std::uint64_t window = std::min(read.cycles, written.cycles);
        double last_read = -1.0;
        double last_written = -1.0;
        const auto put_values = [&](std::uint64_t cycle, double in, double out) {
            if (in == last_read && out == last_written) return;
            put_counter(kMemories[memory], cycle, {{"read", in}, {"written", out}});
            last_read = in;
            last_written = out;
        };
        for (std::uint64_t first = 0; first < step.cycles; first += window) {
            put_values(step.begin + first, a_cycle(read, first / read.cycles, step.cycles),
                       a_cycle(written, first / written.cycles, step.cycles));
        }
        put_values(step.begin + step.cycles, 0.0, 0.0);
    }

    const TraceRecorder& trace_;
    const TraceNames& names_;
    std::string text_;
    bool first_ = true;
};

}  // namespace

std::string trace_json(const TraceRecorder& trace, const TraceNames& names)
{
    return TraceWriter(trace, names).text();
}

}  // namespace wagesim::inspect
