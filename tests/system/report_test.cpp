// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim report: what it reads, what it refuses and how, and that data stay data. How the page looks and works is
// tested in a browser (tests/report).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "tests/system/tiny_sweep.hpp"
#include "tests/system/wagesim_command.hpp"

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

/// The data of a page.
Json data_of(const std::string& page)
{
    const std::string open = "<script id=\"data\" type=\"application/json\">";
    const std::size_t begin = page.find(open) + open.size();
    return Json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

/// Two recorded runs and one of the chip.
class Report : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(tiny_.run("train", {"--quiet", "--record", "--out", tiny_ / "a"}).status, 0); }
    CommandResult report(std::vector<std::string> folders)
    {
        folders.insert(folders.begin(), "report");
        folders.insert(folders.end(), {"-o", page()});
        return wagesim(folders);
    }
    [[nodiscard]] std::string page() const { return tiny_ / "report.html"; }

    TinyRun tiny_;
};

TEST_F(Report, HoldsTheRunsFigures)
{
    ASSERT_EQ(tiny_.run("train", {"--quiet", "--out", tiny_ / "b", "--set", "training.gamma=4"}).status, 0);
    ASSERT_EQ(tiny_.run("simulate", {"--quiet", "--out", tiny_ / "c", "--set", small_chip(), "--steps", "3"}).status,
              0);
    const CommandResult result = report({tiny_ / "a", tiny_ / "b", tiny_ / "c"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
    const Json data = data_of(read_text(page()));
    ASSERT_EQ(data.at("runs").size(), 3U);
    const Json& a = data.at("runs").at(0);
    const Json a_result = Json::parse(read_text(tiny_ / "a/result.json"));
    EXPECT_EQ(a.at("name"), "tiny");
    EXPECT_EQ(a.at("command"), "train");
    EXPECT_EQ(a.at("result").at("final_test_error"), a_result.at("final_test_error"));
    EXPECT_EQ(a.at("epochs").size(), 3U);
    EXPECT_EQ(a.at("epochs").at(2).at("loss"), a_result.at("epochs").at(2).at("loss"));
    EXPECT_EQ(a.at("settings").at(0), Json::array({"network", "4C3-MP2-10"}));
    const Json& layer = a.at("histograms").at("layers").at(1);
    EXPECT_EQ(layer.at("tensors").size(), 7U);
    EXPECT_EQ(layer.at("errors").size(), 4U);
    std::uint64_t weights = 0;
    const Json& last = layer.at("tensors").at("weight_stored").at("samples").at(3);
    for (const Json& count : last.at("counts")) weights += count.get<std::uint64_t>();
    EXPECT_EQ(weights, 4U * 3U * 3U * 10U);
    EXPECT_TRUE(data.at("runs").at(1).at("histograms").is_null());
    const Json& c = data.at("runs").at(2);
    EXPECT_EQ(c.at("command"), "simulate");
    EXPECT_EQ(c.at("chip").at("training"), Json::parse(read_text(tiny_ / "c/result.json")).at("chip"));
    EXPECT_TRUE(c.at("chip").at("power").is_null()) << "neither recorded nor traced";
    // By hand: 128 arrays of 128 x 128 cells, 8 pulses, 16 lines a converter; 512 MACs; 8 and 32 bytes; 0.5 GHz.
    const Json& roofs = c.at("chip").at("roofs");
    EXPECT_NEAR(roofs.at("peak_tops").at("crossbars"), 2e-12 * 0.5e9 * 128 * 128 * 128 / (8 * 16), 1e-9);
    EXPECT_NEAR(roofs.at("peak_tops").at("gradient"), 2e-12 * 0.5e9 * 512, 1e-9);
    EXPECT_EQ(roofs.at("bytes_per_second").at("dram"), 4e9);
    EXPECT_EQ(roofs.at("bytes_per_second").at("buffer"), 16e9);
}

TEST_F(Report, RefusesPowerThatIsNone)
{
    ASSERT_EQ(
        tiny_.run("simulate", {"--quiet", "--record", "--out", tiny_ / "c", "--set", small_chip(), "--steps", "3"})
            .status,
        0);
    ASSERT_EQ(report({tiny_ / "c"}).status, 0);
    const Json power = Json::parse(read_text(tiny_ / "c/power.json"));
    EXPECT_EQ(data_of(read_text(page())).at("runs").at(0).at("chip").at("power"), power);
    std::ofstream(tiny_ / "c/power.json")
        << R"({"clock_ghz": 1, "cycles": 5, "window_cycles": 1, "leakage_w": "much"})";
    const CommandResult refused = report({tiny_ / "c"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.err, HasSubstr("power.json: leakage_w: got a value of type string, allowed a number"));
}

/// Learning rates far too large: the loss overflows, which JSON can only write as null.
TEST_F(Report, DrawsAFloatCompanionWhoseLossOverflowed)
{
    const std::string training =
        "training={batch: 8, epochs: 3, learning_rate: {0: 0.5, 1: 1e6}, momentum: 0.9, nesterov: true, "
        "weight_decay: 1e-4, batch_norm: true}";
    ASSERT_EQ(tiny_
                  .run("train", {"--quiet", "--out", tiny_ / "f", "--set",
                                 "widths={w: float, a: float, g: float, e: float}", "--set", training})
                  .status,
              0);
    const CommandResult result = report({tiny_ / "a", tiny_ / "f"});
    ASSERT_EQ(result.status, 0) << result.err;
    const Json runs = data_of(read_text(page())).at("runs");
    EXPECT_EQ(runs.at(0).at("loss"), "sse");
    const Json& run = runs.at(1);
    EXPECT_TRUE(run.at("epochs").at(0).at("loss").is_number());
    EXPECT_TRUE(run.at("epochs").at(2).at("loss").is_null());
    const Json& settings = run.at("settings");
    const auto value_of = [&](const std::string& name) {
        for (const Json& each : settings) {
            if (each.at(0) == name) return each.at(1).get<std::string>();
        }
        return "no " + name;
    };
    EXPECT_EQ(value_of("widths W-A-G-E"), "float-float-float-float");
    EXPECT_EQ(value_of("learning rate"), "0.5, from epoch 1 1000000");
    EXPECT_EQ(value_of("momentum"), "0.9, Nesterov");
    EXPECT_EQ(value_of("weight decay"), "0.0001");
    EXPECT_EQ(value_of("batch normalization"), "yes");
    EXPECT_EQ(value_of("loss"), "sse");
}

TEST_F(Report, DrawsARunThatIsNotComplete)
{
    fs::remove(tiny_ / "a/result.json");
    ASSERT_EQ(report({tiny_ / "a"}).status, 0);
    const Json run = data_of(read_text(page())).at("runs").at(0);
    EXPECT_FALSE(run.at("complete").get<bool>());
    EXPECT_TRUE(run.at("result").is_null());
    EXPECT_EQ(run.at("epochs").size(), 3U);
}

TEST_F(Report, NoTextOfARunCanLeaveItsPlace)
{
    const std::string evil = "</script><script>alert(1)</script><!-- &";
    ASSERT_EQ(
        tiny_.run("train", {"--quiet", "--out", tiny_ / "evil", "--steps", "1", "--set", "name='" + evil + "'"}).status,
        0);
    ASSERT_EQ(report({tiny_ / "evil"}).status, 0);
    const std::string text = read_text(page());
    EXPECT_THAT(text, Not(HasSubstr("alert(1)</script>")));
    EXPECT_EQ(data_of(text).at("runs").at(0).at("name"), evil);
}

TEST_F(Report, ReplacesTheOldPageOnlyWhenTheNewOneIsWhole)
{
    write_text(page(), "old");
    EXPECT_EQ(report({tiny_ / "a", tiny_ / "missing"}).status, 3);
    EXPECT_EQ(read_text(page()), "old");
    EXPECT_EQ(report({tiny_ / "a"}).status, 0);
    EXPECT_THAT(read_text(page()), HasSubstr("<!DOCTYPE html>"));
    EXPECT_FALSE(fs::exists(page() + ".tmp"));
}

TEST_F(Report, DoesNotWriteOverWhatItReads)
{
    const CommandResult result = wagesim({"report", tiny_ / "a", "-o", tiny_ / "a/config.yaml"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("which this run reads or writes itself"));
}

TEST_F(Report, NeedsNothingOfTheMachineThatRan)
{
    ASSERT_EQ(tiny_.run("simulate", {"--quiet", "--out", tiny_ / "c", "--set", small_chip(), "--steps", "1"}).status,
              0);
    std::string config = read_text(tiny_ / "c/config.yaml");
    const std::size_t place = config.find(WAGESIM_SOURCE_DIR);
    ASSERT_NE(place, std::string::npos) << "the technology's path";
    config.replace(place, std::string(WAGESIM_SOURCE_DIR).size(), "/elsewhere");
    write_text(tiny_ / "c/config.yaml", config);
    const CommandResult result = report({tiny_ / "c"});
    EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(Report, RefusesRunsAndSweepsOnOnePage)
{
    write_text(tiny_ / "sweep", std::string("SQLite format 3\0more", 20));
    const CommandResult result = report({tiny_ / "a", tiny_ / "sweep"});
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err, "wagesim: report: got " + (tiny_ / "a") + " and " + (tiny_ / "sweep") +
                              ", allowed run folders or databases of sweeps, not both\n");
}

/// How the page of a sweep is drawn is tested in a browser; what is in it, in tests/unit/report.
TEST(ReportOfASweep, IsOnePageOfItsPoints)
{
    const TinySweep sweep;
    ASSERT_EQ(sweep.run("run", "out", {"--quiet"}).status, 0);
    const std::string database = sweep / "out/sweep.sqlite";
    const std::string page = sweep / "explore.html";
    const CommandResult result = wagesim({"report", database, "-o", page});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.out + result.err, "");
    const Json data = data_of(read_text(page));
    ASSERT_EQ(data.at("sweeps").size(), 1U);
    EXPECT_EQ(data.at("sweeps").at(0).at("name"), "tiny-sweep");
    EXPECT_EQ(data.at("sweeps").at(0).at("points"), 6);
    EXPECT_EQ(wagesim({"report", database, sweep / "out/../out/sweep.sqlite", "-o", page}).status, 2) << "twice";
    EXPECT_EQ(wagesim({"report", database, "-o", database}).status, 2) << "over itself";
}

TEST(ReportOfASweep, RefusesWhatIsNoneInOneLine)
{
    const TinyRun tiny;
    const std::string file = tiny / "sweep.sqlite";
    const auto expect = [&](const std::string& fault) {
        const CommandResult result = wagesim({"report", file, "-o", tiny / "explore.html"});
        EXPECT_EQ(result.status, 3);
        EXPECT_EQ(result.err, file + ": " + fault + "\n");
        EXPECT_FALSE(fs::exists(tiny / "explore.html"));
    };
    expect("unable to open database file");
    write_text(file, std::string("SQLite format 3\0more", 20));
    expect("file is not a database");
}

/// A run folder with one thing wrong. FOLDER stands for its path.
struct BrokenFolder {
    std::string name;
    std::function<void(const std::string& folder)> spoil;
    std::string expected;
};

void PrintTo(const BrokenFolder& broken, std::ostream* out)
{
    *out << broken.name;
}

class BrokenRunFolder : public ::testing::TestWithParam<BrokenFolder> {};

TEST_P(BrokenRunFolder, IsRefusedInOneLine)
{
    const TinyRun tiny;
    const std::string folder = tiny / "run";
    ASSERT_EQ(
        tiny.run("simulate", {"--quiet", "--record", "--out", folder, "--steps", "2", "--set", small_chip()}).status,
        0);
    GetParam().spoil(folder);
    const CommandResult result = wagesim({"report", folder, "-o", tiny / "report.html"});
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.out, "");
    ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
    std::string expected = GetParam().expected;
    for (std::size_t at = 0; (at = expected.find("FOLDER")) != std::string::npos;) expected.replace(at, 6, folder);
    EXPECT_THAT(result.err, ::testing::StartsWith(expected));
    EXPECT_FALSE(fs::exists(tiny / "report.html"));
}

/// result.json with `change` made to it.
std::function<void(const std::string&)> result_with(const std::function<void(Json&)>& change)
{
    return [change](const std::string& folder) {
        Json result = Json::parse(read_text(folder + "/result.json"));
        change(result);
        write_text(folder + "/result.json", result.dump());
    };
}

INSTANTIATE_TEST_SUITE_P(
    Folders, BrokenRunFolder,
    ::testing::ValuesIn(std::vector<BrokenFolder>{
        {"missing", [](const auto& folder) { fs::remove_all(folder); },
         "FOLDER: got no folder, allowed one that --out left"},
        {"a_file",
         [](const auto& folder) {
             fs::remove_all(folder);
             write_text(folder, "text");
         },
         "FOLDER: got no folder"},
        {"empty",
         [](const auto& folder) {
             fs::remove_all(folder);
             fs::create_directory(folder);
         },
         "FOLDER: got neither result.json nor record.npz"},
        {"no_config", [](const auto& folder) { fs::remove(folder + "/config.yaml"); }, "FOLDER/config.yaml: "},
        {"config_that_is_none", [](const auto& folder) { write_text(folder + "/config.yaml", "seed: [1\n"); },
         "FOLDER/config.yaml:"},
        {"config_with_a_fault", [](const auto& folder) { write_text(folder + "/config.yaml", "seed: many\n"); },
         "FOLDER/config.yaml:"},
        {"no_json", [](const auto& folder) { write_text(folder + "/result.json", "{\"steps\": "); },
         "FOLDER/result.json: got no JSON from byte "},
        {"json_of_another_kind", [](const auto& folder) { write_text(folder + "/result.json", "[]"); },
         "FOLDER/result.json: the file: got a value of type array, allowed an object"},
        {"number_beyond_binary64",
         [](const auto& folder) { write_text(folder + "/result.json", "{\"steps\": 1e400}"); },
         "FOLDER/result.json: got a number beyond binary64"},
        {"record_of_another_run", result_with([](Json& result) { result["config_hash"] = "0123"; }),
         "FOLDER/record.npz: got a record of configuration "},
        {"no_steps", result_with([](Json& result) { result.erase("steps"); }),
         "FOLDER/result.json: steps: got nothing, allowed a value"},
        {"of_infer",
         [](const auto& folder) {
             const TinyRun tiny;
             const std::string inferred = tiny / "run";
             ASSERT_EQ(tiny.run("infer", {"--quiet", "--weights", folder + "/weights.npz", "--out", inferred}).status,
                       0);
             fs::copy_file(inferred + "/result.json", folder + "/result.json", fs::copy_options::overwrite_existing);
         },
         "FOLDER/result.json: got a result of infer, allowed one of train, simulate or verify"},
        {"epoch_without_loss", result_with([](Json& result) { result["epochs"][0].erase("loss"); }),
         "FOLDER/result.json: epochs[0].loss: got nothing"},
        {"text_for_a_number", result_with([](Json& result) { result["epochs"][0]["train_error"] = "low"; }),
         "FOLDER/result.json: epochs[0].train_error: got a value of type string, allowed a number"},
        {"no_evaluation", result_with([](Json& result) { result.erase("evaluation"); }),
         "FOLDER/result.json: evaluation: got nothing"},
        {"traffic_incomplete",
         result_with([](Json& result) { result["chip"]["traffic_bytes"]["dram"].erase("errors"); }),
         "FOLDER/result.json: chip.traffic_bytes.dram.errors: got nothing"},
        {"utilisation_of_text", result_with([](Json& result) { result["chip"]["utilisation"]["dram"] = "half"; }),
         "FOLDER/result.json: chip.utilisation.dram: got a value of type string, allowed a number or null"},
        {"record_that_is_none", [](const auto& folder) { write_text(folder + "/record.npz", "no archive"); },
         "FOLDER/record.npz: "},
        {"record_of_another_network",
         [](const auto& folder) {
             const TinyRun other;
             ASSERT_EQ(other
                           .run("train",
                                {"--quiet", "--record", "--steps", "1", "--out", other / "run", "--set", "widths.a=4"})
                           .status,
                       0);
             fs::copy_file(other / "run/record.npz", folder + "/record.npz", fs::copy_options::overwrite_existing);
         },
         "FOLDER/record.npz: entry 'layer0/input/edges': got float64 of 16, allowed a shape of 256"},
        {"record_beside_floats",
         [](const auto& folder) {
             const TinyRun other;
             ASSERT_EQ(other
                           .run("train", {"--quiet", "--steps", "1", "--out", other / "run", "--set",
                                          "widths={w: float, a: float, g: float, e: float}", "--set",
                                          "training={batch: 8, epochs: 3, learning_rate: {0: 0.5}}"})
                           .status,
                       0);
             fs::copy_file(other / "run/config.yaml", folder + "/config.yaml", fs::copy_options::overwrite_existing);
             fs::copy_file(other / "run/result.json", folder + "/result.json", fs::copy_options::overwrite_existing);
         },
         "FOLDER/record.npz: got a record, allowed none: float32 tensors have none"},
    }),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace wagesim::test
