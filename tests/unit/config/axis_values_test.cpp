// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Ranges against arithmetic on their own: how many values, which ends, equal steps, no rounding. Their faults are in
// sweep_file_test.cpp.
#include "platforms/config/axis_values.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <iostream>
#include <random>

namespace wagesim::config {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> values_of(const std::string& text)
{
    const auto source = std::make_shared<const Source>(Source{"values", "/", "/values", "", "values"});
    std::vector<std::string> texts;
    for (const DocumentNode& node : axis_values(parse_document(text, source, "key"), "key")) {
        texts.push_back(node.flow_text());
    }
    return texts;
}

TEST(AxisValues, ListsKeepTheirValues)
{
    EXPECT_THAT(values_of("[3, minimal, \"3\", {0: 1, 5: -2}, [a, \"b, \\\"c\\\"\"], null]"),
                ElementsAre("3", "minimal", "\"3\"", "{0: 1, 5: -2}", "[a, \"b, \\\"c\\\"\"]", "null"));
}

TEST(AxisValues, RangesIncludeBothEnds)
{
    EXPECT_THAT(values_of("{range: [2, 5]}"), ElementsAre("2", "3", "4", "5"));
    EXPECT_THAT(values_of("{range: [4, 4]}"), ElementsAre("4"));
    EXPECT_THAT(values_of("{range: [-6, 4, 5]}"), ElementsAre("-6", "-1", "4"));
    EXPECT_THAT(values_of("{range: [4, -6, -5]}"), ElementsAre("4", "-1", "-6"));
    EXPECT_THAT(values_of("{log_range: [1, 8]}"), ElementsAre("1", "2", "4", "8"));
    EXPECT_THAT(values_of("{log_range: [8, 8]}"), ElementsAre("8"));
    EXPECT_THAT(values_of("{log_range: [0.01, 10, 10]}"), ElementsAre("0.01", "0.1", "1", "10"));
}

TEST(AxisValues, DecimalsAreExact)
{
    EXPECT_THAT(values_of("{range: [0.1, 0.5, 0.1]}"), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
    EXPECT_THAT(values_of("{range: [-0.5, 1, 0.75]}"), ElementsAre("-0.5", "0.25", "1"));
    EXPECT_THAT(values_of("{range: [0.5, 2.5]}"), ElementsAre("0.5", "1.5", "2.5"));
    EXPECT_THAT(values_of("{range: [0.000000001, 0.000000003, 0.000000001]}"),
                ElementsAre("0.000000001", "0.000000002", "0.000000003"));
}

TEST(AxisValues, RandomRangesHaveTheValuesThatTheirNumbersSay)
{
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> number(-500, 500);
    std::uniform_int_distribution<int> count(1, 50);
    for (int i = 0; i < 300; ++i) {
        const int first = number(random);
        const int step = number(random) * 2 + 1;
        const int values = count(random);
        const std::vector<std::string> found =
            values_of(fmt::format("{{range: [{}, {}, {}]}}", first, first + (values - 1) * step, step));
        ASSERT_EQ(found.size(), static_cast<std::size_t>(values));
        for (int k = 0; k < values; ++k)
            EXPECT_EQ(found[static_cast<std::size_t>(k)], std::to_string(first + k * step));
    }
}

TEST(AxisValues, RandomLogRangesHaveEqualRatios)
{
    const unsigned seed = std::random_device{}();
    std::cout << "random seed " << seed << "\n";
    std::mt19937 random(seed);
    std::uniform_int_distribution<std::int64_t> first_of(1, 20);
    std::uniform_int_distribution<std::int64_t> factor_of(2, 10);
    std::uniform_int_distribution<int> count(1, 8);
    for (int i = 0; i < 300; ++i) {
        const std::int64_t first = first_of(random);
        const std::int64_t factor = factor_of(random);
        std::vector<std::string> expected = {std::to_string(first)};
        std::int64_t last = first;
        for (int k = count(random); k > 1; --k) {
            last *= factor;
            expected.push_back(std::to_string(last));
        }
        EXPECT_EQ(values_of(fmt::format("{{log_range: [{}, {}, {}]}}", first, last, factor)), expected);
    }
}

}  // namespace
}  // namespace wagesim::config
