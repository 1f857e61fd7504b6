// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// DNN+NeuroSim V2.1: one epoch of 50 000 images through VGG8, as wagesim simulate with fidelity `timing` counts it.
// Joules differ by design, and each test says by how much and why.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/system/wagesim_command.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

// Published, an epoch.
constexpr double kForwardJ = 1.322, kBackwardJ = 1.263, kGradientJ = 85.13;
constexpr double kWeights = 12973440.0, kSpillBits = 15.0, kDramPj = 3.9, kImages = 50000.0;
constexpr double kSpilledJ = kWeights * kSpillBits * 2.0 * kDramPj * kImages * 1e-12;
constexpr double kAreaMm2 = 95.2, kAdcMm2 = 54.0, kSeconds = 121.9;

nlohmann::json epoch(const std::string& accumulate)
{
    const CommandResult result = wagesim({"simulate", "-c", vgg8_run(), "--json", "--set", "chip.fidelity=timing",
                                          "--set", "chip.gradient.accumulate=" + accumulate});
    EXPECT_EQ(result.status, 0) << result.err;
    return nlohmann::json::parse(result.out).at("chip");
}

double energy(const nlohmann::json& chip, const std::string& component, const std::string& phase)
{
    return chip.at("energy_by").at(component).at(phase).get<double>();
}

/// Dynamic, all components.
double energy(const nlohmann::json& chip, const std::string& phase)
{
    double sum = 0.0;
    for (const auto& component : chip.at("energy_by")) sum += component.at(phase).get<double>();
    return sum;
}

/// What NeuroSim calls a subarray: cells, drivers, converters, shift-adders.
double arrays(const nlohmann::json& chip, const std::string& phase)
{
    double sum = 0.0;
    for (const char* component : {"crossbar", "drivers", "adc", "shift_add"}) sum += energy(chip, component, phase);
    return sum;
}

// A MAC is two operations; forward, backward and gradient, and no backward of the first layer.
TEST(ValidationNeuroSim, OperationsAreTheClosedForm)
{
    const std::uint64_t operations = epoch("image").at("operations").get<std::uint64_t>();
    EXPECT_EQ(operations, 184'421'376'000'000u);
    compare({"neurosim-like: operations", static_cast<double>(operations), 1.845e14, Kind::predicted, 0.999, 1.001});
}

// Every image's gradient is written and read at 15 bits; in our batches of 200 the first image finds none and the last
// one's leaves at 32 bits and is read so by the update: 0.57 % more.
TEST(ValidationNeuroSim, SpilledGradients)
{
    const double bytes = epoch("image").at("traffic_bytes").at("dram").at("gradients").get<double>();
    compare({"neurosim-like: spilled gradients, DRAM, J", bytes * 8.0 * kDramPj * 1e-12, kSpilledJ, Kind::predicted,
             0.99, 1.01});
}

// Activations and exact sums of errors go to DRAM with all their channels here; the estimate leaves the depth out.
TEST(ValidationNeuroSim, JoulesDifferByDesign)
{
    const nlohmann::json chip = epoch("image");
    compare({"neurosim-like: forward, J", energy(chip, "forward"), kForwardJ, Kind::predicted, 4.0, 8.0});
    compare({"neurosim-like: forward without DRAM, J", energy(chip, "forward") - energy(chip, "dram", "forward"),
             kForwardJ, Kind::predicted, 2.0, 4.0});
    compare({"neurosim-like: backward, J", energy(chip, "backward"), kBackwardJ, Kind::predicted, 8.0, 14.0});
    compare({"neurosim-like: gradient, J", energy(chip, "gradient"), kGradientJ, Kind::predicted, 1.0, 1.6});
}

// Backward drives both lines of each column of pairs, and the exact sums of errors wait in DRAM for their maximum.
TEST(ValidationNeuroSim, BackwardOverForward)
{
    const nlohmann::json chip = epoch("image");
    constexpr double kPublished = kBackwardJ / kForwardJ;
    compare({"neurosim-like: backward over forward, arrays alone", arrays(chip, "backward") / arrays(chip, "forward"),
             kPublished, Kind::predicted, 0.8, 1.3});
    compare({"neurosim-like: backward over forward, with memories", energy(chip, "backward") / energy(chip, "forward"),
             kPublished, Kind::predicted, 1.0, 2.0});
}

// Forward is dearer here (above), so that gradients look cheaper beside it.
TEST(ValidationNeuroSim, GradientOverForward)
{
    const nlohmann::json spilled = epoch("image");
    compare({"neurosim-like: gradient over forward, spilled", energy(spilled, "gradient") / energy(spilled, "forward"),
             kGradientJ / kForwardJ, Kind::predicted, 0.1, 0.4});
    const nlohmann::json kept = epoch("chip");
    compare({"neurosim-like: gradient over forward, kept on the chip",
             energy(kept, "gradient") / energy(kept, "forward"), (kGradientJ - kSpilledJ) / kForwardJ, Kind::predicted,
             0.5, 1.5});
}

// ISAAC's 6-bit converter takes 627 um2, and there are 16 384; the estimate's come to 54.0 mm2.
TEST(ValidationNeuroSim, ConvertersShareOfArea)
{
    const nlohmann::json chip = epoch("image");
    const double adc = chip.at("area_by").at("adc").get<double>();
    compare({"neurosim-like: converters, share of area", adc / chip.at("area_mm2").get<double>(), kAdcMm2 / kAreaMm2,
             Kind::predicted, 0.5, 1.2});
    compare({"neurosim-like: converters, mm2", adc, kAdcMm2, Kind::predicted, 0.1, 0.4});
}

// NeuroSim divides operations by its dynamic energy, and by the sum of its phases' times.
TEST(ValidationNeuroSim, Rates)
{
    const nlohmann::json chip = epoch("image");
    compare({"neurosim-like: TOPS/W", chip.at("tops_per_w").get<double>(), 2.10, Kind::predicted, 0.4, 1.0});
    compare({"neurosim-like: TOPS", chip.at("tops").get<double>(), 1.51, Kind::predicted, 1.0, 3.0});
}

// The same memory-bound epoch: what the gradients' traffic takes at 256 bytes a ns, and conversions of one cycle.
TEST(ValidationNeuroSim, SecondsOfAnEpoch)
{
    compare(
        {"neurosim-like: epoch, s", epoch("image").at("seconds").get<double>(), kSeconds, Kind::predicted, 0.3, 1.0});
}

}  // namespace
}  // namespace wagesim::test
