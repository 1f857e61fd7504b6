// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The Verilated unit against tests/golden/rng.npz and the cipher's published vector: random words, rounding, exponents
// and input tables. Nothing of ref/numerics is involved.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "ref/data/npz.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/support/golden.hpp"
#include "tests/unit/rtl/unit_driver.hpp"

namespace wagesim::test {
namespace {

class GoldenWords : public testing::TestWithParam<int> {
protected:
    /// The words that the unit draws for the weights index and index + 1 (index even): with h = -16 and EXPONENT = 0 a
    /// gradient g below 2^16 is its own fraction, so the step is r < g, and bisection finds r.
    std::vector<std::uint32_t> words_at(std::uint64_t key, std::uint64_t index)
    {
        Settings settings;
        settings.eta = -16;
        settings.exponent = 0;
        settings.index = index;
        settings.key = key;
        if (key != loaded_key_ || !loaded_) apply(*unit_, Mode::update, settings);
        loaded_ = true;
        loaded_key_ = key;
        write(*unit_, Register::index_low, static_cast<std::uint32_t>(index));
        write(*unit_, Register::index_high, static_cast<std::uint32_t>(index >> 32U));
        std::vector<std::uint32_t> words(2, 0);
        for (std::uint32_t bit = 0x8000; bit != 0; bit >>= 1U) {
            const std::vector<std::int32_t> gradients{static_cast<std::int32_t>(words[0] + bit),
                                                      static_cast<std::int32_t>(words[1] + bit)};
            std::vector<std::int16_t> steps(2);
            (void)unit_->run(
                {2, 0, {gradients.data(), ElementType::int32}, {}, {steps.data(), ElementType::int16}, {}});
            for (std::size_t i = 0; i < 2; ++i)
                if (steps[i] == 0) words[i] += bit;  // r >= g
        }
        return words;
    }

    NpzReader file_{golden_path("rng.npz")};
    std::unique_ptr<QuantizeUpdateUnit> unit_ = rtl::make_verilated_unit(GetParam());
    Scoreboard scoreboard_;
    std::uint64_t loaded_key_ = 0;
    bool loaded_ = false;
};

TEST_P(GoldenWords, PublishedVectorOfTheCipher)
{
    const auto words = words_at(0x1918'1110'0908'0100U, std::uint64_t{0x6574'694CU} << 1U);
    scoreboard_.compare(0x42F2U, words[0], [] { return "y'"; });
    scoreboard_.compare(0xA868U, words[1], [] { return "x'"; });
}

TEST_P(GoldenWords, CipherVectors)
{
    const auto inputs = file_.read("speck/key_and_plain").values<std::uint16_t>();
    const auto ciphers = file_.read("speck/cipher").values<std::uint16_t>();
    for (std::size_t i = 0; i < ciphers.size() / 2; ++i) {
        const auto* row = inputs.data() + 6 * i;
        std::uint64_t key = 0;
        for (std::size_t word = 0; word < 4; ++word) key = key << 16U | row[word];
        const auto words = words_at(key, (std::uint64_t{row[4]} << 16U | row[5]) << 1U);
        scoreboard_.compare(ciphers[2 * i], words[1], [&] { return "x' of vector " + std::to_string(i); });
        scoreboard_.compare(ciphers[2 * i + 1], words[0], [&] { return "y' of vector " + std::to_string(i); });
    }
}

TEST_P(GoldenWords, SixteenBitWordsOfEveryIndex)
{
    const auto indices = file_.read("words/index16").values<std::uint64_t>();
    const auto keys = file_.read("words/key").values<std::uint64_t>();
    const auto words = file_.read("words/word16").values<std::uint16_t>();
    for (std::size_t stream = 0; stream < keys.size(); stream += 5) {
        for (std::size_t i = 0; i < indices.size(); ++i) {
            const std::uint64_t even = indices[i] & ~std::uint64_t{1};
            scoreboard_.compare(words[stream * indices.size() + i], words_at(keys[stream], even)[indices[i] - even],
                                [&] { return "index " + std::to_string(indices[i]); });
        }
    }
}

TEST_P(GoldenWords, RoundingToNearestEven)
{
    const auto values = file_.read("rne/n").values<std::int64_t>();
    const auto shifts = file_.read("rne/s").values<int>();
    const auto results = file_.read("rne/result").values<std::int64_t>();
    Settings settings;
    settings.width_error = 16;  // the shift is EXPONENT - 15
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] > kLargestOperand || values[i] < kSmallestOperand) continue;
        settings.exponent = shifts[i] + 15;
        apply(*unit_, Mode::error, settings);
        std::int16_t code = 0;
        (void)unit_->run({1, 0, {&values[i], ElementType::int64}, {}, {&code, ElementType::int16}, {}});
        scoreboard_.compare(std::clamp<std::int64_t>(results[i], -32767, 32767), std::int64_t{code},
                            [&] { return std::to_string(values[i]) + " by " + std::to_string(shifts[i]); });
    }
    EXPECT_GT(scoreboard_.compared(), 1000U);
}

TEST_P(GoldenWords, Exponents)
{
    const auto maxima = file_.read("exponent/m").values<std::uint64_t>();
    const auto exponents = file_.read("exponent/result").values<int>();
    for (std::size_t i = 0; i < maxima.size(); ++i) {
        if (maxima[i] >> 48U != 0) continue;
        set_maximum(*unit_, maxima[i]);
        write(*unit_, Register::control, kControlSetExponent);
        scoreboard_.compare(exponents[i], static_cast<int>(read(*unit_, Register::exponent)),
                            [&] { return std::to_string(maxima[i]); });
    }
    EXPECT_GT(scoreboard_.compared(), 500U);
}

TEST_P(GoldenWords, InputTablesGoThroughUnchanged)
{
    std::vector<std::uint8_t> bytes(256);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    for (const std::string range : {"unit", "signed"}) {
        for (int width = 2; width <= 8; ++width) {
            const auto codes = file_.read("input_table/" + range + "/kA" + std::to_string(width)).values<std::int8_t>();
            for (std::uint32_t word = 0; word < 64; ++word) {
                std::uint32_t value = 0;
                for (std::uint32_t byte = 4; byte-- > 0;)
                    value = value << 8U | static_cast<std::uint8_t>(codes[4 * word + byte]);
                unit_->write_register(static_cast<std::uint32_t>(Register::table) + 4 * word, value);
            }
            write(*unit_, Register::mode, static_cast<std::uint32_t>(Mode::input));
            std::vector<std::int8_t> results(256);
            (void)unit_->run({256, 0, {bytes.data(), ElementType::uint8}, {}, {results.data(), ElementType::int8}, {}});
            scoreboard_.compare(codes, results, [&] { return range + " " + std::to_string(width); });
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Lanes, GoldenWords, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
