// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platforms/library/assignments.hpp"

namespace wagesim::library {
namespace {

using ::testing::ElementsAre;

TEST(Assignments, ALaterWordOnAKeyTakesThePlaceOfTheEarlierOne)
{
    Assignments set;
    set.add("training.batch", "8");
    set.add("seed", "3");
    set.add("training.batch", "16");
    EXPECT_THAT(set.texts(), ElementsAre("seed=3", "training.batch=16"));
}

TEST(Assignments, WhatSomethingInBetweenBuildsOnStays)
{
    Assignments set;
    set.add("chip", "a.yaml");
    set.add("chip.lanes", "8");
    set.add("chip", "b.yaml");
    set.add("chip.lanes", "4");
    EXPECT_THAT(set.texts(), ElementsAre("chip=a.yaml", "chip.lanes=8", "chip=b.yaml", "chip.lanes=4"));
}

TEST(Assignments, KeysThatOnlyBeginAlikeAreOthers)
{
    Assignments set;
    set.add("chip.buffer", "{}");
    set.add("chip.buffers", "1");
    set.add("chip.buffer", "{kib: 8}");
    EXPECT_THAT(set.texts(), ElementsAre("chip.buffers=1", "chip.buffer={kib: 8}"));
}

TEST(Assignments, AMillionWordsOnOneKeyAreOneText)
{
    Assignments set;
    set.add("seed", "1");
    for (int i = 0; i < 1'000'000; ++i) set.add("training.batch", "8");
    EXPECT_EQ(set.texts().size(), 2U);
}

}  // namespace
}  // namespace wagesim::library
