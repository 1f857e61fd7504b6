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

/// A point of run aa-train-model1, where there is a record.
PointView view(std::vector<std::string> settings, std::optional<Record> record,
               std::vector<std::optional<double>> objectives)
{
    PointView out;
    out.settings = std::move(settings);
    if (record) {
        out.identity = {"aa", "train", {}, 1};
        out.folder = out.identity.folder_name();
    }
    out.record = std::move(record);
    out.objectives = std::move(objectives);
    return out;
}

TEST(Csv, ExportHasALineForEachPoint)
{
    Overview overview;
    overview.variables = {
        {"training.eta", config::Role::free}, {"data.augment", config::Role::held}, {"seed", config::Role::seed}};
    overview.objectives = {{"final_test_error", config::Direction::min}};
    Record done{State::done, "1.0+model.1", "", "{}", 2.5, 1000.0};
    Record failed{State::failed, "1.0+model.1", "data.npz: label 9, allowed \"0..4\"", "", {}, {}};
    overview.stages = {"screen", "confirm"};
    overview.points = {view({"{0: 1, 2: 0}", "crop", "1"}, done, {0.125}), view({"{0: 1}", "crop", "1"}, failed, {{}}),
                       view({"{0: 2}", "none", "1"}, Record{}, {{}}),      view({"{0: 2}", "none", "2"}, {}, {{}}),
                       view({"{0: 3}", "none", "1"}, done, {0.5}),         view({"{0: 3}", "none", "2"}, {}, {{}})};
    overview.points[0].stage = 1;
    overview.points[4].feasible = false;
    overview.points[5].excluded = true;
    EXPECT_EQ(export_csv(overview),
              "free:training.eta,held:data.augment,seed,state,stage,final_test_error,wall_seconds,images_per_second,"
              "config_hash,version,run,error\n"
              "\"{0: 1, 2: 0}\",crop,1,done,confirm,0.125,2.5,1000,aa,1.0+model.1,runs/aa-train-model1,\n"
              "{0: 1},crop,1,failed,screen,,,,aa,1.0+model.1,runs/aa-train-model1,\"data.npz: label 9, allowed "
              "\"\"0..4\"\"\"\n"
              "{0: 2},none,1,missing,screen,,,,aa,,runs/aa-train-model1,\n"
              "{0: 2},none,2,missing,screen,,,,,,,\n"
              "{0: 3},none,1,infeasible,screen,0.5,2.5,1000,aa,1.0+model.1,runs/aa-train-model1,\n"
              "{0: 3},none,2,excluded,screen,,,,,,,\n");
}

TEST(Csv, NoColumnStandsTwice)
{
    Overview overview;
    overview.variables = {{"training.eta", config::Role::free}};
    overview.objectives = {{"wall_seconds", config::Direction::min}};
    Record done{State::done, "1.0+model.1", "", "{}", 2.5, 1000.0};
    overview.stages = {"train"};
    overview.points = {view({"{0: 1}"}, done, {2.5})};
    EXPECT_EQ(export_csv(overview),
              "free:training.eta,state,stage,wall_seconds,images_per_second,config_hash,version,run,error\n"
              "{0: 1},done,train,2.5,1000,aa,1.0+model.1,runs/aa-train-model1,\n");
}

}  // namespace
}  // namespace wagesim::sweep
