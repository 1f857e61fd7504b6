// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip costs beside the reference trainer: one training step of each engine in turn, again and again in one
// process, so that a drifting machine cancels in the ratios. Not a test: it judges nothing.
//   step_ratios [RUN.yaml [ROUNDS]]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include <fmt/core.h>
#include <omp.h>

#include "platforms/config/load_run.hpp"
#include "platforms/verify/quantize_update_factory.hpp"
#include "ref/trainer/trainer.hpp"
#include "tests/bench/ratios/random_batch.hpp"
#include "tlm/chip/chip.hpp"
#include "tlm/quantize_update/quantize_update_twin.hpp"

namespace {

using namespace wagesim;
using namespace wagesim::bench;

struct Engine {
    std::string name;
    std::function<void(std::uint64_t step)> train_step;
    std::vector<double> seconds;
};

/// A chip with some of its configuration changed.
template <class Change>
std::unique_ptr<chip::Chip> make_chip(const char* name, const config::RunConfig& run, const chip::ChipOptions& options,
                                      const Change& change)
{
    chip::ChipConfig chip = *run.chip;
    change(chip);
    std::unique_ptr<QuantizeUpdateUnit> unit;
    if (chip.fidelity == chip::Fidelity::timing) {
        unit = std::make_unique<chip::QuantizeUpdateTimingUnit>(chip.quantize_update.lanes);
    } else {
        unit = verify::make_quantize_update_unit(chip.quantize_update);
    }
    return std::make_unique<chip::Chip>(name, chip, run.network, options, std::move(unit));
}

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
    ref::Trainer reference(run.network, reference_options);

    chip::ChipOptions chip_options;
    chip_options.widths = run.widths;
    chip_options.weight_clip = run.training.weight_clip;
    chip_options.seed = run.seed;
    chip_options.range = run.data.range;
    chip_options.batch = samples;
    constexpr int kAdcBits = 6;
    const auto tlm = make_chip("chip_tlm", run, chip_options, [](chip::ChipConfig&) {});
    const auto rtl = make_chip("chip_rtl", run, chip_options,
                               [](chip::ChipConfig& chip) { chip.quantize_update.quantizer = chip::Quantizer::rtl; });
    const auto bit_serial = make_chip("chip_bit_serial", run, chip_options, [](chip::ChipConfig& chip) {
        chip.fidelity = chip::Fidelity::bit_serial;
        chip.crossbar.adc_bits = kAdcBits;
    });
    const auto timing = make_chip("chip_timing", run, chip_options,
                                  [](chip::ChipConfig& chip) { chip.fidelity = chip::Fidelity::timing; });
    for (chip::Chip* const chip : {tlm.get(), rtl.get(), bit_serial.get()}) chip->load_weights(weights_of(reference));

    const int eta = run.training.eta_exponent(0);
    const auto on = [&](chip::Chip& chip) {
        return [&](std::uint64_t step) { chip.train_step(batch.view(), step, eta); };
    };
    std::vector<Engine> engines = {
        {"reference", [&](std::uint64_t step) { reference.train_step(batch.view(), step, eta); }, {}},
        {"chip, quantizer tlm", on(*tlm), {}},
        {"chip, quantizer rtl", on(*rtl), {}},
        {fmt::format("bit_serial, {}-bit ADCs", kAdcBits), on(*bit_serial), {}},
        {"timing, as simulated", [&](std::uint64_t) { timing->time_training(samples, 1); }, {}},
    };
    constexpr std::uint64_t kWarmUp = 2;
    for (std::uint64_t step = 0; step < rounds + kWarmUp; ++step) {
        for (Engine& engine : engines) {
            const auto begin = std::chrono::steady_clock::now();
            engine.train_step(step);
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
            if (step >= kWarmUp) engine.seconds.push_back(taken.count());
        }
    }

    fmt::print("{}: batch {}, {} rounds, {} threads, {} lanes\n", run.name, samples, rounds, omp_get_max_threads(),
               run.chip->quantize_update.lanes);
    fmt::print("{:<24} {:>12} {:>12} {:>14}\n", "engine", "ms a step", "images/s", "x reference");
    for (const Engine& engine : engines) {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < engine.seconds.size(); ++i) {
            ratios.push_back(engine.seconds[i] / engines[0].seconds[i]);
        }
        const double seconds = median(engine.seconds);
        fmt::print("{:<24} {:>12.2f} {:>12.0f} {:>14.3f}\n", engine.name, 1e3 * seconds,
                   static_cast<double>(samples) / seconds, median(ratios));
    }
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        measure(argc > 1 ? argv[1] : WAGESIM_SOURCE_DIR "/configs/runs/lenet-fashion.yaml",
                argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 40);
    } catch (const std::exception& error) {
        fmt::print(stderr, "step_ratios: {}\n", error.what());
        return 2;
    }
    return 0;
}
