// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Printing loses nothing: what is printed loads as the same value, for every shipped run and every key.
#include "platforms/config/print_run.hpp"
#include "platforms/config/config_hash.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <sstream>

#include "ref/network/layer_geometry.hpp"
#include "tests/unit/config/config_files.hpp"
#include "tests/unit/config/every_key.hpp"

namespace wagesim::config {
namespace {

/// Dotted keys of the leaves of a printed run, found from its indentation alone.
std::vector<std::string> printed_keys(const std::string& text)
{
    struct Level {
        std::size_t indentation;
        std::string part;
        int items = 0;
    };
    std::vector<std::string> out;
    std::vector<Level> levels;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        std::size_t indentation = line.find_first_not_of(' ');
        const bool item = line[indentation] == '-';
        while (!levels.empty() && levels.back().indentation >= indentation) levels.pop_back();
        if (item) {
            Level& list = levels.back();
            levels.push_back({indentation, std::to_string(list.items++)});
            indentation += 2;
        }
        const std::size_t colon = line.find(':', indentation);
        if (colon == std::string::npos) continue;
        levels.push_back({indentation, line.substr(indentation, colon - indentation)});
        if (colon + 1 == line.size()) continue;
        std::string key;
        for (const Level& level : levels) key += (key.empty() ? "" : ".") + level.part;
        out.push_back(key);
    }
    return out;
}

TEST_F(ConfigFiles, EveryPrintedKeyIsTested)
{
    std::vector<std::string> tested;
    for (const auto& [key, value] : other_values()) tested.push_back(key);
    for (const auto& [key, value] : names_and_paths()) tested.push_back(key);
    for (const std::string& key : single_valued()) tested.push_back(key);
    EXPECT_THAT(printed_keys(print_run(load_run("run.yaml"))), ::testing::UnorderedElementsAreArray(tested));
}

TEST_F(ConfigFiles, EveryKeyIsReadComparedAndPrinted)
{
    const RunConfig base = load_run("run.yaml");
    EXPECT_EQ(parse_run(print_run(base), "/elsewhere/x.yaml"), base);
    for (const auto* table : {&other_values(), &names_and_paths()}) {
        for (const auto& [key, value] : *table) {
            const RunConfig changed = load_run("run.yaml", setting(key, value));
            EXPECT_NE(changed, base) << key;
            EXPECT_EQ(parse_run(print_run(changed), "/elsewhere/x.yaml"), changed) << key;
        }
    }
}

/// Nothing is printed where a cell has as many conductances as codes: that follows from its bits.
TEST_F(ConfigFiles, LevelsOfDevicesAreReadComparedAndPrinted)
{
    const RunConfig base = load_run("run.yaml");
    const RunConfig changed = load_run("run.yaml", {"chip.device.levels=3"});
    EXPECT_NE(changed, base);
    EXPECT_EQ(parse_run(print_run(changed), "/elsewhere/x.yaml"), changed);
    EXPECT_NE(config_hash(changed), config_hash(base));
}

TEST_F(ConfigFiles, EveryFloatKeyIsReadComparedAndPrinted)
{
    const RunConfig base = load_run("run.yaml", float_run());
    EXPECT_NE(base, load_run("run.yaml"));
    EXPECT_EQ(parse_run(print_run(base), "/elsewhere/x.yaml"), base);
    const std::vector<std::string> keys = printed_keys(print_run(base));
    for (const auto& [key, value] : other_float_values()) {
        EXPECT_THAT(keys, ::testing::Contains(key));
        std::vector<std::string> all = float_run();
        all.push_back(setting(key, value).front());
        const RunConfig changed = load_run("run.yaml", all);
        EXPECT_NE(changed, base) << key;
        EXPECT_EQ(parse_run(print_run(changed), "/elsewhere/x.yaml"), changed) << key;
    }
    RunConfig rates = base;
    rates.training.eta.clear();
    rates.training.floating.learning_rate = {{0, 0.1}, {200, 1e-3 / 3.0}};
    EXPECT_EQ(print_run(rates).find("  eta:"), std::string::npos);
    EXPECT_EQ(parse_run(print_run(rates), "/elsewhere/x.yaml"), rates);
}

TEST_F(ConfigFiles, NumbersSurviveToTheLastBit)
{
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> exponent(-3.0, 17.0);
    for (int i = 0; i < 200; ++i) {
        RunConfig config = load_run("run.yaml");
        config.network.init.limit_factor = std::pow(10.0, exponent(random));
        config.chip->clock_ghz = std::nextafter(1.0, 2.0);
        const RunConfig again = parse_run(print_run(config), "/x.yaml");
        EXPECT_EQ(again.network.init.limit_factor, config.network.init.limit_factor);
        EXPECT_EQ(again.chip->clock_ghz, config.chip->clock_ghz);
    }
}

TEST_F(ConfigFiles, NamesAndPathsSurviveAsTheyAre)
{
    const std::vector<std::string> names = {"null", "true",  "12", "a: b", "# no",     "\"q\"", "back\\slash",
                                            "- x",  " pad ", "*a", "{a}",  "\xc3\xa9", "%",     "'"};
    for (const std::string& name : names) {
        RunConfig config = load_run("run.yaml");
        config.name = config.network.name = config.chip->name = name;
        config.chip->technology.clear();
        config.data.format = DataFormat::npz;
        config.data.synthetic = {};
        config.data.file = "/folder/" + name + "\n\x01/x.npz";
        EXPECT_EQ(parse_run(print_run(config), "/x.yaml"), config) << name;
    }
}

TEST_F(ConfigFiles, TheKeysOfImageFoldersAreReadComparedAndPrinted)
{
    const auto load = [](const std::string& more) {
        return load_run("run.yaml", {"data={range: unit, format: folder, train: a, test: b" + more + "}"});
    };
    const RunConfig base = load("");
    EXPECT_EQ(base.data.train_folder, (folder_ / "a").string());
    EXPECT_EQ(base.data.test_folder, (folder_ / "b").string());
    EXPECT_FALSE(base.data.resize);
    EXPECT_EQ(base.data.cache_mib, 1024);
    for (const char* more : {", resize: 9", ", cache_mib: 0"}) EXPECT_NE(load(more), base) << more;
    EXPECT_NE(load_run("run.yaml", {"data={range: unit, format: folder, train: a, test: c}"}), base);
    EXPECT_NE(load_run("run.yaml", {"data={range: unit, format: folder, train: c, test: b}"}), base);
    for (const char* more : {"", ", resize: 9", ", cache_mib: 0"}) {
        EXPECT_EQ(parse_run(print_run(load(more)), "/x.yaml"), load(more)) << more;
    }
    EXPECT_EQ(print_results_part(load(", cache_mib: 0")), print_results_part(base));
    const RunConfig digits = load_run("run.yaml", {"data={range: unit, format: svhn, train: [a, b], test: [c]}"});
    EXPECT_EQ(parse_run(print_run(digits), "/x.yaml"), digits);
}

TEST_F(ConfigFiles, WithoutAChipNoneIsPrinted)
{
    write("run.yaml", replaced(kRun, "chip: chip.yaml\n", ""));
    const RunConfig config = load_run("run.yaml");
    EXPECT_FALSE(config.chip);
    EXPECT_EQ(print_run(config).find("chip"), std::string::npos);
    EXPECT_EQ(parse_run(print_run(config), "/x.yaml"), config);
}

TEST(PrintRun, ShippedRunsLoadPrintAndLoadAgain)
{
    setenv("WAGESIM_DATA", "/data", 1);
    int runs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(WAGESIM_SOURCE_DIR "/configs/runs")) {
        if (entry.path().extension() != ".yaml") continue;
        ++runs;
        for (const auto& chip : std::filesystem::directory_iterator(WAGESIM_SOURCE_DIR "/configs/chips")) {
            const RunConfig config = load_run(entry.path(), {"chip=" + chip.path().string()});
            EXPECT_EQ(config.name, entry.path().stem());
            EXPECT_EQ(config.chip->name, chip.path().stem());
            EXPECT_EQ(parse_run(print_run(config), "/x.yaml"), config) << entry.path();
        }
    }
    EXPECT_GE(runs, 6);
}

TEST(PrintRun, TheBaselineChipIsTheDefaultChip)
{
    setenv("WAGESIM_DATA", "/data", 1);
    const RunConfig shipped = load_run(WAGESIM_SOURCE_DIR "/configs/runs/lenet-synthetic.yaml");
    RunConfig defaults = shipped;
    defaults.chip = chip::ChipConfig{};
    defaults.chip->name = shipped.chip->name;
    defaults.chip->technology = shipped.chip->technology;
    EXPECT_EQ(shipped, defaults);
}

TEST(PrintRun, ShippedNetworksHaveTheShapesOfThePaper)
{
    setenv("WAGESIM_DATA", "/data", 1);
    const Network lenet = load_run(WAGESIM_SOURCE_DIR "/configs/runs/lenet-mnist.yaml").network;
    const auto geometry = make_geometry(lenet, Widths{});
    EXPECT_EQ(geometry.at(2).fan_in(), 3136);
    const RunConfig alexnet = load_run(WAGESIM_SOURCE_DIR "/configs/runs/imagenet-alexnet.yaml");
    std::vector<int> sides;
    std::int64_t alexnet_weights = 0;
    for (const LayerGeometry& layer : make_geometry(alexnet.network, alexnet.widths)) {
        if (layer.kind == Layer::Kind::conv) sides.insert(sides.end(), {layer.acc_h, layer.out_h});
        alexnet_weights += layer.weights();
    }
    EXPECT_EQ(sides, (std::vector<int>{55, 27, 27, 13, 13, 13, 13, 13, 13, 6}));
    EXPECT_EQ(alexnet_weights, 34'848 + 614'400 + 884'736 + 1'327'104 + 884'736 + 37'748'736 + 16'777'216 + 4'096'000);
    const RunConfig vgg =
        load_run(WAGESIM_SOURCE_DIR "/configs/runs/vgg8-cifar10.yaml", {"network.init.limit_factor=3"});
    std::int64_t weights = 0;
    std::vector<int> alpha;
    for (const LayerGeometry& layer : make_geometry(vgg.network, vgg.widths)) {
        weights += layer.weights();
        alpha.push_back(1 << layer.attenuation);
    }
    EXPECT_EQ(weights, 12'973'440) << "published with DNN+NeuroSim's estimate of this network";
    // The layer attenuations that the published code logs for this network.
    EXPECT_EQ(alpha, (std::vector<int>{2, 16, 16, 16, 16, 32, 32, 16}));
}

}  // namespace
}  // namespace wagesim::config
