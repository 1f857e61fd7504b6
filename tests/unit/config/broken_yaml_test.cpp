// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts that are no configuration at all: not YAML, not text, not one document, too large, too deep.
#include <chrono>

#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

class BrokenYaml : public ConfigFiles, public ::testing::WithParamInterface<BrokenFile> {};

TEST_P(BrokenYaml, IsRefusedInOneLine)
{
    write("run.yaml", GetParam().to);
    EXPECT_EQ(fault(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Documents, BrokenYaml,
    ::testing::Values(BrokenFile{"empty", "", "", "run.yaml:1:1: run file: got nothing, allowed a map"},
                      BrokenFile{"comment", "", "# nothing\n", "run.yaml:2:1: run file: got nothing, allowed a map"},
                      BrokenFile{"marker_only", "", "---\n", "run.yaml:2:1: run file: got nothing, allowed a map"},
                      BrokenFile{"list", "", "- a\n", "run.yaml:1:1: run file: got a list, allowed a map"},
                      BrokenFile{"word", "", "wage\n", "run.yaml:1:1: run file: got wage, allowed a map"},
                      BrokenFile{"two_documents", "", "name: x\n---\nname: y\n",
                                 "run.yaml:2:1: run file: got a second document, allowed one document"},
                      BrokenFile{"two_documents_with_an_end", "", "name: x\n...\n---\nname: y\n",
                                 "run.yaml:3:1: run file: got a second document, allowed one document"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Syntax, BrokenYaml,
    ::testing::Values(
        BrokenFile{"bad_indentation", "", "name: x\n seed: 2\n",
                   "run.yaml:2:6: run file: got text that is not YAML (illegal map value), allowed YAML"},
        BrokenFile{"two_values", "", "name: x: y\n",
                   "run.yaml:1:8: run file: got text that is not YAML (illegal map value), allowed YAML"},
        BrokenFile{"open_map", "", "widths: {w: 2",
                   "run.yaml:1:14: run file: got text that is not YAML (end of map flow not found), allowed YAML"},
        BrokenFile{"open_list", "", "name: [a\n",
                   "run.yaml:2:1: run file: got text that is not YAML (end of sequence flow not found), allowed YAML"},
        BrokenFile{"open_string", "", "name: \"abc\nseed: 1\n",
                   "run.yaml:3:1: run file: got text that is not YAML (a quoted string that does not end), allowed "
                   "YAML"},
        BrokenFile{"open_string_without_newline", "", "name: 'abc",
                   "run.yaml:1:11: run file: got text that is not YAML (a quoted string that does not end), allowed "
                   "YAML"},
        BrokenFile{"reserved_character", "", "name: @x\n",
                   "run.yaml:1:7: run file: got text that is not YAML (unknown token), allowed YAML"},
        BrokenFile{"key_without_value_marker", "", "name: x\nseed\n",
                   "run.yaml:2:1: seed: got nothing, allowed an integer 0..18446744073709551615"},
        BrokenFile{"list_as_a_key", "", "? [a]\n: b\n",
                   "run.yaml:1:3: run file: got a list, allowed a key that is a word"},
        BrokenFile{"nothing_as_a_key", "", ": 3\n",
                   "run.yaml:1:1: run file: got nothing, allowed a key that is a word"},
        BrokenFile{"tag", "", "name: !!str x\n",
                   "run.yaml:1:7: name: got the tag tag:yaml.org,2002:str, allowed values without tags"},
        BrokenFile{"tag_of_a_map", "", "widths: !wide {w: 2}\n",
                   "run.yaml:1:9: widths: got the tag !wide, allowed values without tags"},
        BrokenFile{"alias_of_nothing", "", "name: *b\n",
                   "run.yaml:1:7: run file: got text that is not YAML (the referenced anchor is not defined), allowed "
                   "YAML"},
        BrokenFile{"alias_of_itself", "", "name: &b [*b]\n",
                   "run.yaml:1:11: name.0: got an alias inside its own anchor, allowed a finite value"},
        BrokenFile{"merge_key", "", "<<: {name: x}\n",
                   "run.yaml:1:1: <<: got an unknown key, allowed name, seed, network, chip, widths, data, training"}),
    broken_name);

INSTANTIATE_TEST_SUITE_P(
    Characters, BrokenYaml,
    ::testing::Values(
        BrokenFile{"tab_first", "", "\tname: x\n",
                   "run.yaml:1:1: run file: got a tab in the indentation, allowed spaces"},
        BrokenFile{"tab_after_spaces", "", "data:\n  \tformat: idx\n",
                   "run.yaml:2:3: run file: got a tab in the indentation, allowed spaces"},
        BrokenFile{"latin_1", "", "name: caf\xe9\n", "run.yaml:1:10: run file: got the byte 0xe9, allowed UTF-8 text"},
        BrokenFile{"overlong", "", "name: \xc0\xaf\n", "run.yaml:1:7: run file: got the byte 0xc0, allowed UTF-8 text"},
        BrokenFile{"surrogate", "", "name: \xed\xa0\x80\n",
                   "run.yaml:1:7: run file: got the byte 0xed, allowed UTF-8 text"},
        BrokenFile{"cut_character", "", "name: \xe2\x82",
                   "run.yaml:1:7: run file: got the byte 0xe2, allowed UTF-8 text"},
        BrokenFile{"utf_16", "", "\xff\xfen", "run.yaml:1:1: run file: got the byte 0xff, allowed UTF-8 text"},
        BrokenFile{"gzip", "", "\x1f\x8b\x08", "run.yaml:1:1: run file: got the control character 0x1f, allowed text"},
        BrokenFile{"parser_end_mark", "", "name: x\x04y\n",
                   "run.yaml:1:8: run file: got the control character 0x04, allowed text"},
        BrokenFile{"invalid_escape", "", "name: \"\\ud800\"\n",
                   "run.yaml:1:14: run file: got text that is not YAML (invalid unicode: 55296), allowed YAML"}),
    broken_name);

TEST_F(ConfigFiles, NulIsNoText)
{
    write("run.yaml", std::string("name: x\0y\n", 10));
    EXPECT_EQ(fault(), "run.yaml:1:8: run file: got the control character 0x00, allowed text");
}

TEST_F(ConfigFiles, ColumnsCountBytesAndLinesCountThroughCarriageReturns)
{
    write("run.yaml", "{\"\xc3\xa9\": 1}\r\n");
    EXPECT_EQ(fault(),
              "run.yaml:1:2: \xc3\xa9: got an unknown key, allowed name, seed, network, chip, widths, data, "
              "training");
    write("run.yaml", "# \xc3\xa9\r\nname: \"\xc3\xa9\"\r\nwidths: {\xc3\xa9: 1}\r\n");
    EXPECT_EQ(fault().substr(0, 14), "run.yaml:2:1: ") << fault();
    write("run.yaml", replaced(kRun, "network: network.yaml", "network: {name: \xc3\xa9, layer: 1}"));
    EXPECT_EQ(fault(),
              "run.yaml:3:21: network.layer: got an unknown key, allowed name, input, init, layers (did you mean "
              "layers?)");
}

TEST_F(ConfigFiles, AByteOrderMarkIsNoFault)
{
    write("run.yaml", std::string("\xef\xbb\xbf") + kRun);
    EXPECT_EQ(fault(), "");
}

TEST_F(ConfigFiles, SizeAndDepthAreBounded)
{
    const auto start = std::chrono::steady_clock::now();
    write("run.yaml", std::string((std::size_t{1} << 20) + 1, '#'));
    EXPECT_EQ(fault(), "run.yaml:1:1: run file: got more than 1 MiB, allowed a configuration of at most 1 MiB");
    write("run.yaml", "name: " + std::string(400'000, '['));
    EXPECT_NE(fault().find("got a value nested too deeply, allowed at most 32 levels"), std::string::npos) << fault();
    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string one = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int k = 0; k < 10; ++k) laughs += (k == 0 ? "" : ", ") + one;
        laughs += "]\n";
    }
    write("run.yaml", laughs);
    EXPECT_NE(fault().find("got more values than a configuration has, allowed at most 200000"), std::string::npos)
        << fault();
    std::string keys;
    for (int i = 0; i < 80'000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
    write("run.yaml", keys);
    EXPECT_EQ(fault().substr(0, 17), "run.yaml:1:1: k0:");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    EXPECT_LT(seconds.count(), 30.0) << "quadratic somewhere";
}

TEST_F(ConfigFiles, AnAliasIsTheValueAgain)
{
    write("network.yaml", replaced(replaced(kNetwork, "- conv: {filters: 4, kernel: 3, pool: 2}",
                                            "- &first {conv: {filters: 4, kernel: 3, pool: 2}}\n  - *first"),
                                   "padding: 1", "padding: same"));
    const RunConfig config = load_run("run.yaml", {"network.layers.1.conv.filters=6"});
    ASSERT_EQ(config.network.layers.size(), 4u);
    EXPECT_EQ(config.network.layers[0].units, 4) << "an override changes one use, not the anchor";
    EXPECT_EQ(config.network.layers[1].units, 6);
}

TEST_F(ConfigFiles, FilesThatCannotBeRead)
{
    const auto fault_of = [](const std::filesystem::path& file) {
        try {
            static_cast<void>(load_run(file));
        } catch (const ConfigError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    EXPECT_EQ(fault_of("none.yaml"), "none.yaml:1:1: run file: got no such file, allowed a readable file");
    EXPECT_EQ(fault_of("run.yaml/x"), "run.yaml/x:1:1: run file: got no such file, allowed a readable file");
    EXPECT_EQ(fault_of("."), ".:1:1: run file: got a directory, allowed a readable file");
    EXPECT_EQ(fault_of(""), ":1:1: run file: got no such file, allowed a readable file");
    EXPECT_EQ(fault_of(folder_ / "none.yaml"),
              (folder_ / "none.yaml").string() + ":1:1: run file: got no such file, allowed a readable file");
    EXPECT_NE(fault_of(std::string(5000, 'x')), "");
}

}  // namespace
}  // namespace wagesim::config
