// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The unit behind byte streams, with its table in memories and squares a bit a cycle, against the bare unit of flops
// and multipliers: the same bursts, pauses on all sides, the same results and registers. What they are worth is
// modes_test.cpp's business.
#include <gtest/gtest.h>

#include <deque>
#include <iostream>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/pin_bench.hpp"
#include "tests/unit/rtl/serial_pins.hpp"

namespace wagesim::test {
namespace {

/// Commands of the table in the module's header, and what comes back.
class SerialBench {
public:
    SerialBench(int lanes, int seed)
        : lanes_(static_cast<std::size_t>(lanes)),
          pins_(make_serial_pins(lanes, seed)),
          random_(static_cast<std::uint64_t>(seed))
    {
    }

    void write(Register address, std::uint32_t value) { write(static_cast<std::uint32_t>(address), value); }
    void write(std::uint32_t address, std::uint32_t value)
    {
        put(0x00, 1);
        put(address, 2);
        put(value, 4);
    }

    /// Carries out everything before; results on the way are kept for `results`.
    std::uint32_t read(std::uint32_t address, const Stalls& stalls = {})
    {
        put(0x01, 1);
        put(address, 2);
        exchange(stalls);
        return answer_;
    }

    void apply(Mode mode, const Settings& settings)
    {
        for (const auto& [address, value] : register_values(mode, settings)) write(address, value);
    }

    PinResults run(Mode mode, const PinStream& stream, const Stalls& stalls)
    {
        results_ = {};
        mode_ = mode;
        std::size_t first = 0;
        for (const std::size_t length : stream.lengths) {
            const std::size_t end = first + length;
            while (first < end) {
                const std::size_t count = std::min(lanes_, end - first);
                put(0x80U | (first + count == end ? 0x40U : 0U) | (count - 1), 1);
                for (std::size_t lane = 0; lane < lanes_; ++lane) {
                    const bool there = lane < count;
                    put(there ? static_cast<std::uint64_t>(stream.operands[first + lane]) : random_(), 6);
                    put(there && !stream.side.empty() ? stream.side[first + lane] : random_(), 2);
                }
                first += count;
            }
        }
        (void)read(0, stalls);
        return results_;
    }

private:
    void put(std::uint64_t value, int bytes)
    {
        for (int i = 0; i < bytes; ++i) to_send_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }

    /// Until the answer to a read, which nothing overtakes.
    void exchange(const Stalls& stalls)
    {
        const auto pauses = [&](double probability) { return std::bernoulli_distribution(probability)(random_); };
        bool offered = false;
        std::uint64_t silent = 0;
        for (bool answered = false; !answered;) {
            offered = !to_send_.empty() && (offered || !pauses(stalls.input));
            const SerialCycle moved = pins_->cycle(
                offered, offered ? to_send_.front() : static_cast<std::uint8_t>(random_()), !pauses(stalls.output));
            if (moved.taken) {
                to_send_.pop_front();
                offered = false;
            }
            if (moved.handed) answered = take(moved.byte);
            silent = moved.taken || moved.handed ? 0 : silent + 1;
            if (silent > 10000) throw std::runtime_error("nothing moves any more");
        }
        if (!to_send_.empty()) throw std::runtime_error("an answer before its question");
    }

    /// Is the answer to a read complete?
    bool take(std::uint8_t byte)
    {
        frame_.push_back(byte);
        const bool answer = frame_.front() == 0x01;
        if (!answer && (frame_.front() & 0x80U) == 0) throw std::runtime_error("a frame of an unknown kind");
        if (frame_.size() < (answer ? 5 : 1 + 3 * lanes_ + 8)) return false;
        if (answer)
            answer_ = static_cast<std::uint32_t>(number(1, 4));
        else
            take_result();
        frame_.clear();
        return answer;
    }

    void take_result()
    {
        const bool last = (frame_.front() & 0x40U) != 0;
        const std::size_t count = (frame_.front() & 0x3FU) + std::size_t{1};
        ++results_.beats;
        if (last) ++results_.lasts;
        if (mode_ == Mode::output_error) {
            const auto error = static_cast<std::int64_t>(number(1 + 3 * lanes_, 6) << 16U) >> 16U;
            results_.errors.push_back(error);
            if (last) results_.classes.push_back(static_cast<std::uint16_t>(number(1 + 3 * lanes_ + 6, 2)));
            return;
        }
        for (std::size_t lane = 0; lane < count; ++lane) {
            results_.data.push_back(static_cast<std::int16_t>(number(1 + 2 * lane, 2)));
            results_.side.push_back(static_cast<std::uint8_t>(number(1 + 2 * lanes_ + lane, 1)));
        }
    }

    [[nodiscard]] std::uint64_t number(std::size_t first, std::size_t bytes) const
    {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{frame_[first + i]} << (8 * i);
        return value;
    }

    std::size_t lanes_;
    std::unique_ptr<SerialPins> pins_;
    std::mt19937_64 random_;
    std::deque<std::uint8_t> to_send_;
    std::vector<std::uint8_t> frame_;
    std::uint32_t answer_ = 0;
    PinResults results_;
    Mode mode_ = Mode::input;
};

class Serial : public testing::TestWithParam<int> {
protected:
    void SetUp() override { std::cout << "seed " << kSeed << '\n'; }

    [[nodiscard]] PinStream random_stream()
    {
        PinStream stream;
        stream.lengths = {1, 2, 3, 20 + random_() % 20};
        std::size_t total = 0;
        for (const auto length : stream.lengths) total += length;
        stream.operands = interesting_operands(random_, 1000);
        std::shuffle(stream.operands.begin(), stream.operands.end(), random_);
        stream.operands.resize(total);
        for (std::size_t i = 0; i < total; ++i) stream.side.push_back(static_cast<std::uint16_t>(random_()));
        return stream;
    }

    void write_both(std::uint32_t address, std::uint32_t value)
    {
        serial_.write(address, value);
        bare_.write(static_cast<Register>(address), value);
    }

    void expect_equal_registers(const std::string& where)
    {
        for (std::uint32_t address = 0; address < 0x500; address += 4) {
            scoreboard_.compare(bare_.read(static_cast<Register>(address)), serial_.read(address),
                                [&] { return where + ", register " + std::to_string(address); });
            if (HasFatalFailure()) return;
        }
    }

    static constexpr int kSeed = 2604;
    std::mt19937_64 random_{kSeed};
    PinBench bare_{GetParam(), kSeed};
    SerialBench serial_{GetParam(), kSeed + 1};
    Scoreboard scoreboard_;
};

TEST_P(Serial, EveryModeGivesWhatTheBareUnitGives)
{
    expect_equal_registers("after reset");
    for (std::uint32_t word = 0; word < 64;
         word += 1 + static_cast<std::uint32_t>(random_() % 2))  // some stay unwritten
        write_both(0x400 + 4 * word, static_cast<std::uint32_t>(random_()));
    const std::vector<Stalls> all_stalls{{0, 0}, {0.5, 0}, {0, 0.5}, {0.3, 0.3}};
    for (int round = 0; round < 12; ++round) {
        const Stalls& stalls = all_stalls[static_cast<std::size_t>(round) % all_stalls.size()];
        for (int value = 0; value < 8; ++value) {
            const auto mode = static_cast<Mode>(value);
            const std::string where = "round " + std::to_string(round) + ", mode " + std::to_string(value);
            Settings settings = random_settings(random_);
            bare_.apply(mode, settings);
            serial_.apply(mode, settings);
            const PinStream stream = random_stream();
            const PinResults expected = bare_.run(mode, stream, {});
            const PinResults got = serial_.run(mode, stream, stalls);
            const auto context = [&] { return where; };
            scoreboard_.compare(expected.beats, got.beats, context);
            scoreboard_.compare(expected.lasts, got.lasts, context);
            scoreboard_.compare(expected.data, got.data, context);
            if (mode == Mode::activation || mode == Mode::requantize)
                scoreboard_.compare(expected.side, got.side, context);
            scoreboard_.compare(expected.errors, got.errors, context);
            scoreboard_.compare(expected.classes, got.classes, context);
            if (HasFatalFailure()) return;
            write_both(0x28, static_cast<std::uint32_t>(random_() % 2) * 2);  // now and then EXPONENT from MAX
            expect_equal_registers(where);
            if (HasFatalFailure()) return;
        }
        if (round % 4 == 3) write_both(0x28, 5);  // clears MAX and LOSS
    }
}

TEST_P(Serial, BytesThatAreNoCommandAreIgnored)
{
    auto pins = make_serial_pins(GetParam(), kSeed);
    const std::vector<std::uint8_t> unknown_then_read{0x02, 0x7F, 0x40, 0x01, 0x00, 0x00};
    for (const std::uint8_t byte : unknown_then_read) EXPECT_TRUE(pins->cycle(true, byte, true).taken);
    std::vector<std::uint8_t> answer;
    for (int i = 0; i < 20; ++i) {
        const SerialCycle moved = pins->cycle(false, 0, true);
        if (moved.handed) answer.push_back(moved.byte);
    }
    const std::vector<std::uint8_t> expected{0x01, static_cast<std::uint8_t>(GetParam()), 0, 0, 0};
    scoreboard_.compare(expected, answer, [] { return "LANES"; });
}

INSTANTIATE_TEST_SUITE_P(Lanes, Serial, testing::Values(1, 2),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
