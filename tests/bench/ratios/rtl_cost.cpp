// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the Verilated unit adds to a training step, and what it should: the elements that a step puts through each mode,
// by the throughput of that mode over long bursts. Steps of the chip with either quantizer and bursts of every mode
// take turns in one process. Not a test: it judges nothing.
//   rtl_cost [RUN.yaml [ROUNDS]]
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <omp.h>

#include "platforms/config/load_run.hpp"
#include "platforms/verify/quantize_update_factory.hpp"
#include "tests/bench/ratios/random_batch.hpp"
#include "tests/bench/rtl/streams.hpp"
#include "tlm/chip/chip.hpp"

namespace {

using namespace wagesim;
using namespace wagesim::bench;

constexpr std::size_t kModeCount = std::size(kModes);
constexpr std::size_t kStreamLength = std::size_t{256} * 1024;

template <class Run>
double seconds_of(const Run& run)
{
    const auto begin = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What one training step asked of the unit.
struct Traffic {
    std::array<std::uint64_t, kModeCount> elements{};
    std::array<std::uint64_t, kModeCount> bursts{};
    std::uint64_t register_writes = 0;
    double seconds = 0;  ///< inside the unit
};

/// Counts what goes to a unit.
class CountingUnit final : public QuantizeUpdateUnit {
public:
    CountingUnit(std::unique_ptr<QuantizeUpdateUnit> unit, Traffic& traffic) : unit_(std::move(unit)), traffic_(traffic)
    {
    }

    [[nodiscard]] int lanes() const noexcept override { return unit_->lanes(); }
    void reset() override { unit_->reset(); }
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override
    {
        ++traffic_.register_writes;
        if (address == static_cast<std::uint32_t>(QuantizeUpdateRegister::mode)) mode_ = value;
        CycleCount cycles = 0;
        traffic_.seconds += seconds_of([&] { cycles = unit_->write_register(address, value); });
        return cycles;
    }
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override { return unit_->read_register(address); }
    CycleCount run(const Burst& burst) override
    {
        traffic_.elements[mode_] += burst.count;
        ++traffic_.bursts[mode_];
        CycleCount cycles = 0;
        traffic_.seconds += seconds_of([&] { cycles = unit_->run(burst); });
        return cycles;
    }

private:
    std::unique_ptr<QuantizeUpdateUnit> unit_;
    Traffic& traffic_;
    std::size_t mode_ = 0;
};

struct Side {
    chip::Quantizer quantizer;
    Traffic traffic{};
    std::unique_ptr<chip::Chip> chip{};
    std::vector<double> seconds{};
    std::vector<double> unit_seconds{};
};

void measure(const std::string& file, std::uint64_t rounds)
{
    const config::RunConfig run = config::load_run(file);
    const auto samples = static_cast<std::size_t>(run.training.batch);
    const RandomBatch batch(run, samples);

    ref::TrainerOptions reference_options;
    reference_options.widths = run.widths;
    reference_options.weight_clip = run.training.weight_clip;
    reference_options.seed = run.seed;
    reference_options.range = run.data.range;
    reference_options.batch = samples;
    const ref::Trainer reference(run.network, reference_options);

    chip::ChipOptions options;
    options.widths = run.widths;
    options.weight_clip = run.training.weight_clip;
    options.seed = run.seed;
    options.range = run.data.range;
    options.batch = samples;
    Side tlm{chip::Quantizer::tlm};
    Side rtl{chip::Quantizer::rtl};
    for (Side* const side : {&tlm, &rtl}) {
        chip::ChipConfig chip = *run.chip;
        chip.quantize_update.quantizer = side->quantizer;
        const char* const name = side == &tlm ? "chip_tlm" : "chip_rtl";
        side->chip = std::make_unique<chip::Chip>(
            name, chip, run.network, options,
            std::make_unique<CountingUnit>(verify::make_quantize_update_unit(chip.quantize_update), side->traffic));
    }
    for (Side* const side : {&tlm, &rtl}) side->chip->load_weights(weights_of(reference));

    chip::QuantizeUpdateConfig alone = run.chip->quantize_update;
    alone.quantizer = chip::Quantizer::rtl;
    std::vector<std::unique_ptr<QuantizeUpdateUnit>> units;
    for (const NamedMode& mode : kModes) {
        units.push_back(verify::make_quantize_update_unit(alone));
        configure(*units.back(), mode.mode);
    }
    Streams streams(kStreamLength);
    std::array<std::vector<double>, kModeCount> speeds;

    const int eta = run.training.eta_exponent(0);
    constexpr std::uint64_t kWarmUp = 1;
    for (std::uint64_t step = 0; step < rounds + kWarmUp; ++step) {
        for (Side* const side : {&tlm, &rtl}) {
            side->traffic = {};
            const double seconds = seconds_of([&] { side->chip->train_step(batch.view(), step, eta); });
            if (step < kWarmUp) continue;
            side->seconds.push_back(seconds);
            side->unit_seconds.push_back(side->traffic.seconds);
        }
        for (std::size_t i = 0; i < kModeCount; ++i) {
            const Burst burst = streams.burst(kModes[i].mode);
            const double seconds = seconds_of([&] { units[i]->run(burst); });
            if (step >= kWarmUp) speeds[i].push_back(static_cast<double>(kStreamLength) / seconds);
        }
    }

    fmt::print("{}: batch {}, {} rounds, {} threads, {} lanes\n", run.name, samples, rounds, omp_get_max_threads(),
               alone.lanes);
    fmt::print("{:<18} {:>12} {:>8} {:>14} {:>10}\n", "mode", "elements", "bursts", "M elements/s", "ms");
    double sum = 0;
    for (std::size_t i = 0; i < kModeCount; ++i) {
        const double speed = median(speeds[i]);
        const double seconds = static_cast<double>(rtl.traffic.elements[i]) / speed;
        sum += seconds;
        fmt::print("{:<18} {:>12} {:>8} {:>14.1f} {:>10.2f}\n", kModes[i].name, rtl.traffic.elements[i],
                   rtl.traffic.bursts[i], 1e-6 * speed, 1e3 * seconds);
    }
    std::vector<double> added;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < rtl.seconds.size(); ++i) {
        added.push_back(rtl.seconds[i] - tlm.seconds[i]);
        ratios.push_back(rtl.seconds[i] / tlm.seconds[i]);
    }
    fmt::print("{:<18} {:>54.2f}\n", "sum", 1e3 * sum);
    fmt::print("a step: tlm {:.2f} ms ({:.2f} in the unit), rtl {:.2f} ms ({:.2f} in the unit, {} register writes)\n",
               1e3 * median(tlm.seconds), 1e3 * median(tlm.unit_seconds), 1e3 * median(rtl.seconds),
               1e3 * median(rtl.unit_seconds), rtl.traffic.register_writes);
    fmt::print("rtl adds {:.2f} ms: {:.2f} x the sum; rtl : tlm {:.2f}\n", 1e3 * median(added), median(added) / sum,
               median(ratios));
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        measure(argc > 1 ? argv[1] : WAGESIM_SOURCE_DIR "/configs/runs/lenet-fashion.yaml",
                argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20);
    } catch (const std::exception& error) {
        fmt::print(stderr, "rtl_cost: {}\n", error.what());
        return 2;
    }
    return 0;
}
