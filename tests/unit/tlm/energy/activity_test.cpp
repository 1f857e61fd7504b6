// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What is measured in a run and put to the same run's structure gives the run's own counts.
#include <gtest/gtest.h>

#include "tlm/energy/activity.hpp"

namespace wagesim::chip {
namespace {

std::uint64_t count(const std::vector<EventCount>& events, Event event)
{
    std::uint64_t sum = 0;
    for (const EventCount& each : events) sum += each.event == event ? each.count : 0;
    return sum;
}

TEST(Activity, GivesBackWhatWasMeasured)
{
    Ledger training(2), evaluation(2);
    training.add(Event::line_pulse, Phase::forward, 1, 1'000'003);
    training.add(Event::driver_pulse, Phase::forward, 1, 250'007);
    training.add(Event::cell_pulse, Phase::backward, 1, 900'001);
    training.add(Event::cell_read, Phase::backward, 1, 33);
    training.add(Event::cell_verify, Phase::programming, 1, 77);  // rows were left out
    training.add(Event::cell_set, Phase::programming, 1, 5);
    evaluation.add(Event::line_pulse, Phase::evaluation, 1, 1000);
    const Activity activity = measured_activity(training, evaluation, {{}, {40, 10, 777}});
    ASSERT_EQ(activity.size(), 2U);
    EXPECT_EQ(activity[1].rows, 0.25);
    EXPECT_EQ(
        count(estimated_events({{Event::line_pulse, 1'000'003}}, Phase::forward, activity[1]), Event::driver_pulse),
        250'007U);
    EXPECT_EQ(count(estimated_events({{Event::cell_pulse, 900'001}}, Phase::backward, activity[1]), Event::cell_read),
              33U);
    const auto programming = estimated_events({{Event::cell_verify, 777}}, Phase::programming, activity[1]);
    EXPECT_EQ(count(programming, Event::cell_set), 5U);
    EXPECT_EQ(count(programming, Event::cell_reset), 0U);
    EXPECT_EQ(count(estimated_events({{Event::line_pulse, 1000}}, Phase::evaluation, activity[1]), Event::driver_pulse),
              0U);
}

TEST(Activity, IsAnUpperBoundWithoutAMeasurement)
{
    const auto events = estimated_events({{Event::line_pulse, 12}, {Event::cell_pulse, 7}, {Event::conversion, 3}},
                                         Phase::forward, LayerActivity{});
    EXPECT_EQ(count(events, Event::driver_pulse), 12U);
    EXPECT_EQ(count(events, Event::cell_read), 7U);
    EXPECT_EQ(count(events, Event::cell_set), 0U) << "nothing was programmed";
    EXPECT_EQ(count(events, Event::conversion), 0U) << "these are there already";
}

}  // namespace
}  // namespace wagesim::chip
