// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Run files with one fault each: the whole line of the fault is held, place, key, value and range.
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

class BrokenRun : public ConfigFiles, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenRun, IsRefusedInOneLine)
{
    const BrokenFile& broken = GetParam();
    write("run.yaml", *broken.from == '\0' ? broken.to : replaced(kRun, broken.from, broken.to));
    EXPECT_EQ(fault(), broken.fault);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenRun,
    ::testing::Values(
        BrokenFile{"unknown_key", "seed: 7", "sead: 7",
                   "run.yaml:2:1: sead: got an unknown key, allowed name, seed, network, chip, widths, data, training "
                   "(did you mean seed?)"},
        BrokenFile{"unknown_nested", "  gamma: 1", "  momentum: 1",
                   "run.yaml:19:3: training.momentum: got an unknown key, allowed batch, epochs, eta, weight_clip, "
                   "gamma, loss"},
        BrokenFile{"misspelt_before_missing", "  batch: 32", "  bach: 32",
                   "run.yaml:15:3: training.bach: got an unknown key, allowed batch, epochs, eta, weight_clip, gamma, "
                   "loss (did you mean batch?)"},
        BrokenFile{"key_of_another_format", "  count: 64", "  file: x.npz",
                   "run.yaml:8:3: data.file: got an unknown key, allowed format, count, test_count, classes, range, "
                   "augment, shuffle"},
        BrokenFile{"duplicate", "seed: 7", "name: again",
                   "run.yaml:2:1: name: got the key a second time, allowed each key once"},
        BrokenFile{"duplicate_nested", "{w: 2, a: 8,", "{w: 2, w: 8,",
                   "run.yaml:5:16: widths.w: got the key a second time, allowed each key once"},
        BrokenFile{"missing_name", "name: tiny\n", "",
                   "run.yaml:1:1: name: got nothing, allowed a name of 1..200 bytes on one line"},
        BrokenFile{"missing_network", "network: network.yaml\n", "",
                   "run.yaml:1:1: network: got nothing, allowed a map"},
        BrokenFile{"missing_batch", "  batch: 32\n", "",
                   "run.yaml:15:3: training.batch: got nothing, allowed an integer 1..65536"},
        BrokenFile{"missing_epochs", "  epochs: 2\n", "",
                   "run.yaml:15:3: training.epochs: got nothing, allowed an integer 0..2147483647"},
        BrokenFile{"missing_eta", "  eta: {0: 0, 5: -3}\n", "",
                   "run.yaml:15:3: training.eta: got nothing, allowed a map of epoch: exponent with the key 0"},
        BrokenFile{"missing_format", "  format: synthetic\n", "",
                   "run.yaml:7:3: data.format: got nothing, allowed idx | cifar10 | svhn | npz | folder | synthetic"},
        BrokenFile{"missing_range", "  range: unit\n", "",
                   "run.yaml:7:3: data.range: got nothing, allowed unit | symmetric"},
        BrokenFile{"missing_count", "  count: 64\n", "",
                   "run.yaml:7:3: data.count: got nothing, allowed an integer 1..10000000"},
        BrokenFile{"empty_value", "  batch: 32",
                   "  batch:", "run.yaml:15:3: training.batch: got nothing, allowed an integer 1..65536"},
        BrokenFile{"null_value", "  batch: 32", "  batch: ~",
                   "run.yaml:15:3: training.batch: got nothing, allowed an integer 1..65536"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Types, BrokenRun,
    ::testing::Values(
        BrokenFile{"list_for_a_name", "name: tiny", "name: [tiny]",
                   "run.yaml:1:7: name: got a list, allowed a name of 1..200 bytes on one line"},
        BrokenFile{"empty_name", "name: tiny", "name: ''",
                   "run.yaml:1:7: name: got the string \"\", allowed a name of 1..200 bytes on one line"},
        BrokenFile{"name_of_two_lines", "name: tiny", "name: \"a\\nb\"",
                   "run.yaml:1:7: name: got the string \"a\\x0ab\", allowed a name of 1..200 bytes on one line"},
        BrokenFile{"list_for_a_map", "widths: {w: 2, a: 8, g: 8, e: 8}", "widths: [2, 8, 8, 8]",
                   "run.yaml:5:9: widths: got a list, allowed a map"},
        BrokenFile{"scalar_for_a_map", "widths: {w: 2, a: 8, g: 8, e: 8}", "widths: 2888",
                   "run.yaml:5:9: widths: got 2888, allowed a map"},
        BrokenFile{"map_for_an_integer", "  batch: 32", "  batch: {a: 32}",
                   "run.yaml:15:10: training.batch: got a map, allowed an integer 1..65536"},
        BrokenFile{"fraction", "  batch: 32", "  batch: 1.5",
                   "run.yaml:15:10: training.batch: got 1.5, allowed an integer 1..65536"},
        BrokenFile{"exponent", "  batch: 32", "  batch: 1e1",
                   "run.yaml:15:10: training.batch: got 1e1, allowed an integer 1..65536"},
        BrokenFile{"leading_zero", "  batch: 32", "  batch: 08",
                   "run.yaml:15:10: training.batch: got 08, allowed an integer 1..65536"},
        BrokenFile{"plus_sign", "  batch: 32", "  batch: +32",
                   "run.yaml:15:10: training.batch: got +32, allowed an integer 1..65536"},
        BrokenFile{"hexadecimal", "  batch: 32", "  batch: 0x20",
                   "run.yaml:15:10: training.batch: got 0x20, allowed an integer 1..65536"},
        BrokenFile{"quoted_integer", "  batch: 32", "  batch: \"32\"",
                   "run.yaml:15:10: training.batch: got the string \"32\", allowed an integer 1..65536"},
        BrokenFile{"yes_for_true", "  shuffle: true", "  shuffle: yes",
                   "run.yaml:13:12: data.shuffle: got yes, allowed true | false"},
        BrokenFile{"quoted_true", "  shuffle: true", "  shuffle: 'true'",
                   "run.yaml:13:12: data.shuffle: got the string \"true\", allowed true | false"},
        BrokenFile{"number_for_a_word", "  augment: none", "  augment: 0",
                   "run.yaml:12:12: data.augment: got 0, allowed none | crop | crop_flip"},
        BrokenFile{"word_in_capitals", "  range: unit", "  range: UNIT",
                   "run.yaml:11:10: data.range: got UNIT, allowed unit | symmetric"},
        BrokenFile{"list_for_eta", "{0: 0, 5: -3}", "[0, -3]",
                   "run.yaml:17:8: training.eta: got a list, allowed a map of epoch: exponent with the key 0"},
        BrokenFile{"list_for_network", "network: network.yaml", "network: []",
                   "run.yaml:3:10: network: got a list, allowed a path or a map"},
        BrokenFile{"nothing_for_chip", "chip: chip.yaml",
                   "chip:", "run.yaml:4:1: chip: got nothing, allowed a path or a map"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Ranges, BrokenRun,
    ::testing::Values(
        BrokenFile{"negative_seed", "seed: 7", "seed: -1",
                   "run.yaml:2:7: seed: got -1, allowed an integer 0..18446744073709551615"},
        BrokenFile{"seed_of_65_bits", "seed: 7", "seed: 18446744073709551616",
                   "run.yaml:2:7: seed: got 18446744073709551616, allowed an integer 0..18446744073709551615"},
        BrokenFile{"w_1", "{w: 2,", "{w: 1,", "run.yaml:5:13: widths.w: got 1, allowed an integer 2..8, or float"},
        BrokenFile{"w_9", "{w: 2,", "{w: 9,", "run.yaml:5:13: widths.w: got 9, allowed an integer 2..8, or float"},
        BrokenFile{"a_9", "a: 8,", "a: 9,", "run.yaml:5:19: widths.a: got 9, allowed an integer 2..8, or float"},
        BrokenFile{"g_17", "g: 8,", "g: 17,", "run.yaml:5:25: widths.g: got 17, allowed an integer 2..16, or float"},
        BrokenFile{"g_below_w", "{w: 2, a: 8, g: 8,", "{w: 6, a: 8, g: 5,",
                   "run.yaml:5:25: widths.g: got 5, allowed an integer 6..16, or float"},
        BrokenFile{"e_17", "e: 8}", "e: 17}", "run.yaml:5:31: widths.e: got 17, allowed an integer 2..16, or float"},
        BrokenFile{"e_1", "e: 8}", "e: 1}", "run.yaml:5:31: widths.e: got 1, allowed an integer 2..16, or float"},
        BrokenFile{"batch_0", "  batch: 32", "  batch: 0",
                   "run.yaml:15:10: training.batch: got 0, allowed an integer 1..65536"},
        BrokenFile{"batch_of_more_than_64_bits", "  batch: 32", "  batch: 99999999999999999999",
                   "run.yaml:15:10: training.batch: got 99999999999999999999, allowed an integer 1..65536"},
        BrokenFile{"batch_above_the_images", "  batch: 32", "  batch: 65",
                   "run.yaml:15:10: training.batch: got 65, allowed an integer 1..64, the images there are"},
        BrokenFile{"negative_epochs", "  epochs: 2", "  epochs: -1",
                   "run.yaml:16:11: training.epochs: got -1, allowed an integer 0..2147483647"},
        BrokenFile{"eta_without_0", "{0: 0, 5: -3}", "{5: -3}",
                   "run.yaml:17:8: training.eta.0: got nothing, allowed the exponent of epoch 0"},
        BrokenFile{"eta_too_small", "5: -3}", "5: -17}",
                   "run.yaml:17:18: training.eta.5: got -17, allowed an integer -16..8"},
        BrokenFile{"eta_too_large", "5: -3}", "5: 9}",
                   "run.yaml:17:18: training.eta.5: got 9, allowed an integer -16..8"},
        BrokenFile{"eta_of_a_negative_epoch", "5: -3}", "-5: -3}",
                   "run.yaml:17:15: training.eta.-5: got -5, allowed an epoch: an integer 0..2147483647"},
        BrokenFile{"eta_of_a_fraction", "5: -3}", "5.5: -3}",
                   "run.yaml:17:15: training.eta.5.5: got 5.5, allowed an epoch: an integer 0..2147483647"},
        BrokenFile{"eta_twice", "5: -3}", "0: -3}",
                   "run.yaml:17:15: training.eta.0: got the key a second time, allowed each key once"},
        BrokenFile{"gamma_0", "  gamma: 1", "  gamma: 0",
                   "run.yaml:19:10: training.gamma: got 0, allowed a power of two 1..256"},
        BrokenFile{"gamma_3", "  gamma: 1", "  gamma: 3",
                   "run.yaml:19:10: training.gamma: got 3, allowed a power of two 1..256"},
        BrokenFile{"gamma_512", "  gamma: 1", "  gamma: 512",
                   "run.yaml:19:10: training.gamma: got 512, allowed a power of two 1..256"},
        BrokenFile{"count_0", "  count: 64", "  count: 0",
                   "run.yaml:8:10: data.count: got 0, allowed an integer 1..10000000"},
        BrokenFile{"more_classes_than_units", "  classes: 10", "  classes: 11",
                   "run.yaml:10:12: data.classes: got 11, allowed an integer 1..10, the units of the last layer"}),
    broken_name);

constexpr const char* kSynthetic = "  format: synthetic\n  count: 64\n  test_count: 16\n  classes: 10\n";

INSTANTIATE_TEST_SUITE_P(
    Formats, BrokenRun,
    ::testing::Values(
        BrokenFile{"unknown_format", "  format: synthetic", "  format: tfrecord",
                   "run.yaml:7:11: data.format: got tfrecord, allowed idx | cifar10 | svhn | npz | folder | synthetic"},
        BrokenFile{"svhn_without_test", kSynthetic, "  format: svhn\n  train: [a.mat]\n",
                   "run.yaml:7:3: data.test: got nothing, allowed a list of one or more paths"},
        BrokenFile{"svhn_of_one_path", kSynthetic, "  format: svhn\n  train: a.mat\n  test: [b.mat]\n",
                   "run.yaml:8:10: data.train: got a.mat, allowed a list of one or more paths"},
        BrokenFile{"svhn_with_a_folders_key", kSynthetic, "  format: svhn\n  train: [a]\n  test: [b]\n  resize: 32\n",
                   "run.yaml:10:3: data.resize: got an unknown key, allowed format, train, test, range, augment, "
                   "shuffle"},
        BrokenFile{"folder_list", kSynthetic, "  format: folder\n  train: [a, b]\n  test: c\n",
                   "run.yaml:8:10: data.train: got a list, allowed a path"},
        BrokenFile{"folder_without_test", kSynthetic, "  format: folder\n  train: a\n",
                   "run.yaml:7:3: data.test: got nothing, allowed a path"},
        BrokenFile{"resize_below_the_input", kSynthetic, "  format: folder\n  train: a\n  test: b\n  resize: 7\n",
                   "run.yaml:10:11: data.resize: got 7, allowed an integer 8..16384, not below the network's input"},
        BrokenFile{"resize_0", kSynthetic, "  format: folder\n  train: a\n  test: b\n  resize: 0\n",
                   "run.yaml:10:11: data.resize: got 0, allowed an integer 1..16384"},
        BrokenFile{"negative_cache", kSynthetic, "  format: folder\n  train: a\n  test: b\n  cache_mib: -1\n",
                   "run.yaml:10:14: data.cache_mib: got -1, allowed an integer 0..1048576"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    References, BrokenRun,
    ::testing::Values(
        BrokenFile{"missing_file", "network.yaml", "nets/none.yaml",
                   "run.yaml:3:10: network: got nets/none.yaml (no such file), allowed a readable file"},
        BrokenFile{"directory", "chip: chip.yaml", "chip: .",
                   "run.yaml:4:7: chip: got . (a directory), allowed a readable file"},
        BrokenFile{"itself", "network.yaml", "./run.yaml",
                   "run.yaml:3:10: network: got ./run.yaml (circular: it is being read), allowed another file"},
        BrokenFile{"chip_for_network", "network.yaml", "chip.yaml",
                   "chip.yaml:2:1: clock_ghz: got an unknown key, allowed name, input, init, layers"},
        BrokenFile{"nul_in_a_path", "network: network.yaml", "network: \"network.yaml\\0\"",
                   "run.yaml:3:10: network: got the string \"network.yaml\\x00\", allowed a path without NUL"},
        BrokenFile{"inline_network_fault", "network: network.yaml",
                   "network: {name: n, input: {channels: 1, height: 1, width: 1}, layers: [dense: {units: 0}]}",
                   "run.yaml:3:87: network.layers.0.dense.units: got 0, allowed an integer 1..65536"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Floats, BrokenRun,
    ::testing::Values(
        BrokenFile{"e_float_alone", "e: 8}", "e: float}",
                   "run.yaml:5:31: widths.e: got float with 8-bit gradients, allowed an integer, or float where g is "
                   "float, too"},
        BrokenFile{"w_float_alone", "{w: 2,", "{w: float,",
                   "run.yaml:5:13: widths.w: got float with 8-bit gradients, allowed an integer, or float where g is "
                   "float, too"},
        BrokenFile{"quoted_float", "g: 8,", "g: 'float',",
                   "run.yaml:5:25: widths.g: got the string \"float\", allowed an integer 2..16, or float"},
        BrokenFile{"loss_of_another_kind", "  loss: sse", "  loss: hinge",
                   "run.yaml:20:9: training.loss: got hinge, allowed sse | softmax"},
        BrokenFile{
            "learning_rate_of_integers", "  gamma: 1", "  learning_rate: {0: 0.1}",
            "run.yaml:19:3: training.learning_rate: got an unknown key, allowed batch, epochs, eta, weight_clip, "
            "gamma, loss"},
        BrokenFile{"batch_norm_of_integers", "  gamma: 1", "  batch_norm: true",
                   "run.yaml:19:3: training.batch_norm: got an unknown key, allowed batch, epochs, eta, weight_clip, "
                   "gamma, loss"}),
    broken_name);

/// kRun as 28ff, with every key that float companions have.
constexpr const char* kFloatRun = R"(name: tiny
network: network.yaml
widths: {w: 2, a: 8, g: float, e: float}
data: {format: synthetic, count: 64, test_count: 16, classes: 10, range: unit}
training:
  batch: 32
  epochs: 2
  learning_rate: {0: 0.1, 5: 0.01}
  momentum: 0.9
  nesterov: true
  weight_decay: 1e-4
  batch_norm: false
)";

class BrokenFloatRun : public ConfigFiles, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenFloatRun, IsRefusedInOneLine)
{
    const BrokenFile& broken = GetParam();
    write("run.yaml", replaced(kFloatRun, broken.from, broken.to));
    EXPECT_EQ(fault(), broken.fault);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenFloatRun,
    ::testing::Values(
        BrokenFile{
            "two_rates", "  momentum: 0.9", "  eta: {0: 0}",
            "run.yaml:8:18: training.learning_rate: got a second learning rate beside eta, allowed one of the two"},
        BrokenFile{"no_rate", "  learning_rate: {0: 0.1, 5: 0.01}\n", "",
                   "run.yaml:6:3: training: got neither eta nor learning_rate, allowed one of the two"},
        BrokenFile{"rate_without_0", "{0: 0.1, 5: 0.01}", "{5: 0.01}",
                   "run.yaml:8:18: training.learning_rate.0: got nothing, allowed the learning rate of epoch 0"},
        BrokenFile{
            "rate_as_a_number", "{0: 0.1, 5: 0.01}", "0.1",
            "run.yaml:8:18: training.learning_rate: got 0.1, allowed a map of epoch: learning rate with the key 0"},
        BrokenFile{"rate_0", "5: 0.01}", "5: 0}",
                   "run.yaml:8:30: training.learning_rate.5: got 0, allowed a number greater than 0, at most 1000000"},
        BrokenFile{
            "rate_too_large", "5: 0.01}", "5: 1e7}",
            "run.yaml:8:30: training.learning_rate.5: got 1e7, allowed a number greater than 0, at most 1000000"},
        BrokenFile{
            "rate_nan", "5: 0.01}", "5: .nan}",
            "run.yaml:8:30: training.learning_rate.5: got .nan, allowed a number greater than 0, at most 1000000"},
        BrokenFile{"momentum_1", "  momentum: 0.9", "  momentum: 1",
                   "run.yaml:9:13: training.momentum: got 1, allowed a number 0 or more, less than 1"},
        BrokenFile{"momentum_negative", "  momentum: 0.9", "  momentum: -0.1",
                   "run.yaml:9:13: training.momentum: got -0.1, allowed a number 0 or more, less than 1"},
        BrokenFile{"decay_as_a_word", "  weight_decay: 1e-4", "  weight_decay: l2",
                   "run.yaml:11:17: training.weight_decay: got l2, allowed a number 0 or more, less than 1"},
        BrokenFile{"nesterov_as_a_number", "  nesterov: true", "  nesterov: 1",
                   "run.yaml:10:13: training.nesterov: got 1, allowed true | false"},
        BrokenFile{"unknown_key", "  batch_norm: false", "  dropout: 0.5",
                   "run.yaml:12:3: training.dropout: got an unknown key, allowed batch, epochs, eta, learning_rate, "
                   "momentum, nesterov, weight_decay, batch_norm, weight_clip, gamma, loss"}),
    broken_name);

}  // namespace
}  // namespace wagesim::config
