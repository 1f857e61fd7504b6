// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each breach of the result port's protocol is found and said, by a model whose pins the test sets.
#include "rtl/library/watched_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wagesim::rtl {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct Pins {
    void eval() {}
    virtual ~Pins() = default;
    int clk_i = 1;
    int rst_ni = 1;
    int in_valid_i = 0;
    int in_ready_o = 1;
    int out_ready_i = 1;
    int out_valid_o = 0;
    unsigned out_keep_o = 0;
    int out_last_o = 0;
    int idle_o = 1;
};

class Watched : public ::testing::Test {
protected:
    void expect(QuantizeUpdateMode mode, std::size_t count, std::size_t segment = 0)
    {
        Burst burst;
        burst.count = count;
        burst.segment = segment;
        model_.expect(mode, burst);
    }
    void hand_over(unsigned keep, bool last)
    {
        model_.out_valid_o = 1;
        model_.out_keep_o = keep;
        model_.out_last_o = last ? 1 : 0;
        model_.eval();
        model_.out_valid_o = 0;
    }
    template <class Work>
    static void expect_failure(Work&& work, const char* text)
    {
        EXPECT_THAT(work, ThrowsMessage<std::runtime_error>(HasSubstr(text)));
    }

    WatchedModel<Pins, 4> model_;
};

TEST_F(Watched, ARightBurstPasses)
{
    expect(QuantizeUpdateMode::activation, 6);
    hand_over(0xF, false);
    hand_over(0x3, true);
    EXPECT_NO_THROW(model_.require_all());
}

TEST_F(Watched, SegmentsOfOutputErrorsPass)
{
    expect(QuantizeUpdateMode::output_error, 4, 2);
    for (const bool last : {false, true, false, true}) hand_over(1, last);
    EXPECT_NO_THROW(model_.require_all());
}

TEST_F(Watched, AStalledResultCountsOnce)
{
    expect(QuantizeUpdateMode::activation, 4);
    model_.out_ready_i = 0;
    hand_over(0xF, true);
    hand_over(0xF, true);
    model_.out_ready_i = 1;
    hand_over(0xF, true);
    EXPECT_NO_THROW(model_.require_all());
}

TEST_F(Watched, TooManyResults)
{
    expect(QuantizeUpdateMode::activation, 4);
    hand_over(0xF, true);
    expect_failure([&] { hand_over(0xF, true); }, "hands over a result that no operand asked for");
}

TEST_F(Watched, ResultsOfAMaximum)
{
    expect(QuantizeUpdateMode::abs_max, 4);
    EXPECT_NO_THROW(model_.require_all());
    expect_failure([&] { hand_over(0xF, true); }, "hands over a result that no operand asked for");
}

TEST_F(Watched, TooFewResults)
{
    expect(QuantizeUpdateMode::update, 6);
    hand_over(0xF, false);
    expect_failure([&] { model_.require_all(); }, "was idle after 4 of 6 results");
}

TEST_F(Watched, WrongLanes)
{
    expect(QuantizeUpdateMode::activation, 6);
    hand_over(0xF, false);
    expect_failure([&] { hand_over(0x7, true); }, "out_keep_o");
}

TEST_F(Watched, LastTooEarlyOrMissing)
{
    expect(QuantizeUpdateMode::activation, 8);
    expect_failure([&] { hand_over(0xF, true); }, "sets out_last_o before the last beat");
    expect(QuantizeUpdateMode::activation, 4);
    expect_failure([&] { hand_over(0xF, false); }, "does not set out_last_o with the last beat");
}

TEST_F(Watched, NeverReadyOrNeverIdle)
{
    constexpr std::uint64_t kMost = decltype(model_)::kMostStillCycles;
    expect(QuantizeUpdateMode::activation, 4);
    model_.in_valid_i = 1;
    model_.in_ready_o = 0;
    for (std::uint64_t cycle = 0; cycle < kMost; ++cycle) model_.eval();
    expect_failure([&] { model_.eval(); }, "is stuck");
    model_.expect_nothing();
    model_.in_valid_i = 0;
    model_.idle_o = 0;
    for (std::uint64_t cycle = 0; cycle < kMost; ++cycle) model_.eval();
    expect_failure([&] { model_.eval(); }, "is stuck");
}

}  // namespace
}  // namespace wagesim::rtl
