// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/bench/beat_scoreboard.hpp"

#include <string>

#include "tests/rtl/bench/bench_failure.hpp"

namespace wagesim::test {
namespace {

template <class Expected, class Got>
void same(const Expected& expected, const Got& got, const std::string& what)
{
    if (static_cast<std::int64_t>(expected) == static_cast<std::int64_t>(got)) return;
    throw BenchFailure(what + ": expected " + std::to_string(expected) + ", got " + std::to_string(got));
}

}  // namespace

void BeatScoreboard::expect(QuantizeUpdateMode mode, std::vector<ExpectedBeat> beats)
{
    for (ExpectedBeat& beat : beats) owed_.push_back({mode, std::move(beat)});
}

void BeatScoreboard::take(const rtl::PinOutputs& outputs)
{
    const std::string beat_name = "result beat " + std::to_string(taken_);
    if (owed_.empty()) throw BenchFailure(beat_name + " was handed over, and none was expected");
    const Owed owed = std::move(owed_.front());
    owed_.pop_front();
    ++taken_;
    const ExpectedBeat& beat = owed.beat;
    same(beat.keep, outputs.out_keep, beat_name + ", out_keep_o");
    same(beat.last, outputs.out_last, beat_name + ", out_last_o");
    if (owed.mode == QuantizeUpdateMode::output_error) {
        same(beat.error, outputs.error, beat_name + ", out_error_o");
        if (beat.last) same(beat.predicted_class, outputs.predicted_class, beat_name + ", out_class_o");
        ++compared_[owed.mode];
        return;
    }
    for (std::size_t lane = 0; lane < beat.data.size(); ++lane) {
        const std::string lane_name = beat_name + ", lane " + std::to_string(lane);
        same(beat.data[lane], outputs.data[lane], lane_name + " of out_data_o");
        if (!beat.side.empty()) same(beat.side[lane], outputs.side[lane], lane_name + " of out_side_o");
        ++compared_[owed.mode];
    }
}

void BeatScoreboard::expect_nothing_left() const
{
    if (!owed_.empty()) throw BenchFailure(std::to_string(owed_.size()) + " result beats were never handed over");
}

}  // namespace wagesim::test
