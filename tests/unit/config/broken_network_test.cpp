// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Network files with one fault each. Keys in faults count from the network file's own root.
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

class BrokenNetwork : public ConfigFiles, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenNetwork, IsRefusedInOneLine)
{
    const BrokenFile& broken = GetParam();
    write("network.yaml", *broken.from == '\0' ? broken.to : replaced(kNetwork, broken.from, broken.to));
    EXPECT_EQ(fault(), broken.fault);
}

constexpr const char* kRealRange = ", allowed a number greater than 0, at most 1e+18";

std::string limit_factor(const std::string& got)
{
    return "network.yaml:3:22: init.limit_factor: got " + got + kRealRange;
}

TEST_F(ConfigFiles, NumbersThatAreNoLimitFactor)
{
    for (const char* text : {"0", "-6", "0.0", ".inf", "inf", ".nan", "nan", "1e999", "1e-999", "1e19", "six", "6,5",
                             "1e", "0x6", "1.5.2", "--6", "+6"}) {
        const std::string shown = text == std::string("6,5") ? "6" : text;
        write("network.yaml", replaced(kNetwork, "limit_factor: 6", std::string("limit_factor: ") + text));
        if (shown == text) {
            EXPECT_EQ(fault(), limit_factor(text));
        } else {
            EXPECT_NE(fault(), "") << "a comma ends a value in a flow map, and 5 is a key";
        }
    }
    write("network.yaml", replaced(kNetwork, "limit_factor: 6", "limit_factor: '6'"));
    EXPECT_EQ(fault(), limit_factor("the string \"6\""));
}

TEST_F(ConfigFiles, NumbersThatAreALimitFactor)
{
    const std::vector<std::pair<const char*, double>> legal = {
        {"3", 3.0}, {"3.0", 3.0}, {"3.", 3.0}, {".5", 0.5}, {"5e-1", 0.5}, {"1e18", 1e18}, {"2.5E+1", 25.0}};
    for (const auto& [text, value] : legal) {
        write("network.yaml", replaced(kNetwork, "limit_factor: 6", std::string("limit_factor: ") + text));
        EXPECT_EQ(load_run("run.yaml").network.init.limit_factor, value) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BrokenNetwork,
    ::testing::Values(
        BrokenFile{"empty_file", "", "", "network.yaml:1:1: network file: got nothing, allowed a map"},
        BrokenFile{"list", "", "- conv\n", "network.yaml:1:1: network file: got a list, allowed a map"},
        BrokenFile{"scalar", "", "lenet\n", "network.yaml:1:1: network file: got lenet, allowed a map"},
        BrokenFile{"unknown_key", "init:", "initial:",
                   "network.yaml:3:1: initial: got an unknown key, allowed name, input, init, layers"},
        BrokenFile{"missing_input", "input: {channels: 1, height: 8, width: 8}\n", "",
                   "network.yaml:1:1: input: got nothing, allowed a map"},
        BrokenFile{"missing_channels", "{channels: 1, height", "{height",
                   "network.yaml:2:8: input.channels: got nothing, allowed an integer 1..65536"},
        BrokenFile{"missing_layers",
                   "layers:\n  - conv: {filters: 4, kernel: 3, pool: 2}\n  - conv: {filters: 8, kernel: 3, stride: 1, "
                   "padding: 1, attenuation: 2}\n  - dense: {units: 10}\n",
                   "", "network.yaml:1:1: layers: got nothing, allowed a list of 1..65535 layers"},
        BrokenFile{"missing_kernel", "{filters: 4, kernel: 3, pool", "{filters: 4, pool",
                   "network.yaml:5:11: layers.0.conv.kernel: got nothing, allowed an odd integer 1..16384"},
        BrokenFile{"filters_of_a_dense_layer", "{units: 10}", "{filters: 10}",
                   "network.yaml:7:13: layers.2.dense.filters: got an unknown key, allowed units, attenuation"},
        BrokenFile{"unknown_kind", "- dense:", "- densely:",
                   "network.yaml:7:5: layers.2.densely: got an unknown key, allowed {conv: ...} or {dense: ...}"},
        BrokenFile{"two_kinds", "- dense: {units: 10}", "- dense: {units: 10}\n    conv: {filters: 1, kernel: 1}",
                   "network.yaml:8:5: layers.2.conv: got a second key in one layer, allowed {conv: ...} or {dense: "
                   "...}"},
        BrokenFile{"layer_without_a_map", "- dense: {units: 10}", "- dense",
                   "network.yaml:7:5: layers.2: got dense, allowed {conv: ...} or {dense: ...}"},
        BrokenFile{"empty_layer", "- dense: {units: 10}", "- {}",
                   "network.yaml:7:5: layers.2: got a map, allowed {conv: ...} or {dense: ...}"},
        BrokenFile{"kind_without_a_map", "- dense: {units: 10}", "- dense: 10",
                   "network.yaml:7:12: layers.2.dense: got 10, allowed a map"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Values, BrokenNetwork,
    ::testing::Values(
        BrokenFile{"no_layers", "", "name: n\ninput: {channels: 1, height: 8, width: 8}\nlayers: []\n",
                   "network.yaml:3:9: layers: got a list of 0, allowed a list of 1..65535 layers"},
        BrokenFile{"layers_as_a_map", "", "name: n\ninput: {channels: 1, height: 8, width: 8}\nlayers: {a: 1}\n",
                   "network.yaml:3:9: layers: got a map, allowed a list of 1..65535 layers"},
        BrokenFile{"zero_channels", "channels: 1", "channels: 0",
                   "network.yaml:2:19: input.channels: got 0, allowed an integer 1..65536"},
        BrokenFile{"huge_height", "height: 8", "height: 16385",
                   "network.yaml:2:30: input.height: got 16385, allowed an integer 1..16384"},
        BrokenFile{"beta_zero", "beta: 1.5", "beta: 0",
                   "network.yaml:3:31: init.beta: got 0, allowed a number greater than 0, at most 1000000000"},
        BrokenFile{"beta_infinite", "beta: 1.5", "beta: .inf",
                   "network.yaml:3:31: init.beta: got .inf, allowed a number greater than 0, at most 1000000000"},
        BrokenFile{"grid", "grid: kg", "grid: ka", "network.yaml:3:42: init.grid: got ka, allowed kg | kw"},
        BrokenFile{"even_kernel", "filters: 4, kernel: 3", "filters: 4, kernel: 4",
                   "network.yaml:5:32: layers.0.conv.kernel: got 4, allowed an odd integer 1..16384"},
        BrokenFile{"zero_stride", "stride: 1", "stride: 0",
                   "network.yaml:6:43: layers.1.conv.stride: got 0, allowed an integer 1..16384"},
        BrokenFile{"negative_padding", "padding: 1", "padding: -1",
                   "network.yaml:6:55: layers.1.conv.padding: got -1, allowed same | an integer 0..16384"},
        BrokenFile{"padding_valid", "padding: 1", "padding: valid",
                   "network.yaml:6:55: layers.1.conv.padding: got valid, allowed same | an integer 0..16384"},
        BrokenFile{"same_with_a_stride", "stride: 1, padding: 1", "stride: 2, padding: same",
                   "network.yaml:6:43: layers.1.conv.stride: got 2 with padding same, allowed 1, or a padding that is "
                   "a number"},
        BrokenFile{"stride_without_padding", "stride: 1, padding: 1", "stride: 2",
                   "network.yaml:6:43: layers.1.conv.stride: got 2 with padding same, allowed 1, or a padding that is "
                   "a number"},
        BrokenFile{"zero_pool", "pool: 2", "pool: 0",
                   "network.yaml:5:41: layers.0.conv.pool: got 0, allowed an integer 1..256, or {size: S, stride: "
                   "T}"},
        BrokenFile{"pool_without_size", "pool: 2", "pool: {stride: 2}",
                   "network.yaml:5:41: layers.0.conv.pool.size: got nothing, allowed an integer 1..256"},
        BrokenFile{"pool_that_does_not_fit", "pool: 2", "pool: 9",
                   "network.yaml:5:41: layers.0.conv.pool: got size 9 on 8x8, allowed a window that fits"},
        BrokenFile{"kernel_that_does_not_fit", "kernel: 3, stride: 1, padding: 1", "kernel: 7, stride: 1, padding: 1",
                   "network.yaml:6:32: layers.1.conv.kernel: got 7 on an input of 4x4 with padding 1, allowed a kernel "
                   "that fits"},
        BrokenFile{"attenuation_25", "attenuation: 2", "attenuation: 25",
                   "network.yaml:6:71: layers.1.conv.attenuation: got 25, allowed an integer 0..24"},
        BrokenFile{
            "attenuation_by_eq_7", "limit_factor: 6", "limit_factor: 1e-18",
            "network.yaml:5:11: layers.0.conv.attenuation: got 31 by Eq. 7 with this network.init, allowed 0..24"},
        BrokenFile{"last_layer_conv", "- dense: {units: 10}", "- conv: {filters: 10, kernel: 1}",
                   "network.yaml:7:11: layers.2.conv: got conv as the last layer, allowed dense as the last layer"},
        BrokenFile{"too_many_weights", "",
                   "name: n\ninput: {channels: 65536, height: 16384, width: 16384}\nlayers: [dense: {units: 65536}]\n",
                   "network.yaml:3:17: layers.0.dense.weights: got 2^33 or more, allowed fewer"},
        BrokenFile{"output_that_grows_too_large", "padding: 1", "padding: 16384",
                   "network.yaml:6:55: layers.1.conv.padding: got an output of 32770x32770, allowed 16384 a side"}),
    broken_name);

}  // namespace
}  // namespace wagesim::config
