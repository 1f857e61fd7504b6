// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The Verilated unit beside bare Verilator pipelines of the same lanes and width: every mode and every pipeline in
// turn, again and again in one process, so that a drifting machine cancels in the ratios. One thread; CPU time, which
// other work disturbs least. Before anything is timed, each pipeline must give the unit's own results. Judges nothing
// unless asked to.
//   rtl_ratios [--lanes N]... [--repetitions N] [--at-least PERCENT]
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/bench/rtl/bare_pipeline.hpp"
#include "tests/bench/rtl/streams.hpp"

namespace {

using namespace wagesim;
using bench::BareKind;

constexpr std::size_t kCount = std::size_t{64} * 1024;
constexpr double kTurnSeconds = 0.01;  // at least, for one figure

double cpu_seconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Elements a second of runs over kCount elements.
template <class Run>
double throughput(const Run& run)
{
    const double begin = cpu_seconds();
    std::size_t runs = 0;
    double taken = 0;
    do {
        run();
        ++runs;
        taken = cpu_seconds() - begin;
    } while (taken < kTurnSeconds);
    return static_cast<double>(runs * kCount) / taken;
}

struct BareRow {
    BareKind kind;
    std::unique_ptr<bench::BarePipeline> pipeline;
    std::vector<double> speeds{};
};
struct ModeRow {
    bench::NamedMode mode;
    std::unique_ptr<QuantizeUpdateUnit> unit;
    std::vector<double> speeds{};
};

/// The mode in which the unit does just what a pipeline does.
QuantizeUpdateMode twin_mode(BareKind kind)
{
    switch (kind) {
        case BareKind::look_up: return QuantizeUpdateMode::input;
        case BareKind::pipeline:
        case BareKind::quantize: return QuantizeUpdateMode::error;
        case BareKind::maximum: return QuantizeUpdateMode::gradient_abs_max;
        case BareKind::update: return QuantizeUpdateMode::update;
        case BareKind::output_error: break;
    }
    return QuantizeUpdateMode::output_error;
}

/// Throws where pipeline and unit differ: then the yardstick does not do the unit's work.
void check(BareRow& row, QuantizeUpdateUnit& unit)
{
    const QuantizeUpdateMode mode = twin_mode(row.kind);
    bench::Streams streams(kCount);
    bench::configure(unit, mode);
    Burst burst = streams.burst(mode);
    if (mode == QuantizeUpdateMode::error) burst.auxiliary = {};
    const std::size_t bytes = burst.result.data == nullptr ? 0 : kCount * bytes_of(burst.result.type);
    unit.run(burst);
    std::vector<std::byte> expected(bytes);
    std::vector<std::byte> got(bytes);
    if (bytes != 0) std::memcpy(expected.data(), burst.result.data, bytes);
    if (bytes != 0) burst.result.data = got.data();
    row.pipeline->run(burst);
    std::uint64_t maximum = 0;
    if (row.kind == BareKind::pipeline || row.kind == BareKind::maximum || row.kind == BareKind::output_error) {
        if (row.kind == BareKind::pipeline) {
            bench::configure(unit, QuantizeUpdateMode::gradient_abs_max);
            unit.run(streams.burst(QuantizeUpdateMode::gradient_abs_max));
        }
        const auto read = [&](QuantizeUpdateRegister at) {
            return std::uint64_t{unit.read_register(static_cast<std::uint32_t>(at))};
        };
        maximum = read(QuantizeUpdateRegister::max_low) | read(QuantizeUpdateRegister::max_high) << 32U;
    }
    if (got != expected || row.pipeline->maximum() != maximum) {
        throw std::logic_error(fmt::format("{}: the pipeline's results are not the unit's", name_of(row.kind)));
    }
}

/// Prints the table of one lane count; returns the smallest ratio: to the pipeline, or to a mode's own yardstick where
/// it does what the pipeline does not.
double measure(int lanes, int repetitions)
{
    std::vector<BareRow> bare;
    for (const BareKind kind : {BareKind::pipeline, BareKind::look_up, BareKind::quantize, BareKind::maximum,
                                BareKind::update, BareKind::output_error}) {
        bare.push_back({kind, bench::make_bare_pipeline(kind, lanes)});
        check(bare.back(), *rtl::make_verilated_unit(lanes));
    }
    std::vector<ModeRow> modes;
    for (const bench::NamedMode& mode : bench::kModes) {
        modes.push_back({mode, rtl::make_verilated_unit(lanes)});
        bench::configure(*modes.back().unit, mode.mode);
    }
    bench::Streams streams(kCount);
    for (int i = 0; i <= repetitions; ++i) {
        for (BareRow& row : bare) {
            const Burst burst = streams.burst(twin_mode(row.kind));
            const double speed = throughput([&] { row.pipeline->run(burst); });
            if (i > 0) row.speeds.push_back(speed);
        }
        for (ModeRow& row : modes) {
            const Burst burst = streams.burst(row.mode.mode);
            const double speed = throughput([&] { row.unit->run(burst); });
            if (i > 0) row.speeds.push_back(speed);
        }
    }
    const auto against = [](const ModeRow& row, const BareRow& yardstick) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < row.speeds.size(); ++i) ratios.push_back(row.speeds[i] / yardstick.speeds[i]);
        return median(ratios);
    };
    const BareRow& pipeline = bare.front();
    fmt::print("{} lanes, {} repetitions; bare pipeline: {:.1f} M elements/s\n", lanes, repetitions,
               1e-6 * median(pipeline.speeds));
    fmt::print("{:<18} {:>14} {:>12}   {:<14} {:>14} {:>8}\n", "mode", "M elements/s", "of pipeline", "by itself",
               "M elements/s", "of that");
    double smallest = 1e9;
    for (const ModeRow& row : modes) {
        const BareRow& itself = bare[static_cast<std::size_t>(bench::bare_kind(row.mode.mode))];
        // What the pipeline does not do is held to its own arithmetic.
        const bool other = itself.kind == BareKind::update || itself.kind == BareKind::output_error;
        const double ratio = against(row, itself);
        const double of_pipeline = against(row, pipeline);
        smallest = std::min(smallest, other ? ratio : of_pipeline);
        fmt::print("{:<18} {:>14.1f} {:>12}   {:<14} {:>14.1f} {:>7.0f}%\n", row.mode.name, 1e-6 * median(row.speeds),
                   other ? "-" : fmt::format("{:.0f}%", 100 * of_pipeline), name_of(itself.kind),
                   1e-6 * median(itself.speeds), 100 * ratio);
    }
    fmt::print("\n");
    return smallest;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        std::vector<int> lane_counts;
        int repetitions = 15;
        double at_least = 0;
        for (int i = 1; i < argc; i += 2) {
            const std::string option = argv[i];
            if (i + 1 == argc) throw std::invalid_argument(option + ": no value");
            if (option == "--lanes")
                lane_counts.push_back(std::atoi(argv[i + 1]));
            else if (option == "--repetitions")
                repetitions = std::max(1, std::atoi(argv[i + 1]));
            else if (option == "--at-least")
                at_least = std::atof(argv[i + 1]);
            else
                throw std::invalid_argument(option + ": allowed --lanes, --repetitions, --at-least");
        }
        if (lane_counts.empty()) lane_counts = rtl::verilated_lane_counts();
        double smallest = 1e9;
        for (const int lanes : lane_counts) smallest = std::min(smallest, measure(lanes, repetitions));
        return 100 * smallest < at_least ? 1 : 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "rtl_ratios: {}\n", error.what());
        return 2;
    }
}
