// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs through the library against the same runs by the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include <wagesim/run.hpp>

#include "tests/system/sweep_of_designs.hpp"
#include "tests/unit/data/data_files.hpp"
#include "tests/unit/library/fault_of.hpp"

namespace wagesim {
namespace {

using test::fault_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

Json without_clock(Json result)
{
    for (const char* const key : {"wall_seconds", "host"}) result.erase(key);
    for (Json& epoch : result.at("epochs")) epoch.erase("images_per_second");
    return result;
}

Json without_clock(const std::string& text)
{
    return without_clock(Json::parse(text));
}

Run tiny_on_chip(const test::TinyRun& tiny)
{
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set("chip", std::string(WAGESIM_SOURCE_DIR) + "/configs/chips/small.yaml");
    return run;
}

TEST(LibraryRun, HasEveryKeyResolved)
{
    const test::TinyRun tiny;
    const wagesim::Run run = wagesim::Run::load(tiny.file());
    EXPECT_EQ(run.get("training.batch"), "8");
    EXPECT_EQ(run.get("training.weight_clip"), "kg");  // a default
    EXPECT_EQ(run.get("training.eta"), "{0: 0}");
    EXPECT_EQ(run.get("network.layers.1.dense.units"), "10");
    EXPECT_EQ(run.get_json("training.eta"), R"({"0":0})");
    EXPECT_EQ(run.get_json("data.shuffle"), "true");
    EXPECT_EQ(run.text(), test::wagesim({"config", "-c", tiny.file()}).out);
    EXPECT_EQ(Json::parse(run.get_json("")).at("name"), "tiny");
    // Its own text means the same run.
    EXPECT_EQ(wagesim::Run::parse(run.text()).text(), run.text());
}

TEST(LibraryRun, AKeyThatItDoesNotHaveIsNamed)
{
    const test::TinyRun tiny;
    const wagesim::Run run = wagesim::Run::load(tiny.file());
    for (const char* const key :
         {"chip.lanes", "training.batch.x", "network.layers.9", "network.layers.x", ".", "a..b", "network.layers.00"}) {
        EXPECT_EQ(fault_of(Error::Kind::config, [&] { static_cast<void>(run.get(key)); }),
                  std::string(key) + ": got no such key, allowed a key of this run");
    }
}

TEST(LibraryRun, SetsValuesOfEveryType)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set("training.batch", 16);
    run.set("data.shuffle", false);
    run.set("seed", std::int64_t{1} << 40);
    run.set("network.init.beta", 1.25);
    run.set("training.eta", "{0: 1, 2: -1}");
    run.set("network.init.limit_factor", 1.6F);
    EXPECT_EQ(run.get("network.init.limit_factor"), "1.6");
    run.set("training.epochs", std::size_t{7});
    run.set("data.count", 200U);
    run.set("name", std::string("mine"));
    EXPECT_EQ(run.get("training.epochs"), "7");
    EXPECT_EQ(run.get("data.count"), "200");
    EXPECT_EQ(run.get_json("name"), "\"mine\"");
    EXPECT_EQ(run.get("training.batch"), "16");
    EXPECT_EQ(run.get("data.shuffle"), "false");
    EXPECT_EQ(run.get("seed"), "1099511627776");
    EXPECT_EQ(run.get("network.init.beta"), "1.25");
    EXPECT_EQ(run.get("training.eta.2"), "-1");
}

TEST(LibraryRun, AFaultLeavesItAsItWas)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    const std::string before = run.text();
    EXPECT_EQ(fault_of(Error::Kind::config,
                       [&] {
                           run.set({{"training.epochs", "9"}, {"training.batch", "many"}});
                       }),
              "training.batch: got many, allowed an integer 1..65536");
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { run.set("training.bath", 3); }), HasSubstr("did you mean batch?"));
    EXPECT_THAT(fault_of(Error::Kind::config, [&] { run.set("a..b", 3); }), HasSubstr("a..b"));
    EXPECT_EQ(run.text(), before);
    run.set("training.batch", 4);  // and usable
    EXPECT_EQ(run.get("training.epochs"), "3");
}

TEST(LibraryRun, ValuesThatOnlyAgreeTogetherAreSetTogether)
{
    const test::TinyRun tiny;
    wagesim::Run run = tiny_on_chip(tiny);
    const std::string copies = "[2, 2]";
    EXPECT_NE(fault_of(Error::Kind::config, [&] { run.set("chip.mapping.copies", copies); }), "nothing");
    run.set({{"chip.mapping.copies", copies}, {"chip.mapping.replication", "given"}});
    EXPECT_EQ(run.get("chip.mapping.copies"), "[2, 2]");
}

TEST(LibraryRun, CopiesAreIndependent)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    wagesim::Run copy = run;
    copy.set("training.batch", 4);
    EXPECT_EQ(run.get("training.batch"), "8");
    run = copy;
    copy.set("training.batch", 2);
    EXPECT_EQ(run.get("training.batch"), "4");
}

TEST(LibraryRun, AMissingFileAndABadTextAreFaultsOfTheConfiguration)
{
    EXPECT_THAT(fault_of(Error::Kind::config, [] { static_cast<void>(wagesim::Run::load("/nowhere/run.yaml")); }),
                StartsWith("/nowhere/run.yaml:1:1: "));
    EXPECT_THAT(
        fault_of(Error::Kind::config, [] { static_cast<void>(wagesim::Run::parse("seed: [", "/tmp", "mine")); }),
        StartsWith("/tmp/mine:1:"));
}

TEST(LibraryRun, PathsOfATextStartFromItsFolderAndThoseThatAreSetFromHere)
{
    const test::TinyRun tiny;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::create_directory(tiny / "below");
    std::filesystem::current_path(tiny / "below");
    wagesim::Run run = wagesim::Run::parse(test::read_text(tiny.file()), tiny / "elsewhere");
    const std::string chip = std::string(WAGESIM_SOURCE_DIR) + "/configs/chips/small.yaml";
    run.set("chip", std::filesystem::relative(chip).string());
    EXPECT_EQ(run.get("chip.lanes"), tiny_on_chip(tiny).get("chip.lanes"));
    run.set("data", "{format: npz, file: here.npz, range: unit}");
    EXPECT_EQ(run.get_json("data.file"), Json(tiny / "below/here.npz").dump());
    std::filesystem::current_path(before);
}

TEST(LibraryRun, FilesThatItWasLoadedFromMayChangeAndGo)
{
    const test::TinyRun tiny;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::create_directory(tiny / "below");
    const std::string configs = std::string(WAGESIM_SOURCE_DIR) + "/configs/";
    test::write_text(tiny / "chip.yaml", test::replaced_once(test::read_text(configs + "chips/small.yaml"),
                                                             "../technologies", configs + "technologies"));
    test::write_text(tiny / "run.yaml", std::string(test::tiny_run()) + "chip: chip.yaml\n");
    std::filesystem::current_path(tiny / "below");
    wagesim::Run run = wagesim::Run::load("../run.yaml");
    std::filesystem::current_path(before);
    const std::string lanes = run.get("chip.lanes");
    std::filesystem::remove(tiny / "run.yaml");
    test::write_text(tiny / "chip.yaml", "lanes: 64\n");
    run.set("seed", 9);
    EXPECT_EQ(run.get("chip.lanes"), lanes);
    RunOptions options;
    options.steps = 1;
    EXPECT_EQ(run.simulate(options).figure("steps"), 1.0);
}

TEST(LibraryRun, AListenerMayGoElsewhere)
{
    const test::TinyRun tiny;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(std::filesystem::path(tiny.file()).parent_path());
    RunOptions options;
    options.out = "out";
    options.print = [&](const std::string&) { std::filesystem::current_path("/"); };
    EXPECT_EQ(wagesim::Run::load("tiny.yaml").train(options).figure("steps"), 36.0);
    std::filesystem::current_path(before);
}

TEST(LibraryRun, MayBeReadWhileACopyOfItIsChanged)
{
    const test::TinyRun tiny;
    const wagesim::Run run = wagesim::Run::load(tiny.file());
    const std::string hash = run.config_hash();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            wagesim::Run own = run;
            for (int k = 0; k < 50; ++k) {
                own.set("seed", 100 + i);
                if (run.config_hash() != hash || own.get("seed") != std::to_string(100 + i)) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(LibraryRun, TrainsAsTheProgramDoes)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set("seed", 5);
    const Result result = run.train();
    EXPECT_EQ(without_clock(result.json()), without_clock(tiny.run("train", {"--seed", "5", "--json"}).out));
    EXPECT_EQ(Json::parse(result.json()).at("config_hash"), run.config_hash());
    EXPECT_EQ(result.figure("steps"), 36.0);
    EXPECT_EQ(result.figure("epochs.last.epoch"), 2.0);
    EXPECT_EQ(result.figure("epochs.0.epoch"), 0.0);
    for (const char* const none :
         {"", ".", "epochs", "epochs.3.loss", "epochs.x.loss", "epochs.-1.loss", "version", "no.such"}) {
        EXPECT_EQ(result.figure(none), std::nullopt) << none;
    }
}

TEST(LibraryRun, SimulatesAsTheProgramDoesWithDataAndWithout)
{
    const test::TinyRun tiny;
    wagesim::Run run = tiny_on_chip(tiny);
    const std::vector<std::string> chip = {"--set", test::small_chip(), "--steps", "5", "--json"};
    RunOptions options;
    options.steps = 5;
    options.threads = 1;
    EXPECT_EQ(without_clock(run.simulate(options).json()), without_clock(tiny.run("simulate", chip).out));
    run.set("chip.fidelity", "timing");
    std::vector<std::string> timing = chip;
    timing.insert(timing.end(), {"--set", "chip.fidelity=timing"});
    const Result without_data = run.simulate(options);
    EXPECT_EQ(without_clock(without_data.json()), without_clock(tiny.run("simulate", timing).out));
    EXPECT_GT(without_data.figure("chip.cycles").value(), 0.0);
}

TEST(LibraryRun, DifferencesOfAVerificationAreItsResult)
{
    const test::TinyRun tiny;
    const wagesim::Run run = tiny_on_chip(tiny);
    RunOptions options;
    options.steps = 3;
    EXPECT_EQ(run.verify(options).figure("differences"), 0.0);
    options.arguments = {"--inject", "1:1:error_q:3:2"};
    const Result found = run.verify(options);
    EXPECT_EQ(found.figure("differences"), 1.0);
    EXPECT_EQ(found.figure("first_difference.step"), 1.0);
}

TEST(LibraryRun, InfersTheErrorThatTrainingEndedWith)
{
    const test::TinyRun tiny;
    const wagesim::Run run = tiny_on_chip(tiny);
    RunOptions options;
    options.out = tiny / "out";
    const std::optional<double> error = run.train(options).figure("final_test_error");
    RunOptions weights;
    weights.weights = tiny / "out/weights.npz";
    EXPECT_EQ(run.infer(InferenceEngine::reference, weights).figure("test_error"), error);
    EXPECT_EQ(run.infer(InferenceEngine::chip, weights).figure("test_error"), error);
}

TEST(LibraryRun, PrintsWhatTheProgramPrints)
{
    const test::TinyRun tiny;
    std::string printed;
    RunOptions options;
    options.print = [&](const std::string& line) { printed += line + "\n"; };
    EXPECT_EQ(fault_of(Error::Kind::config, [&] { static_cast<void>(wagesim::Run::load(tiny.file()).train(options)); }),
              "print: got no folder beside it, allowed with out");
    options.out = tiny / "out";
    const Result result = wagesim::Run::load(tiny.file()).train(options);
    EXPECT_THAT(printed, StartsWith("tiny: 100 training and 30 test images"));
    EXPECT_THAT(printed, HasSubstr("\nfinal test error"));
    EXPECT_EQ(without_clock(result.json()), without_clock(test::read_text(tiny / "out/result.json")));
}

TEST(LibraryRun, AnInterruptedRunGoesOn)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set("training.epochs", 100);
    RunOptions options;
    options.out = tiny / "out";
    std::atomic<bool> stop = false;
    options.print = [&](const std::string& line) { stop = stop || line.find(" 2 ") != std::string::npos; };
    options.stop = [&] { return stop ? Stop::soon : Stop::no; };
    EXPECT_THAT(fault_of(Error::Kind::interrupted, [&] { static_cast<void>(run.train(options)); }),
                HasSubstr("interrupted"));
    ASSERT_TRUE(std::filesystem::exists(tiny / "out/checkpoint.npz"));
    options = {};
    options.out = tiny / "out";
    options.resume = true;
    const Result result = run.train(options);
    EXPECT_EQ(result.figure("steps"), 1200.0);
    EXPECT_EQ(without_clock(result.json()), without_clock(run.train().json()));
}

TEST(LibraryRun, BadDataIsAFaultOfTheData)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    run.set("data", "{format: npz, file: /nowhere.npz, range: unit}");
    EXPECT_THAT(fault_of(Error::Kind::data, [&] { static_cast<void>(run.train()); }), HasSubstr("/nowhere.npz"));
    EXPECT_THAT(fault_of(Error::Kind::data, [&] { static_cast<void>(run.config_hash()); }), HasSubstr("/nowhere.npz"));
}

TEST(LibraryRun, WhatOnlyTheProgramCanCheckNamesItsKey)
{
    const test::TinyRun tiny;
    wagesim::Run run = wagesim::Run::load(tiny.file());
    test::write_bytes(tiny / "images", test::idx_images(12, 6, 6));
    test::write_bytes(tiny / "labels", test::idx_labels(12));
    run.set({{"data", "{format: idx, train_images: " + tiny / "images" + ", train_labels: " + tiny / "labels" +
                          ", test_images: " + tiny / "images" + ", test_labels: " + tiny / "labels" + ", range: unit}"},
             {"training.batch", "20"}});
    EXPECT_EQ(fault_of(Error::Kind::config, [&] { static_cast<void>(run.train()); }),
              "training.batch: got 20, allowed 1..12, the number of training images");
}

TEST(LibraryRun, RunsInThreadsAreRunsSideBySide)
{
    const test::TinyRun tiny;
    wagesim::Run run = tiny_on_chip(tiny);
    run.set("chip.fidelity", "timing");
    std::vector<std::optional<double>> cycles(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < cycles.size(); ++i) {
        threads.emplace_back([&, i] {
            wagesim::Run own = run;
            own.set("training.batch", i < 2 ? 8 : 16);
            cycles[i] = own.simulate().figure("chip.cycles");
        });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(cycles[0] && cycles[2]);
    EXPECT_EQ(cycles[0], cycles[1]);
    EXPECT_EQ(cycles[2], cycles[3]);
    EXPECT_NE(cycles[0], cycles[2]);
}

}  // namespace
}  // namespace wagesim
