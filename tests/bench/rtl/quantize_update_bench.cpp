// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Elements a second through the Verilated unit, whole bursts by the public interface, one thread. items_per_second is
// the figure: 16 lanes and 48-bit operands are meant to reach 100 M/s in the quantize and maximum modes, 40 M/s in
// update.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"

namespace {

using wagesim::Burst;
using wagesim::ElementType;
using wagesim::QuantizeUpdateMode;
using wagesim::QuantizeUpdateRegister;

constexpr std::size_t kCount = 64 * 1024;

struct Streams {
    std::vector<std::int64_t> operands = std::vector<std::int64_t>(kCount);
    std::vector<std::uint8_t> flags = std::vector<std::uint8_t>(kCount);
    std::vector<std::int16_t> stored = std::vector<std::int16_t>(kCount);
    std::vector<std::int16_t> steps = std::vector<std::int16_t>(kCount);
    std::vector<std::uint16_t> labels = std::vector<std::uint16_t>(kCount / 16);
    std::vector<std::int64_t> wide_results = std::vector<std::int64_t>(kCount);
    std::vector<std::int16_t> results = std::vector<std::int16_t>(kCount);
    std::vector<std::int8_t> codes = std::vector<std::int8_t>(kCount);
    std::vector<std::uint8_t> side = std::vector<std::uint8_t>(kCount);

    Streams()
    {
        std::mt19937_64 random{1};
        for (auto& operand : operands) operand = static_cast<std::int64_t>(random()) >> 44U;  // errors of 20 bits
        for (auto& flag : flags) flag = static_cast<std::uint8_t>(random() & 3U);
        for (auto& value : stored) value = static_cast<std::int16_t>(static_cast<std::int16_t>(random()) >> 9);
        for (auto& step : steps) step = static_cast<std::int16_t>(static_cast<std::int16_t>(random()) >> 14);
        for (auto& label : labels) label = static_cast<std::uint16_t>(random() % 10);
    }

    [[nodiscard]] Burst burst(QuantizeUpdateMode mode)
    {
        Burst burst{kCount, 0, {operands.data(), ElementType::int64}, {}, {}, {}};
        switch (mode) {
            case QuantizeUpdateMode::input:
                burst.operand = {flags.data(), ElementType::uint8};
                burst.result = {codes.data(), ElementType::int8};
                break;
            case QuantizeUpdateMode::activation:
                burst.result = {codes.data(), ElementType::int8};
                burst.auxiliary_result = {side.data(), ElementType::uint8};
                break;
            case QuantizeUpdateMode::abs_max: burst.auxiliary = {flags.data(), ElementType::uint8}; break;
            case QuantizeUpdateMode::error:
                burst.auxiliary = {flags.data(), ElementType::uint8};
                burst.result = {codes.data(), ElementType::int8};
                break;
            case QuantizeUpdateMode::output_error:
                burst.segment = 16;
                burst.auxiliary = {labels.data(), ElementType::uint16};
                burst.result = {wide_results.data(), ElementType::int64};
                burst.auxiliary_result = {results.data(), ElementType::uint16};
                break;
            case QuantizeUpdateMode::gradient_abs_max: break;
            case QuantizeUpdateMode::update: burst.result = {results.data(), ElementType::int16}; break;
            case QuantizeUpdateMode::requantize:
                burst.operand = {stored.data(), ElementType::int16};
                burst.auxiliary = {steps.data(), ElementType::int16};
                burst.result = {results.data(), ElementType::int16};
                burst.auxiliary_result = {codes.data(), ElementType::int8};
                break;
        }
        return burst;
    }
};

void run_bursts(benchmark::State& state, QuantizeUpdateMode mode, int lanes)
{
    const auto unit = wagesim::rtl::make_verilated_unit(lanes);
    const auto write = [&](QuantizeUpdateRegister address, std::uint32_t value) {
        unit->write_register(static_cast<std::uint32_t>(address), value);
    };
    write(QuantizeUpdateRegister::mode, static_cast<std::uint32_t>(mode));
    write(QuantizeUpdateRegister::attenuation, 6);
    write(QuantizeUpdateRegister::exponent, 19);
    write(QuantizeUpdateRegister::key_0, 0x0908'0100);
    write(QuantizeUpdateRegister::key_1, 0x1918'1110);
    Streams streams;
    const Burst burst = streams.burst(mode);
    std::uint64_t cycles = 0;
    while (state.KeepRunning()) cycles += unit->run(burst);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kCount));
    state.counters["cycles_per_second"] = benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
}

}  // namespace

int main(int argc, char** argv)
{
    struct NamedMode {
        const char* name;
        QuantizeUpdateMode mode;
    };
    constexpr NamedMode kModes[] = {{"input", QuantizeUpdateMode::input},
                                    {"activation", QuantizeUpdateMode::activation},
                                    {"abs_max", QuantizeUpdateMode::abs_max},
                                    {"error", QuantizeUpdateMode::error},
                                    {"output_error", QuantizeUpdateMode::output_error},
                                    {"gradient_abs_max", QuantizeUpdateMode::gradient_abs_max},
                                    {"update", QuantizeUpdateMode::update},
                                    {"requantize", QuantizeUpdateMode::requantize}};
    for (const int lanes : wagesim::rtl::verilated_lane_counts())
        for (const NamedMode& named : kModes)
            benchmark::RegisterBenchmark(("rtl/" + std::string(named.name) + "/lanes:" + std::to_string(lanes)).c_str(),
                                         run_bursts, named.mode, lanes);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
