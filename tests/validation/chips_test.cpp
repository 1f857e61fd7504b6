// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Every shipped chip trains: bit for bit on a tiny network, and VGG8 by its counts.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/wagesim_command.hpp"
#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

std::vector<std::filesystem::path> shipped_chips()
{
    std::vector<std::filesystem::path> chips;
    for (const auto& entry : std::filesystem::directory_iterator(WAGESIM_SOURCE_DIR "/configs/chips")) {
        if (entry.path().extension() == ".yaml") chips.push_back(entry.path());
    }
    return chips;
}

TEST(ValidationChips, TrainBitForBit)
{
    const TinyRun run;
    int chips = 0;
    for (const auto& chip : shipped_chips()) {
        // Devices and converters show at fidelity bit_serial alone; here it is the design's mapping and program.
        const CommandResult result =
            run.run("verify", {"--set", "chip=" + chip.string(), "--set", "chip.fidelity=functional", "--set",
                               "chip.device={}", "--steps", "2"});
        EXPECT_EQ(result.status, 0) << chip << "\n" << result.out << result.err;
        ++chips;
    }
    EXPECT_GE(chips, 7);
}

TEST(ValidationChips, TakeVgg8)
{
    for (const auto& chip : shipped_chips()) {
        const CommandResult result =
            wagesim({"simulate", "-c", vgg8_run(), "--json", "--set", "chip=" + chip.string(), "--set",
                     "chip.fidelity=timing", "--set", "chip.device={}", "--set", "widths.w=2", "--steps", "1"});
        ASSERT_EQ(result.status, 0) << chip << "\n" << result.err;
        const nlohmann::json figures = nlohmann::json::parse(result.out).at("chip");
        constexpr std::uint64_t kOperationsAnImage = 3'688'427'520;
        EXPECT_EQ(figures.at("operations").get<std::uint64_t>(), 200 * kOperationsAnImage) << chip;
        fmt::print("  {:<18}{:10.4g} s a step of 200 images at kW 2, {:6.4g} TOPS, {:6.4g} TOPS/W, {:6.4g} mm2\n",
                   chip.stem().string(), figures.at("seconds").get<double>(), figures.at("tops").get<double>(),
                   figures.at("tops_per_w").get<double>(), figures.at("area_mm2").get<double>());
    }
}

}  // namespace
}  // namespace wagesim::test
