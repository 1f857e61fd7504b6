// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What legal files become: every value in its place, defaults, paths, overrides and their order.
#include "platforms/config/load_run.hpp"

#include <cstdlib>

#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

constexpr const char* kLeast = R"(name: least
network:
  name: n
  input: {channels: 3, height: 6, width: 5}
  layers: [{conv: {filters: 2, kernel: 3}}, {dense: {units: 4}}]
data: {format: npz, file: some.npz, range: symmetric}
training: {batch: 3, epochs: 0, eta: {0: -16}}
)";

TEST(LoadRun, DefaultsAreThoseOfTheInterface)
{
    const RunConfig config = parse_run(kLeast, "/somewhere/run.yaml");
    EXPECT_EQ(config.name, "least");
    EXPECT_EQ(config.seed, 1u);
    EXPECT_FALSE(config.chip.has_value());
    EXPECT_EQ(config.widths, (Widths{2, 8, 8, 8}));
    EXPECT_EQ(config.network.init.limit_factor, 6.0);
    EXPECT_EQ(config.network.init.beta, 1.5);
    EXPECT_EQ(config.network.init.grid, numerics::WeightGrid::kg);
    EXPECT_EQ(config.data.augment, Augment::none);
    EXPECT_TRUE(config.data.shuffle);
    EXPECT_EQ(config.data.file, "/somewhere/some.npz");
    EXPECT_EQ(config.training.weight_clip, WeightClip::kg);
    EXPECT_EQ(config.training.gamma, 1);
    EXPECT_EQ(config.training.loss, Loss::sse);
    const Layer& conv = config.network.layers.at(0);
    EXPECT_EQ(conv.stride, 1);
    EXPECT_FALSE(conv.padding || conv.pool || conv.attenuation);
}

TEST(LoadRun, AChipNeedsOnlyItsName)
{
    const RunConfig config = parse_run(kLeast, "/run.yaml", {"chip={name: c}"});
    ASSERT_TRUE(config.chip);
    EXPECT_EQ(config.chip->technology, "");
    EXPECT_EQ(config.chip->clock_ghz, 1.0);
    EXPECT_EQ(config.chip->quantize_update.lanes, 16);
    EXPECT_EQ(config.chip->crossbar.rows, 128);
    EXPECT_EQ(config.chip->crossbar.adc_bits, 9);
    EXPECT_EQ(config.chip->partitions.count, 64);
    EXPECT_EQ(config.chip->gradient.macs_per_cycle, 4096);
    EXPECT_EQ(config.chip->buffer.kib, 2048);
    EXPECT_EQ(config.chip->dram.latency_cycles, 100);
}

TEST_F(ConfigFiles, EveryValueLandsInItsPlace)
{
    const RunConfig config = load_run("run.yaml");
    EXPECT_EQ(config.name, "tiny");
    EXPECT_EQ(config.seed, 7u);
    EXPECT_EQ(config.network.name, "net");
    EXPECT_EQ(config.network.input.height, 8);
    ASSERT_EQ(config.network.layers.size(), 3u);
    EXPECT_EQ(config.network.layers[0].kind, Layer::Kind::conv);
    EXPECT_EQ(config.network.layers[0].pool, (Pooling{2, 2}));
    EXPECT_EQ(config.network.layers[1].padding, 1);
    EXPECT_EQ(config.network.layers[1].attenuation, 2);
    EXPECT_EQ(config.network.layers[2].kind, Layer::Kind::dense);
    EXPECT_EQ(config.network.layers[2].units, 10);
    EXPECT_EQ(config.data.format, DataFormat::synthetic);
    EXPECT_EQ(config.data.synthetic.count, 64);
    EXPECT_EQ(config.data.synthetic.test_count, 16);
    EXPECT_EQ(config.data.synthetic.classes, 10);
    EXPECT_EQ(config.training.batch, 32);
    EXPECT_EQ(config.training.eta, (std::map<int, int>{{0, 0}, {5, -3}}));
    ASSERT_TRUE(config.chip);
    EXPECT_EQ(config.chip->clock_ghz, 1.5);
    EXPECT_EQ(config.chip->technology, (folder_ / "technology.yaml").string());
    EXPECT_EQ(config.chip->crossbar.columns, 32);
    EXPECT_EQ(config.chip->sequencer.chunk_samples, 8);
}

TEST_F(ConfigFiles, SyntheticDataMayBeGroupedUnderItsOwnKey)
{
    const RunConfig flat = load_run("run.yaml");
    write("run.yaml", replaced(kRun, "  count: 64\n  test_count: 16\n  classes: 10\n",
                               "  synthetic: {count: 64, test_count: 16, classes: 10}\n"));
    EXPECT_EQ(load_run("run.yaml"), flat);
    EXPECT_EQ(fault({"data.synthetic.classes=11"}),
              "--set data.synthetic.classes: got 11, allowed an integer 1..10, the units of the last layer");
    EXPECT_EQ(fault({"data.count=11"}),
              "--set data.count: got an unknown key, allowed format, synthetic, range, "
              "augment, shuffle");
}

TEST_F(ConfigFiles, PathsStartFromTheFileThatNamesThem)
{
    write("runs/deep/run.yaml", replaced(replaced(kRun, "network.yaml", "../../nets/n.yaml"), "chip.yaml", "c.yaml"));
    write("nets/n.yaml", kNetwork);
    write("runs/deep/c.yaml", replaced(kChip, "technology.yaml", "../t.yaml"));
    write("runs/t.yaml", technology_text());
    EXPECT_EQ(load_run("runs/deep/run.yaml").chip->technology, (folder_ / "runs/t.yaml").string());
    write("nets/n.yaml", replaced(kNetwork, "units: 10", "units: x"));
    try {
        static_cast<void>(load_run("runs/deep/run.yaml"));
        FAIL() << "x is no number of units";
    } catch (const ConfigError& error) {
        EXPECT_STREQ(error.what(), "nets/n.yaml:7:20: layers.2.dense.units: got x, allowed an integer 1..65536");
    }
}

TEST_F(ConfigFiles, PathsOfOverridesStartFromTheWorkingDirectory)
{
    write("sub/run.yaml", replaced(replaced(kRun, "network.yaml", "../network.yaml"), "chip: chip.yaml\n", ""));
    const RunConfig config = load_run("sub/run.yaml", {"chip=chip.yaml", "chip.technology=technology.yaml",
                                                       "data={format: npz, file: a.npz, range: unit}"});
    EXPECT_EQ(config.chip->name, "small");
    EXPECT_EQ(config.data.file, (folder_ / "a.npz").string());
}

TEST_F(ConfigFiles, LaterOverridesWin)
{
    EXPECT_EQ(load_run("run.yaml", {"training.batch=4", "training.batch=8"}).training.batch, 8);
    EXPECT_EQ(load_run("run.yaml", {"chip.crossbar.rows=16", "chip=chip.yaml"}).chip->crossbar.rows, 64);
    EXPECT_EQ(load_run("run.yaml", {"chip=chip.yaml", "chip.crossbar.rows=16"}).chip->crossbar.rows, 16);
    EXPECT_EQ(load_run("run.yaml", {"seed=3"}).seed, 3u);
    EXPECT_EQ(load_run("run.yaml", {"seed=3"}, 18446744073709551615u).seed, 18446744073709551615u);
    EXPECT_EQ(load_run("run.yaml", {"seed=18446744073709551615"}).seed, 18446744073709551615u);
}

TEST_F(ConfigFiles, OverridesReachEveryKindOfPlace)
{
    const RunConfig config =
        load_run("run.yaml", {"training.eta={0: 3}", "training.eta.7=-1", "network.layers.0.conv.filters=6",
                              "network.layers.0.conv.pool={size: 3, stride: 2}", "network.init.limit_factor=3",
                              "chip.dram.bytes_per_cycle=8", "widths.g=12", "name=other", "data.range=symmetric",
                              "network.layers.2={dense: {units: 12}}"});
    EXPECT_EQ(config.training.eta, (std::map<int, int>{{0, 3}, {7, -1}}));
    EXPECT_EQ(config.network.layers[0].units, 6);
    EXPECT_EQ(config.network.layers[0].pool, (Pooling{3, 2}));
    EXPECT_EQ(config.network.init.limit_factor, 3.0);
    EXPECT_EQ(config.network.init.beta, 1.5);
    EXPECT_EQ(config.chip->dram.bytes_per_cycle, 8);
    EXPECT_EQ(config.widths.g, 12);
    EXPECT_EQ(config.name, "other");
    EXPECT_EQ(config.data.range, InputRange::symmetric);
    EXPECT_EQ(config.network.layers[2].units, 12);
}

TEST_F(ConfigFiles, AnOverrideMakesUpForAMissingFile)
{
    write("run.yaml", replaced(kRun, "chip: chip.yaml", "chip: none.yaml"));
    EXPECT_EQ(fault(), "run.yaml:4:7: chip: got none.yaml (no such file), allowed a readable file");
    EXPECT_EQ(fault({"chip=chip.yaml"}), "");
    EXPECT_EQ(fault({"chip.lanes=8"}), "run.yaml:4:7: chip: got none.yaml (no such file), allowed a readable file");
}

TEST_F(ConfigFiles, FaultsOfOverridesBlameTheCommandLine)
{
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"training.batch=0", "--set training.batch: got 0, allowed an integer 1..65536"},
        {"training.batch=", "--set training.batch: got nothing, allowed an integer 1..65536"},
        {"training.batch", "--set training.batch: got no key=value, allowed dotted.key=value"},
        {"", "--set \"\": got no key=value, allowed dotted.key=value"},
        {"=3", "--set =3: got no key=value, allowed dotted.key=value"},
        {"training..batch=3", "--set training..batch=3: got no key=value, allowed dotted.key=value"},
        {".batch=3", "--set .batch=3: got no key=value, allowed dotted.key=value"},
        {"training.bath=3",
         "--set training.bath: got an unknown key, allowed batch, epochs, eta, weight_clip, gamma, loss (did you mean "
         "batch?)"},
        {"trainer.batch=3",
         "--set trainer: got an unknown key, allowed name, seed, network, chip, widths, data, training"},
        {"seed.x=3", "--set seed.x: got a key inside seed: 7, allowed keys of maps only"},
        {"network.layers.3.dense.units=2", "--set network.layers.3.dense.units: got 3, allowed an index 0..2"},
        {"network.layers.01.conv.filters=2", "--set network.layers.01.conv.filters: got 01, allowed an index 0..2"},
        {"network.layers.last.conv.filters=2",
         "--set network.layers.last.conv.filters: got last, allowed an index 0..2"},
        {"network.layers.2.dense.units=x", "--set network.layers.2.dense.units: got x, allowed an integer 1..65536"},
        {"network=none.yaml", "--set network: got none.yaml (no such file), allowed a readable file"},
        {"network=run.yaml", "--set network: got run.yaml (circular: it is being read), allowed another file"},
        {"chip.technology=chip.yaml",
         "--set chip.technology: got chip.yaml (circular: it is being read), allowed another file"},
        {"training={batch: 3", "--set training: got text that is not YAML (end of map flow not found), allowed YAML"},
        {"widths={w: 2, w: 3}", "--set widths.w: got the key a second time, allowed each key once"},
        {"training={batch: 3}", "--set training.epochs: got nothing, allowed an integer 0..2147483647"},
        {"network.layers.0.conv.pool=9",
         "--set network.layers.0.conv.pool: got size 9 on 8x8, allowed a window that "
         "fits"},
        {"widths.g=FLOAT", "--set widths.g: got FLOAT, allowed an integer 2..16, or float"},
    };
    for (const auto& [override_text, expected] : cases) EXPECT_EQ(fault({override_text}), expected);
}

TEST_F(ConfigFiles, EnvironmentVariablesInDataPathsOnly)
{
    const auto with_file = [&](const std::string& path) {
        return std::vector<std::string>{"data={format: npz, range: unit, file: '" + path + "'}"};
    };
    setenv("WAGESIM_TEST_FOLDER", "/data", 1);
    setenv("WAGESIM_TEST_NESTED", "${WAGESIM_TEST_FOLDER}", 1);
    setenv("WAGESIM_TEST_EMPTY", "", 1);
    unsetenv("WAGESIM_TEST_UNSET");
    EXPECT_EQ(load_run("run.yaml", with_file("${WAGESIM_TEST_FOLDER}/a.npz")).data.file, "/data/a.npz");
    EXPECT_EQ(load_run("run.yaml", with_file("x/${WAGESIM_TEST_FOLDER}/$y.npz")).data.file,
              (folder_ / "x/data/$y.npz").string());
    const std::pair<const char*, const char*> without[] = {
        {"WAGESIM_TEST_UNSET", "not set"}, {"WAGESIM_TEST_EMPTY", "empty"}, {"", "not set"}};
    for (const auto& [variable, state] : without) {
        EXPECT_EQ(fault(with_file(std::string("${") + variable + "}/a.npz")),
                  std::string("--set data.file: got ${") + variable + "} (" + state +
                      "), allowed an environment variable that is set and not empty");
    }
    EXPECT_EQ(fault(with_file("${WAGESIM_TEST_FOLDER/a")),
              "--set data.file: got the string \"${WAGESIM_TEST_FOLDER/a\", allowed ${NAME} with its closing brace");
    EXPECT_EQ(fault(with_file("${WAGESIM_TEST_NESTED}")),
              "--set data.file: got ${WAGESIM_TEST_FOLDER}, allowed a path without ${");
    EXPECT_EQ(fault({"network=${WAGESIM_TEST_FOLDER}/n.yaml"}),
              "--set network: got ${WAGESIM_TEST_FOLDER}/n.yaml (no such file), allowed a readable file");
}

TEST_F(ConfigFiles, DataFilesAreNotOpened)
{
    EXPECT_EQ(fault({"data={format: cifar10, train: [a, b], test: [c], range: symmetric, augment: crop_flip}"}), "");
    EXPECT_EQ(fault({"data={format: cifar10, train: [], test: [c], range: symmetric}"}),
              "--set data.train: got an empty list, allowed a list of one or more paths");
    EXPECT_EQ(fault({"data={format: cifar10, train: [a, 0: b], test: [c], range: symmetric}"}),
              "--set data.train.1: got a map, allowed a path");
    EXPECT_EQ(fault({"data={format: idx, train_images: a, train_labels: b, test_images: c, range: unit}"}),
              "--set data.test_labels: got nothing, allowed a path");
}

TEST_F(ConfigFiles, ImageFoldersGiveOneOrThreeChannels)
{
    const std::string folder = "data={format: folder, train: a, test: b, range: unit}";
    for (const char* channels : {"1", "3"}) {
        EXPECT_EQ(fault({folder, std::string("network.input.channels=") + channels}), "");
    }
    EXPECT_EQ(fault({folder, "network.input.channels=2"}),
              "--set network.input.channels: got 2, allowed 1 or 3 with data.format folder");
}

TEST_F(ConfigFiles, OriginsBlameTheFileForLaterChecks)
{
    const RunConfig config = load_run("run.yaml", {"training.epochs=3"});
    EXPECT_STREQ(config.origins.fault("training.batch", "32", "1..20").what(),
                 "run.yaml:15:10: training.batch: got 32, allowed 1..20");
    EXPECT_STREQ(config.origins.fault("training.epochs", "3", "2").what(), "--set training.epochs: got 3, allowed 2");
    EXPECT_STREQ(config.origins.fault("network.layers.2.dense.units", "10", "9").what(),
                 "network.yaml:7:20: layers.2.dense.units: got 10, allowed 9");
    EXPECT_STREQ(config.origins.fault("chip.buffer.bytes_per_cycle", "64", "9").what(),
                 "chip.yaml:15:9: buffer.bytes_per_cycle: got 64, allowed 9")
        << "a default: the nearest map that was written";
    EXPECT_STREQ(config.origins.fault("widths", "a", "b").what(), "run.yaml:5:9: widths: got a, allowed b");
}

TEST_F(ConfigFiles, FloatsLeaveTheirWidthsAndHaveKeysOfTheirOwn)
{
    const RunConfig plain = load_run("run.yaml");
    EXPECT_FALSE(plain.floats.any());
    // 28f8, with the learning rate of eta.
    const RunConfig config = load_run("run.yaml", {"widths.g=float"});
    EXPECT_EQ(config.floats, (FloatOperands{false, false, true, false}));
    EXPECT_EQ(config.widths, (Widths{2, 8, 8, 8}));
    EXPECT_EQ(config.training.floating.momentum, 0.0);
    EXPECT_FALSE(config.training.floating.nesterov || config.training.floating.batch_norm);
    EXPECT_EQ(config.training.floating.weight_decay, 0.0);
    EXPECT_EQ(config.training.learning_rate(0), 1.0);
    EXPECT_EQ(config.training.learning_rate(5), 0.125);
    EXPECT_EQ(geometry_of(config)[2].attenuation, 2) << "Eq. 7: 0.75 / sqrt(6 / 128) = 3.46";

    const RunConfig vanilla = load_run("run.yaml", {"widths={w: float, a: float, g: float, e: float}",
                                                    "training={batch: 4, epochs: 1, learning_rate: "
                                                    "{0: 0.1, 3: 0.01}, momentum: 0.9, nesterov: true, "
                                                    "weight_decay: 1e-4, batch_norm: true, loss: softmax}"});
    EXPECT_EQ(vanilla.floats, (FloatOperands{true, true, true, true}));
    EXPECT_EQ(vanilla.training.learning_rate(2), 0.1);
    EXPECT_EQ(vanilla.training.learning_rate(3), 0.01);
    EXPECT_EQ(vanilla.training.eta_exponent(7), 0);
    EXPECT_EQ(vanilla.training.loss, Loss::softmax);
    EXPECT_EQ(geometry_of(vanilla)[2].attenuation, 0) << "no Eq. 7 for weights that are not quantized";
    EXPECT_EQ(geometry_of(vanilla)[1].attenuation, 2) << "but what a layer says";
    EXPECT_STREQ(float_fault(vanilla, "why").what(), "--set widths.w: got float, allowed an integer (why)");
}

TEST(LoadRun, LearningRateInForce)
{
    TrainingConfig training;
    training.eta = {{0, 3}, {200, 0}, {250, -3}};
    EXPECT_EQ(training.eta_exponent(0), 3);
    EXPECT_EQ(training.eta_exponent(199), 3);
    EXPECT_EQ(training.eta_exponent(200), 0);
    EXPECT_EQ(training.eta_exponent(249), 0);
    EXPECT_EQ(training.eta_exponent(250), -3);
    EXPECT_EQ(training.eta_exponent(~std::uint64_t{0}), -3);
}

}  // namespace
}  // namespace wagesim::config
