// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Thousands of damaged configurations, the same ones each time: each loads, or is refused by ConfigError in one line of
// the promised form. Nothing else may come out.
#include <cstdlib>
#include <random>
#include <sstream>

#include "platforms/config/print_run.hpp"
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

std::string file_text(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream out;
    out << stream.rdbuf();
    return out.str();
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    std::string operator()(std::string text)
    {
        for (std::size_t i = 0, n = 1 + below(3); i < n && !text.empty(); ++i) mutate(text);
        return text;
    }
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

private:
    void mutate(std::string& text)
    {
        static const std::vector<std::string> pieces = {
            "{",      "}",    "[",  "]",    ": ",    ",",        "- ",
            "\n",     "\n  ", "\t", "\"",   "'",     "&a ",      "*a",
            "!!int ", "#",    "|",  ">",    "---\n", "...\n",    "? ",
            "~",      "0",    "-1", "1e9",  ".nan",  ".inf",     "99999999999999999999",
            "0x",     "%Y",   "\r", "\x04", "\xff",  "\xc3\xa9", "${",
            "}",      "..",   "\\", "same", "true",  "65536"};
        const std::size_t at = below(text.size());
        switch (below(6)) {
            case 0: text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << below(8))); break;
            case 1: text.resize(at); break;
            case 2: text.erase(at, 1 + below(12)); break;
            case 3: text.insert(at, pieces[below(pieces.size())]); break;
            case 4: text.insert(at, text.substr(below(text.size()), 1 + below(60))); break;
            default: text.replace(at, 1, pieces[below(pieces.size())]); break;
        }
    }
    std::mt19937_64 random_;
};

struct Outcome {
    int loaded = 0;
    int refused = 0;
};

/// Loads; holds the form of the fault, or that the value survives printing.
void try_load(const std::string& text, const std::vector<std::string>& overrides, Outcome& outcome)
{
    const std::filesystem::path file = WAGESIM_SOURCE_DIR "/configs/runs/mutated.yaml";
    try {
        const RunConfig config = parse_run(text, file, overrides);
        ++outcome.loaded;
        EXPECT_EQ(parse_run(print_run(config), "/x.yaml"), config) << text;
    } catch (const ConfigError& error) {
        ++outcome.refused;
        const std::string what = error.what();
        EXPECT_TRUE(what.rfind("--set ", 0) == 0 || what.rfind(WAGESIM_SOURCE_DIR "/configs/", 0) == 0) << what;
        EXPECT_NE(what.find(": got "), std::string::npos) << what;
        EXPECT_NE(what.find(", allowed "), std::string::npos) << what;
        EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    }
}

TEST(Mutation, ShippedRunsDamaged)
{
    setenv("WAGESIM_DATA", "/data", 1);
    Mutator mutate(20180);
    Outcome outcome;
    for (const char* run : {"lenet-fashion", "lenet-mnist", "lenet-synthetic", "vgg8-cifar10", "lenet-fashion-28f8",
                            "vgg8-cifar10-vanilla", "svhn-vgg8", "imagenet-alexnet"}) {
        const std::string file = std::string(WAGESIM_SOURCE_DIR "/configs/runs/") + run + ".yaml";
        const std::string text = file_text(file);
        const std::string inlined = print_run(load_run(file));
        for (int i = 0; i < 400; ++i) {
            try_load(mutate(text), {}, outcome);
            try_load(mutate(inlined), {}, outcome);
        }
    }
    EXPECT_GT(outcome.loaded, 100) << "damage in comments and names must not matter";
    EXPECT_GT(outcome.refused, 1000);
}

TEST(Mutation, Overrides)
{
    Mutator mutate(1701);
    Outcome outcome;
    const std::string text = file_text(WAGESIM_SOURCE_DIR "/configs/runs/lenet-synthetic.yaml");
    const std::vector<std::string> legal = {"chip.crossbar.rows=64",
                                            "network.init.limit_factor=3",
                                            "training.eta={0: 3, 5: 1}",
                                            "chip.device={}",
                                            "seed=12345678901234",
                                            "network.layers.0.conv.filters=8",
                                            "widths={w: 3, g: 9}",
                                            "data.augment=crop",
                                            "chip.lanes=4",
                                            "network.layers.1.conv.pool={size: 3, stride: 2}"};
    for (int i = 0; i < 1000; ++i) try_load(text, {mutate(legal[mutate.below(legal.size())])}, outcome);
    EXPECT_GT(outcome.loaded, 10);
    EXPECT_GT(outcome.refused, 300);
}

TEST(Mutation, RandomBytesAndTokens)
{
    Mutator mutate(42);
    Outcome outcome;
    for (int i = 0; i < 1000; ++i) {
        std::string text;
        for (std::size_t n = mutate.below(200); n > 0; --n) {
            text += i % 2 == 0 ? static_cast<char>(mutate.below(256)) : "{}[]:,-?!&*#|>'\"%@ \na0"[mutate.below(22)];
        }
        try_load(text, {}, outcome);
    }
    EXPECT_EQ(outcome.loaded, 0);
}

}  // namespace
}  // namespace wagesim::config
