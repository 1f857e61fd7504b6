// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Technology files: what their figures become for a chip, and files with one fault each.
#include <gmock/gmock.h>

#include "platforms/config/config_hash.hpp"
#include "tests/unit/config/config_files.hpp"

namespace wagesim::config {
namespace {

using ::testing::HasSubstr;

class TechnologyFile : public ConfigFiles {
protected:
    /// The chip's figures where one line of the file is another.
    chip::Technology with(const std::string& from, const std::string& to)
    {
        write("technology.yaml", replaced(technology_text(), from, to));
        const RunConfig config = load_run("run.yaml");
        EXPECT_TRUE(config.technology);
        return config.technology.value_or(chip::Technology{});
    }
    std::string fault_with(const std::string& from, const std::string& to)
    {
        write("technology.yaml", replaced(technology_text(), from, to));
        return fault();
    }
    static constexpr const char* kConversion = "conversion: {pj: 1, source: test}";
};

TEST_F(TechnologyFile, FiguresAreWholeAttojoulesSquareNanometresAndNanowatts)
{
    const chip::Technology technology = load_run("run.yaml").technology.value();
    EXPECT_EQ(technology.name, "test");
    EXPECT_EQ(technology.node_nm, 45.0);
    for (const std::int64_t each : technology.event_aj) EXPECT_EQ(each, 1'000'000);
    for (const std::int64_t each : technology.part_nm2) EXPECT_EQ(each, 2'000'000);
    for (const std::int64_t each : technology.leakage_nw) EXPECT_EQ(each, 3000);
}

TEST_F(TechnologyFile, AFigureIsTheSumOfItsForms)
{
    // The chip's arrays have 64 x 32 cell pairs, 128 lines driven at once and converters of 9 bits.
    const auto conversion = [&](const std::string& figure) {
        return with(kConversion, "conversion: " + figure).event_aj[index_of(chip::Event::conversion)];
    };
    EXPECT_EQ(conversion("{pj_per_cell: 0.001, source: test}"), 2'048'000);
    EXPECT_EQ(conversion("{pj_per_line: 0.01, source: test}"), 1'280'000);
    EXPECT_EQ(conversion("{pj_by_bits: {8: 1, 9: 1.5}, source: test}"), 1'500'000);
    EXPECT_EQ(conversion("{pj: 2, pj_per_line: 0.01, pj_by_bits: {9: 1}, source: test}"), 4'280'000);
    EXPECT_EQ(conversion("{pj: 1e-7, source: test}"), 0) << "a tenth of an attojoule";
    EXPECT_EQ(conversion("{pj: 2.5e-6, source: test}"), 3) << "rounded to nearest";
}

TEST_F(TechnologyFile, FiguresArePartOfWhatARunIs)
{
    const std::string before = config_hash(load_run("run.yaml"));
    write("technology.yaml", replaced(technology_text(), "name: test\n", "name: other\n"));
    EXPECT_EQ(config_hash(load_run("run.yaml")), before) << "a name changes no result";
    write("technology.yaml", replaced(technology_text(), kConversion, "conversion: {pj: 2, source: test}"));
    EXPECT_NE(config_hash(load_run("run.yaml")), before);
}

TEST_F(TechnologyFile, IsRefusedInOneLine)
{
    EXPECT_THAT(
        fault_with(std::string("  ") + kConversion + "\n", ""),
        HasSubstr("energy.conversion: got nothing, allowed the figure of an analog value sampled and converted"));
    EXPECT_THAT(fault_with(kConversion, "conversions: {pj: 1, source: test}"),
                HasSubstr("energy.conversions: got a key that is not known, allowed cell_read, "));
    EXPECT_THAT(fault_with(kConversion, "conversion: {pj: -1, source: test}"),
                HasSubstr("energy.conversion.pj: got -1, allowed a number, 0 or more"));
    EXPECT_THAT(fault_with(kConversion, "conversion: {pj: 1}"),
                HasSubstr("energy.conversion.source: got nothing, allowed where the figure is from"));
    EXPECT_THAT(
        fault_with(kConversion, "conversion: {source: test}"),
        HasSubstr("energy.conversion: got a map, allowed a map of source and one or more of pj, pj_per_cell, "));
    EXPECT_THAT(fault_with(kConversion, "conversion: 1"),
                HasSubstr("energy.conversion: got 1, allowed a map of source"));
    EXPECT_THAT(fault_with(kConversion, "conversion: {um2: 1, source: test}"),
                HasSubstr("energy.conversion.um2: got a key that is not known"));
    EXPECT_THAT(fault_with(kConversion, "conversion: {pj_by_bits: {4: 1, 8: 2}, source: test}"),
                HasSubstr("energy.conversion.pj_by_bits: got a chip with adc_bits 9, allowed adc_bits 4, 8"));
    EXPECT_THAT(fault_with(kConversion, "conversion: {pj: 1e10, source: test}"),
                HasSubstr("allowed less than 9e+09 pj"));
    EXPECT_THAT(fault_with("node_nm: 45", "node_nm: small"), HasSubstr("node_nm: got small, allowed a number"));
    EXPECT_THAT(fault_with("leakage:\n", "leaks:\n"), HasSubstr("leaks: got a key that is not known"));
    EXPECT_THAT(fault_with("area:\n", "areas: {}\narea:\n"), HasSubstr("areas: got a key that is not known"));
}

TEST_F(TechnologyFile, ShippedOnesAreComplete)
{
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(WAGESIM_SOURCE_DIR) + "/configs/technologies")) {
        const RunConfig config =
            load_run("run.yaml", {"chip.technology=" + entry.path().string(), "chip.crossbar.adc_bits=8"});
        ASSERT_TRUE(config.technology) << entry.path();
        std::int64_t energy = 0, area = 0;
        for (const std::int64_t each : config.technology->event_aj) energy += each;
        for (const std::int64_t each : config.technology->part_nm2) area += each;
        EXPECT_GT(energy, 0);
        EXPECT_GT(area, 0);
    }
}

}  // namespace
}  // namespace wagesim::config
