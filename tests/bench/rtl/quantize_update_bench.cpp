// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Elements a second through the Verilated unit, whole bursts by the public interface, one thread. items_per_second is
// the figure: 16 lanes and 48-bit operands are meant to reach 100 M/s in the quantize and maximum modes, 40 M/s in
// update.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/bench/rtl/streams.hpp"

namespace {

using namespace wagesim;

constexpr std::size_t kCount = std::size_t{64} * 1024;

void run_bursts(benchmark::State& state, QuantizeUpdateMode mode, int lanes)
{
    const auto unit = wagesim::rtl::make_verilated_unit(lanes);
    bench::configure(*unit, mode);
    bench::Streams streams(kCount);
    const Burst burst = streams.burst(mode);
    std::uint64_t cycles = 0;
    while (state.KeepRunning()) cycles += unit->run(burst);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kCount));
    state.counters["cycles_per_second"] = benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
}

}  // namespace

int main(int argc, char** argv)
{
    for (const int lanes : wagesim::rtl::verilated_lane_counts())
        for (const bench::NamedMode& named : bench::kModes)
            benchmark::RegisterBenchmark(("rtl/" + std::string(named.name) + "/lanes:" + std::to_string(lanes)).c_str(),
                                         run_bursts, named.mode, lanes);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
