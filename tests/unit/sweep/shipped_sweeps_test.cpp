// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The sweeps in configs/ are legal, every point of them, and have the points of the paper's tables.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "platforms/config/load_sweep.hpp"
#include "platforms/sweep/point_resolver.hpp"
#include "platforms/sweep/point_source.hpp"
#include "tests/support/run_command.hpp"

namespace wagesim::sweep {
namespace {

struct Shipped {
    const char* name;
    std::uint64_t points;
};

class ShippedSweep : public ::testing::TestWithParam<Shipped> {};

TEST_P(ShippedSweep, HasLegalPointsOnly)
{
    ::setenv("WAGESIM_DATA", "/data", 0);
    const std::string file = std::string(WAGESIM_SOURCE_DIR "/configs/sweeps/") + GetParam().name + ".yaml";
    const config::SweepConfig sweep = config::load_sweep(file);
    EXPECT_EQ(sweep.name, GetParam().name);
    const DesignGrid grid(sweep);
    const GridSource source(grid);
    EXPECT_EQ(source.count(), GetParam().points);
    const PointResolver resolver(sweep, sweep.stages[0], 1);
    for (std::uint64_t i = 0; i < source.count(); ++i) {
        const config::RunConfig run = resolver.run(source.point(i));
        const bool vgg8 = run.network.name == "vgg8-code";
        EXPECT_EQ(run.training.epochs, vgg8 ? 5 : 10);
        EXPECT_EQ(run.training.weight_clip, vgg8 ? WeightClip::kw : WeightClip::kg);
        // Halved with every bit that kG loses, as the paper says of its Table 3.
        EXPECT_EQ(run.training.eta.at(0), (vgg8 ? 3 : 0) + run.widths.g - 8) << label_of(source.point(i));
    }
}

/// Whatever else is shipped: stages, samples and optimisers too.
TEST(ShippedSweeps, AllLoadAndResolveTheirFirstPoint)
{
    ::setenv("WAGESIM_DATA", "/data", 0);
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(WAGESIM_SOURCE_DIR "/configs/sweeps")) {
        SCOPED_TRACE(entry.path().string());
        const config::SweepConfig sweep = config::load_sweep(entry.path().string());
        EXPECT_EQ(sweep.name, entry.path().stem());
        const DesignGrid grid(sweep);
        const GridSource source(grid);
        ASSERT_GT(source.count(), 0U);
        ASSERT_FALSE(sweep.stages.empty());
        for (const config::Stage& stage : sweep.stages) {
            EXPECT_NO_THROW((void)PointResolver(sweep, stage, 1).run(source.point(0)));
        }
        ++found;
    }
    EXPECT_GE(found, 11U);
}

/// The `which`th sweep file of the page, written into `folder` beside the shipped runs.
config::SweepConfig sweep_of_page(std::size_t which, const test::TemporaryFolder& folder)
{
    ::setenv("WAGESIM_DATA", "/data", 0);
    const std::filesystem::path source = WAGESIM_SOURCE_DIR;
    const std::string page = test::read_text(source / "docs/sweeps.md");
    const std::string opening = "```yaml\n";
    std::size_t begin = page.find(opening);
    for (std::size_t i = 0; i < which && begin != std::string::npos; ++i) begin = page.find(opening, begin + 1);
    if (begin == std::string::npos) throw std::out_of_range("docs/sweeps.md has no such sweep file");
    const std::size_t text = begin + opening.size();

    for (const char* part : {"runs", "networks", "chips", "technologies"}) {
        std::filesystem::create_directory_symlink(source / "configs" / part, folder.path() / part);
    }
    std::filesystem::create_directory(folder.path() / "sweeps");
    test::write_text(folder.path() / "sweeps/page.yaml", page.substr(text, page.find("```", text) - text));
    return config::load_sweep(folder.path() / "sweeps/page.yaml");
}

TEST(SweepsPage, ItsSweepFilesAreLegal)
{
    const test::TemporaryFolder first;
    const config::SweepConfig arrays = sweep_of_page(0, first);
    const DesignGrid designs(arrays);
    EXPECT_EQ(designs.designs(), 500U);
    EXPECT_EQ(make_source(designs, arrays.sampling)->count(), 200U);
    ASSERT_EQ(arrays.stages.size(), 2U);

    const test::TemporaryFolder second;
    const config::SweepConfig widths = sweep_of_page(1, second);
    const DesignGrid grid(widths);
    const GridSource points(grid);
    EXPECT_EQ(points.count(), 66U);
    EXPECT_EQ(PointResolver(widths, widths.stages[0], 1).run(points.point(65)).widths.g, 12);
}

INSTANTIATE_TEST_SUITE_P(Configs, ShippedSweep,
                         ::testing::Values(Shipped{"lenet-gamma", 12}, Shipped{"lenet-kg", 33}, Shipped{"lenet-ke", 36},
                                           Shipped{"vgg8-gamma", 2}, Shipped{"vgg8-kg", 3}),
                         [](const auto& shipped) {
                             std::string name = shipped.param.name;
                             name[name.find('-')] = '_';
                             return name;
                         });

}  // namespace
}  // namespace wagesim::sweep
