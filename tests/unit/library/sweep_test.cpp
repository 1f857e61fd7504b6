// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sweeps through the library against `wagesim sweep`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <filesystem>

#include <wagesim/sweep.hpp>

#include "platforms/sweep/folder_lock.hpp"
#include "tests/system/sweep_of_designs.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/library/fault_of.hpp"

namespace wagesim {
namespace {

using test::fault_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

/// Designs of the small chip without data.
const char* const kDesigns = R"(name: lanes
command: simulate
axes:
  - chip.lanes: [4, 8, 16]
  - training.batch: [8, 16]
objectives: {chip.cycles: min, chip.images_per_second: max}
)";

Run base_of(const test::TinyRun& tiny)
{
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set({{"chip", std::string(WAGESIM_SOURCE_DIR) + "/configs/chips/small.yaml"}, {"chip.fidelity", "timing"}});
    return run;
}

TEST(LibrarySweep, OfAFileHasTheResultsOfTheProgram)
{
    const test::TinySweep tiny;
    const Sweep sweep = Sweep::load(tiny.file());
    EXPECT_EQ(sweep.name(), "tiny-sweep");
    EXPECT_EQ(sweep.points(), 6U);
    const SweepResults results = sweep.run(tiny / "out");
    ASSERT_EQ(tiny.run("run", "program").status, 0);
    EXPECT_EQ(tiny.table("out"), tiny.table("program"));
    ASSERT_EQ(results.points().size(), 6U);
    ASSERT_EQ(results.variables().size(), 2U);
    EXPECT_EQ(results.variables()[0].key, "training.gamma");
    EXPECT_EQ(results.variables()[0].role, "free");
    EXPECT_EQ(results.variables()[1].role, "seed");
    EXPECT_EQ(results.objectives()[1].figure, "epochs.last.loss");
    EXPECT_EQ(results.objectives()[1].direction, "min");
    // Each point against a run of the same settings.
    for (std::size_t i = 0; i < results.points().size(); ++i) {
        const SweepPoint& point = results.points()[i];
        EXPECT_EQ(point.state, "done");
        EXPECT_TRUE(point.front) << i;
        const Json own = Json::parse(test::read_text(point.folder + "/result.json"));
        EXPECT_EQ(point.objectives[0], own.at("final_test_error").get<double>());
        EXPECT_EQ(Json::parse(results.result(i).json()), own);
        EXPECT_EQ(point.config_hash, own.at("config_hash"));
        EXPECT_EQ(results.figure("epochs.0.loss")[i], own.at("epochs").at(0).at("loss").get<double>());
    }
    EXPECT_TRUE(std::isnan(results.figure("no.such")[0]));
}

TEST(LibrarySweep, OfARunWritesTheFilesThatTheProgramGoesOnWith)
{
    const test::TinyRun tiny;
    const wagesim::Run run = base_of(tiny);
    const Sweep sweep = Sweep::of(run, kDesigns);
    EXPECT_EQ(sweep.points(), 6U);
    const SweepResults results = sweep.run(tiny / "new/out");
    ASSERT_EQ(results.points().size(), 6U);
    for (const SweepPoint& point : results.points()) {
        wagesim::Run own = run;
        own.set({{"chip.lanes", point.settings[0]}, {"training.batch", point.settings[1]}});
        EXPECT_EQ(point.objectives[0], own.simulate().figure("chip.cycles"));
    }
    const std::string folder = tiny / "new/out";
    const test::CommandResult status =
        test::wagesim({"sweep", "status", "-c", folder + "/sweep.yaml", "--out", folder, "--json"});
    EXPECT_EQ(status.status, 0) << status.err;
    EXPECT_EQ(Json::parse(status.out).at("done"), 6);
    // Again computes nothing and finds the same.
    std::string printed;
    SweepOptions options;
    options.print = [&](const std::string& line) { printed += line + "\n"; };
    EXPECT_EQ(sweep.run(folder, options).figure("chip.cycles"), results.figure("chip.cycles"));
    EXPECT_THAT(printed, HasSubstr("0 of them to compute"));
    EXPECT_EQ(SweepResults::open(folder + "/sweep.sqlite").points().size(), 6U);
}

TEST(LibrarySweep, FrontsAndSensitivitiesAreThoseOfBest)
{
    const test::TinyRun tiny;
    const std::string folder = tiny / "out";
    const SweepResults results = Sweep::of(base_of(tiny), kDesigns).run(folder);
    const Json best =
        Json::parse(test::wagesim({"sweep", "best", "-c", folder + "/sweep.yaml", "--out", folder, "--json"}).out);
    const Json collected =
        Json::parse(test::wagesim({"sweep", "collect", "-c", folder + "/sweep.yaml", "--out", folder, "--json"}).out);
    ASSERT_EQ(results.points().size(), collected.at("configurations").size());  // one seed: a point is a configuration
    for (std::size_t i = 0; i < results.points().size(); ++i) {
        EXPECT_EQ(Json(results.points()[i].front.value()), collected.at("configurations").at(i).at("front")) << i;
    }
    const Json& sensitivities = best.at("sensitivities");
    ASSERT_EQ(results.sensitivities().size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        const SweepSensitivity& ours = results.sensitivities()[i];
        const Json theirs = sensitivities.at(i);
        EXPECT_EQ(ours.key, theirs.at("variable"));
        EXPECT_EQ(ours.figure, theirs.at("objective"));
        EXPECT_EQ(ours.share.value(), theirs.at("share"));
        EXPECT_EQ(ours.least, theirs.at("least_mean"));
        EXPECT_EQ(ours.most, theirs.at("most_mean"));
    }
}

TEST(LibrarySweep, PointsThatFailAreInTheResults)
{
    const test::TinyRun tiny;
    wagesim::Run base = wagesim::Run::load(tiny.file());
    test::write_bytes(tiny / "images", test::idx_images(12, 6, 6));
    test::write_bytes(tiny / "labels", test::idx_labels(12));
    base.set("data", "{format: idx, train_images: " + tiny / "images" + ", train_labels: " + tiny / "labels" +
                         ", test_images: " + tiny / "images" + ", test_labels: " + tiny / "labels" + ", range: unit}");
    // More samples than there are: only the program finds out.
    const Sweep sweep = Sweep::of(base,
                                  "name: fails\ncommand: train\naxes: [{training.batch: [8, 20]}]\n"
                                  "objectives: {final_test_error: min}\n");
    const SweepResults results = sweep.run(tiny / "out");
    ASSERT_EQ(results.points().size(), 2U);
    EXPECT_EQ(results.points()[0].state, "done");
    EXPECT_EQ(results.points()[1].state, "failed");
    EXPECT_THAT(results.points()[1].error, HasSubstr("training.batch: got 20"));
    EXPECT_FALSE(results.points()[1].front);
    EXPECT_THAT(fault_of(Error::Kind::data, [&] { static_cast<void>(results.result(1)); }),
                HasSubstr("point 1 is failed, and has no result"));
    EXPECT_THROW(static_cast<void>(results.result(2)), std::out_of_range);
}

TEST(LibrarySweep, WhatIsWrongWithAllOfItIsAnException)
{
    const test::TinyRun tiny;
    wagesim::Run base = wagesim::Run::load(tiny.file());
    base.set("data", "{format: npz, file: /nowhere.npz, range: unit}");
    const Sweep sweep = Sweep::of(base, "name: x\ncommand: train\nseeds: [1]\nobjectives: {final_test_error: min}\n");
    EXPECT_THAT(fault_of(Error::Kind::data, [&] { static_cast<void>(sweep.run(tiny / "out")); }),
                HasSubstr("/nowhere.npz"));
}

TEST(LibrarySweep, AFailureOfAllOfItIsNotTakenForResults)
{
    const test::TinyRun tiny;
    const Sweep sweep = Sweep::of(base_of(tiny), test::replaced_once(kDesigns, "[8, 16]", "{range: [1, 100]}"));
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{60'000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);  // a full disk, say
    const std::string fault = fault_of(Error::Kind::data, [&] { static_cast<void>(sweep.run(tiny / "out")); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_THAT(fault, HasSubstr("sweep.sqlite: "));
    EXPECT_EQ(sweep.run(tiny / "out").points().size(), 300U);
}

TEST(LibrarySweep, RelativePathsLeadNowhere)
{
    const test::TinyRun tiny;
    // Where the sweep's folder has the file, and where it has not.
    for (const char* const folder : {"with", "without"}) {
        std::filesystem::create_directory(tiny / folder);
        std::filesystem::copy(std::string(WAGESIM_SOURCE_DIR) + "/configs/chips/small.yaml", tiny / "with/chip.yaml",
                              std::filesystem::copy_options::skip_existing);
        const Sweep sweep = Sweep::of(base_of(tiny),
                                      "name: x\ncommand: simulate\naxes: [{chip: [chip.yaml]}]\n"
                                      "objectives: {chip.cycles: min}\n");
        EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(sweep.run(tiny / folder)); }),
                    HasSubstr("chip: got chip.yaml (no such file)"));
        EXPECT_FALSE(std::filesystem::exists(tiny / folder + "/sweep.yaml"));
    }
}

TEST(LibrarySweep, FilesOfOthersAreLeftAlone)
{
    const test::TinyRun tiny;
    const Sweep sweep = Sweep::of(base_of(tiny), kDesigns);
    for (const char* const name : {"base.yaml", "sweep.yaml"}) {
        const std::string folder = tiny / ("of " + std::string(name));
        std::filesystem::create_directory(folder);
        test::write_text(folder + "/" + name, "precious");
        EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(sweep.run(folder)); }),
                    HasSubstr(name + std::string(", which the library did not write")));
        EXPECT_EQ(test::read_text(folder + "/" + name), "precious");
    }
}

TEST(LibrarySweep, NoRunsFolderBecomesASweeps)
{
    const test::TinyRun tiny;
    RunOptions options;
    options.out = tiny / "out";
    static_cast<void>(base_of(tiny).simulate(options));
    EXPECT_THAT(
        fault_of(Error::Kind::config, [&] { static_cast<void>(Sweep::of(base_of(tiny), kDesigns).run(tiny / "out")); }),
        HasSubstr("holds a run (config.yaml)"));
    EXPECT_FALSE(std::filesystem::exists(tiny / "out/sweep.yaml"));
}

TEST(LibrarySweep, FilesWrittenByHandAreKeptBesideTheSweepOfTheirName)
{
    const test::TinySweep tiny(test::designs());
    ASSERT_EQ(tiny.run("run").status, 0);
    std::filesystem::copy(tiny.file(), tiny / "out/sweep.yaml");
    const std::string text = test::read_text(tiny / "out/sweep.yaml");
    const test::TinyRun run;
    const Sweep sweep = Sweep::of(base_of(run), test::replaced_once(kDesigns, "name: lanes", "name: designs"));
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(sweep.run(tiny / "out")); }),
                HasSubstr("which the library did not write"));
    EXPECT_EQ(test::read_text(tiny / "out/sweep.yaml"), text);
}

TEST(LibrarySweep, CanBeStoppedWhileItsPointsAreLookedAt)
{
    const test::TinyRun tiny;
    SweepOptions options;
    int asked = 0;
    options.stop = [&] { return ++asked > 3 ? Stop::soon : Stop::no; };
    const Sweep sweep = Sweep::of(base_of(tiny), test::replaced_once(kDesigns, "[8, 16]", "{range: [1, 100]}"));
    EXPECT_EQ(fault_of(Error::Kind::interrupted, [&] { static_cast<void>(sweep.run(tiny / "out", options)); }),
              "interrupted before the first point");
    EXPECT_EQ(asked, 4);
    EXPECT_FALSE(std::filesystem::exists(tiny / "out"));
}

TEST(LibrarySweep, ARefusedOneLeavesTheFilesThatAreThere)
{
    const test::TinyRun tiny;
    const wagesim::Run base = base_of(tiny);
    const std::string folder = tiny / "out";
    static_cast<void>(Sweep::of(base, kDesigns).run(folder));
    const std::string before = test::read_text(folder + "/sweep.yaml");
    const Sweep illegal = Sweep::of(base, test::replaced_once(kDesigns, "[4, 8, 16]", "[4, 5]"));
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(illegal.run(folder)); }),
                HasSubstr("chip.lanes: got 5"));
    SweepOptions none;
    none.jobs = 0;
    const Sweep other = Sweep::of(base, test::replaced_once(kDesigns, "[4, 8, 16]", "[4, 8]"));
    EXPECT_EQ(fault_of(Error::Kind::config, [&] { static_cast<void>(other.run(folder, none)); }),
              "jobs: got 0, allowed an integer 1..4096");
    {
        const auto computing = sweep::FolderLock::try_claim(folder);
        ASSERT_TRUE(computing);
        EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(other.run(folder)); }),
                    HasSubstr("another process is running the sweep"));
    }
    EXPECT_EQ(test::read_text(folder + "/sweep.yaml"), before);
    // A sweep that has changed takes its folder over, and what is known stays known.
    EXPECT_EQ(other.run(folder).points().size(), 4U);
    EXPECT_NE(test::read_text(folder + "/sweep.yaml"), before);
}

TEST(LibrarySweep, ItsOwnPathsAreThoseOfTheMomentWhenTheyWereGiven)
{
    const test::TinySweep tiny;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(std::filesystem::path(tiny.file()).parent_path());
    const Sweep sweep = Sweep::load("sweep.yaml", {"training.epochs=1"});
    std::filesystem::create_directory("below");
    std::filesystem::current_path("below");
    const SweepResults results = sweep.run("out");
    std::filesystem::current_path(before);
    EXPECT_TRUE(std::filesystem::exists(tiny / "below/out/sweep.sqlite"));
    EXPECT_EQ(results.figure("steps"), std::vector<double>(6, 500.0));
    EXPECT_EQ(results.result(5).figure("steps"), 500.0);
}

TEST(LibrarySweep, ABadTextNamesItsLineAndKey)
{
    const test::TinyRun tiny;
    const wagesim::Run base = base_of(tiny);
    const auto fault = [&](const std::string& text) {
        return fault_of(Error::Kind::config, [&] { static_cast<void>(Sweep::of(base, text)); });
    };
    EXPECT_EQ(fault("name: x\ncommand: simulate\naxes:\n  - chip.lanes: [4]\n"),
              "sweep:1:1: objectives: got nothing, allowed a map of a field of the result to min | max");
    EXPECT_THAT(fault("name: x\nbase: y.yaml\ncommand: simulate\nseeds: [1]\nobjectives: {chip.cycles: min}\n"),
                StartsWith("sweep:2:1: base: got an unknown key"));
    EXPECT_THAT(fault("name: x\ncommand: fly\nseeds: [1]\nobjectives: {chip.cycles: min}\n"),
                StartsWith("sweep:2:10: command: got fly"));
    EXPECT_THAT(fault("name: x\ncommand: simulate\nobjectives: {chip.cycles: min}\n"), StartsWith("sweep:1:1: axes: "));
    // What could not stand in a file beside the key of its base.
    EXPECT_THAT(fault("{name: x, command: simulate, seeds: [1], objectives: {chip.cycles: min}}"),
                StartsWith("sweep:2:"));
    EXPECT_THAT(fault("  name: x\n  command: simulate\n  seeds: [1]\n  objectives: {chip.cycles: min}"),
                StartsWith("sweep:5:"));
}

TEST(LibrarySweep, AnIllegalValueIsNamedBeforeAnythingRuns)
{
    const test::TinyRun tiny;
    const Sweep sweep = Sweep::of(base_of(tiny), test::replaced_once(kDesigns, "[4, 8, 16]", "[4, 5]"));
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(sweep.run(tiny / "out")); }),
                HasSubstr("chip.lanes: got 5"));
}

TEST(LibrarySweep, AnotherSweepsFolderIsLeftAlone)
{
    const test::TinyRun tiny;
    const wagesim::Run base = base_of(tiny);
    static_cast<void>(Sweep::of(base, kDesigns).run(tiny / "out"));
    const std::string before = test::read_text(tiny / "out/sweep.yaml");
    const Sweep other = Sweep::of(base, test::replaced_once(kDesigns, "name: lanes", "name: other"));
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { static_cast<void>(other.run(tiny / "out")); }),
                HasSubstr("the folder of sweep lanes, allowed a new one or that of other"));
    EXPECT_EQ(test::read_text(tiny / "out/sweep.yaml"), before);
    EXPECT_THAT(fault_of(Error::Kind::data, [&] { static_cast<void>(SweepResults::open(tiny / "none")); }),
                HasSubstr("none"));
}

TEST(LibrarySweep, AnInterruptedOneGoesOn)
{
    const test::TinySweep tiny;
    const Sweep sweep = Sweep::load(tiny.file());
    SweepOptions options;
    options.jobs = 1;
    options.threads = 1;
    bool stop = false;
    options.print = [&](const std::string& line) { stop = stop || line.find("gamma") != std::string::npos; };
    options.stop = [&] { return stop ? Stop::soon : Stop::no; };
    EXPECT_THAT(fault_of(Error::Kind::interrupted, [&] { static_cast<void>(sweep.run(tiny / "out", options)); }),
                HasSubstr("interrupted"));
    const SweepResults part = SweepResults::open(tiny / "out");
    EXPECT_GE(part.points().size(), 1U);
    EXPECT_LT(part.points().size(), 6U);
    EXPECT_EQ(sweep.run(tiny / "out").points().size(), 6U);
    ASSERT_EQ(tiny.run("run", "program").status, 0);
    EXPECT_EQ(tiny.table("out"), tiny.table("program"));
}

TEST(LibrarySweep, AnOptimisersPointsAreTheMostThatItAsksFor)
{
    const test::TinyRun tiny;
    const std::string text = std::string(kDesigns) + "sampling: {optimiser: nsga2, population: 8, generations: 3}\n";
    EXPECT_EQ(Sweep::of(base_of(tiny), text).points(), 32U);
}

}  // namespace
}  // namespace wagesim
