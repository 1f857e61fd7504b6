// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Quoting, and the columns of an export.
#include "platforms/sweep/csv.hpp"

#include <gtest/gtest.h>

namespace wagesim::sweep {
namespace {

struct Field {
    const char* text;
    const char* quoted;
};

class CsvField : public ::testing::TestWithParam<Field> {};

TEST_P(CsvField, IsQuotedWhereItMustBe)
{
    EXPECT_EQ(csv_field(GetParam().text), GetParam().quoted);
}

INSTANTIATE_TEST_SUITE_P(Fields, CsvField,
                         ::testing::Values(Field{"", ""}, Field{"plain", "plain"}, Field{"two words", "two words"},
                                           Field{"{0: 3, 5: 0}", "\"{0: 3, 5: 0}\""},
                                           Field{"say \"no\"", "\"say \"\"no\"\"\""}, Field{"\"", "\"\"\"\""},
                                           Field{"two\nlines", "\"two\nlines\""}, Field{"a\rb", "\"a\rb\""},
                                           Field{" leading", "\" leading\""}, Field{"trailing ", "\"trailing \""},
                                           Field{"semicolon;tab\t", "semicolon;tab\t"}));

TEST(Csv, ExportHasALineForEachPoint)
{
    Overview overview;
    overview.variables = {
        {"training.eta", config::Role::free}, {"data.augment", config::Role::held}, {"seed", config::Role::seed}};
    overview.objectives = {{"final_test_error", config::Direction::min}};
    Record done{State::done, "1.0+model.1", "", "{}", 2.5, 1000.0};
    Record failed{State::failed, "1.0+model.1", "data.npz: label 9, allowed \"0..4\"", "", {}, {}};
    overview.points.push_back({{"{0: 1, 2: 0}", "crop", "1"}, {"aa", "train", {}, 1}, done, {0.125}});
    overview.points.push_back({{"{0: 1}", "crop", "1"}, {"bb", "train", {}, 1}, failed, {std::nullopt}});
    overview.points.push_back({{"{0: 2}", "none", "1"}, {"cc", "train", 5, 1}, Record{}, {std::nullopt}});
    overview.points.push_back({{"{0: 2}", "none", "2"}, {"dd", "train", 5, 1}, std::nullopt, {std::nullopt}});
    EXPECT_EQ(
        export_csv(overview),
        "free:training.eta,held:data.augment,seed,state,final_test_error,wall_seconds,images_per_second,"
        "config_hash,version,run,error\n"
        "\"{0: 1, 2: 0}\",crop,1,done,0.125,2.5,1000,aa,1.0+model.1,runs/aa-train-model1,\n"
        "{0: 1},crop,1,failed,,,,bb,1.0+model.1,runs/bb-train-model1,\"data.npz: label 9, allowed \"\"0..4\"\"\"\n"
        "{0: 2},none,1,missing,,,,cc,,runs/cc-train-model1-5steps,\n"
        "{0: 2},none,2,missing,,,,dd,,runs/dd-train-model1-5steps,\n");
}

TEST(Csv, NoColumnStandsTwice)
{
    Overview overview;
    overview.variables = {{"training.eta", config::Role::free}};
    overview.objectives = {{"wall_seconds", config::Direction::min}};
    Record done{State::done, "1.0+model.1", "", "{}", 2.5, 1000.0};
    overview.points.push_back({{"{0: 1}"}, {"aa", "train", {}, 1}, done, {2.5}});
    EXPECT_EQ(export_csv(overview),
              "free:training.eta,state,wall_seconds,images_per_second,config_hash,version,run,error\n"
              "{0: 1},done,2.5,1000,aa,1.0+model.1,runs/aa-train-model1,\n");
}

}  // namespace
}  // namespace wagesim::sweep
