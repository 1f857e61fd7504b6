// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// ref/numerics against rng.npz: every array of it but the shuffles, which ref/data has.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ref/data/npz.hpp"
#include "ref/numerics/input_code.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/weight.hpp"
#include "tests/support/golden.hpp"

namespace wagesim::numerics {
namespace {

class RngFile : public testing::Test {
protected:
    template <class T>
    std::vector<T> values(const std::string& name) const
    {
        auto out = file.read(name).values<T>();
        EXPECT_FALSE(out.empty()) << name;
        return out;
    }
    NpzReader file{test::golden_path("rng.npz")};
};

TEST_F(RngFile, Mix64)
{
    const auto in = values<std::uint64_t>("mix64/input");
    const auto out = values<std::uint64_t>("mix64/output");
    ASSERT_EQ(in.size(), out.size());
    for (std::size_t i = 0; i < in.size(); ++i) EXPECT_EQ(mix64(in[i]), out[i]) << in[i];
}

TEST_F(RngFile, Speck)
{
    const auto in = values<std::uint16_t>("speck/key_and_plain");
    const auto out = values<std::uint16_t>("speck/cipher");
    ASSERT_EQ(in.size(), 3 * out.size());
    for (std::size_t i = 0; i < out.size() / 2; ++i) {
        const std::uint16_t* row = in.data() + 6 * i;
        std::uint64_t key = 0;
        for (int word = 0; word < 4; ++word) key = (key << 16U) | row[word];
        const Speck32 cipher(key);
        const std::uint32_t got = cipher.encrypt((std::uint32_t{row[4]} << 16U) | row[5]);
        EXPECT_EQ(got, (std::uint32_t{out[2 * i]} << 16U) | out[2 * i + 1]) << "vector " << i;
    }
}

TEST_F(RngFile, Words)
{
    const auto index16 = values<std::uint64_t>("words/index16");
    const auto index32 = values<std::uint64_t>("words/index32");
    const auto arguments = values<std::uint64_t>("words/arguments");  // seed, domain, step, layer
    const auto keys = values<std::uint64_t>("words/key");
    const auto word16 = values<std::uint16_t>("words/word16");
    const auto word32 = values<std::uint32_t>("words/word32");
    ASSERT_EQ(arguments.size(), 4 * keys.size());
    ASSERT_EQ(word16.size(), keys.size() * index16.size());
    ASSERT_EQ(word32.size(), keys.size() * index32.size());
    for (std::size_t row = 0; row < keys.size(); ++row) {
        const std::uint64_t* argument = arguments.data() + 4 * row;
        const std::uint64_t key =
            stream_key(argument[0], static_cast<RandomDomain>(argument[1]), argument[2], argument[3]);
        EXPECT_EQ(key, keys[row]);
        const Speck32 cipher(key);
        for (std::size_t i = 0; i < index16.size(); ++i) {
            ASSERT_EQ(cipher.word16(index16[i]), word16[row * index16.size() + i]) << row << " " << index16[i];
        }
        for (std::size_t i = 0; i < index32.size(); ++i) {
            ASSERT_EQ(cipher.word32(static_cast<std::uint32_t>(index32[i])), word32[row * index32.size() + i])
                << row << " " << index32[i];
        }
    }
}

TEST_F(RngFile, Bounded)
{
    const auto word = values<std::uint32_t>("bounded/word");
    const auto n = values<std::uint32_t>("bounded/n");
    const auto result = values<std::uint32_t>("bounded/result");
    for (std::size_t i = 0; i < word.size(); ++i) EXPECT_EQ(bounded(word[i], n[i]), result[i]);
}

TEST_F(RngFile, InitialWeightsAndTheirAttenuation)
{
    int cases = 0;
    for (; file.contains("init/" + std::to_string(cases) + "/config"); ++cases) {
        const std::string prefix = "init/" + std::to_string(cases) + "/";
        const auto config = nlohmann::json::parse(file.read(prefix + "config").text());
        Widths widths;
        widths.w = config.value("kW", 2);
        widths.g = config.value("kG", 8);
        const WeightClip clip = config.value("weight_clip", "kg") == "kw" ? WeightClip::kw : WeightClip::kg;
        Initialisation init;
        init.limit_factor = config.value("init_factor", 6.0);
        const std::int64_t fan_in = config.at("fan_in");
        const WeightLimits limits = weight_limits(init, fan_in, widths.w);
        EXPECT_EQ(limits.l, config.at("l").get<double>());
        EXPECT_EQ(limits.l_min, config.at("Lmin").get<double>());
        EXPECT_EQ(limits.limit(), config.at("L").get<double>());
        EXPECT_EQ(attenuation(init, fan_in, widths.w), file.read(prefix + "sA").scalar<int>());
        const Speck32 cipher(stream_key(config.at("seed"), RandomDomain::initialisation, 0, config.at("layer")));
        const auto expected = values<std::int64_t>(prefix + "weight_stored");
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const std::uint32_t word = cipher.word32(static_cast<std::uint32_t>(i));
            ASSERT_EQ(initial_weight(word, limits.limit(), init.grid, widths, clip), expected[i]) << prefix << i;
        }
    }
    EXPECT_GT(cases, 0);
}

TEST_F(RngFile, Attenuation)
{
    const auto arguments = values<std::int64_t>("sA/factor_kW_fan_in");
    const auto expected = values<int>("sA/result");
    ASSERT_EQ(arguments.size(), 3 * expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        Initialisation init;
        init.limit_factor = static_cast<double>(arguments[3 * i]);
        EXPECT_EQ(attenuation(init, arguments[3 * i + 2], static_cast<int>(arguments[3 * i + 1])), expected[i]) << i;
    }
}

TEST_F(RngFile, InputTables)
{
    for (int ka = 2; ka <= 8; ++ka) {
        for (const InputRange range : {InputRange::unit, InputRange::symmetric}) {
            const std::string name = std::string("input_table/") + (range == InputRange::unit ? "unit" : "signed") +
                                     "/kA" + std::to_string(ka);
            const auto expected = values<std::int8_t>(name);
            const auto got = input_table(range, ka);
            ASSERT_EQ(expected.size(), got.size());
            EXPECT_TRUE(std::equal(got.begin(), got.end(), expected.begin())) << name;
        }
    }
}

TEST_F(RngFile, RoundHalfEvenShift)
{
    const auto n = values<std::int64_t>("rne/n");
    const auto s = values<int>("rne/s");
    const auto result = values<std::int64_t>("rne/result");
    for (std::size_t i = 0; i < n.size(); ++i) {
        EXPECT_EQ(round_half_even_shift(n[i], s[i]), result[i]) << n[i] << " " << s[i];
    }
}

TEST_F(RngFile, Exponent)
{
    const auto m = values<std::uint64_t>("exponent/m");
    const auto result = values<int>("exponent/result");
    for (std::size_t i = 0; i < m.size(); ++i) EXPECT_EQ(exponent(m[i]), result[i]) << m[i];
}

}  // namespace
}  // namespace wagesim::numerics
