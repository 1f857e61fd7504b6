// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a unit records is what it did: edges against the cycles that it returned, beats against operands and results.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/support/fst_file.hpp"
#include "tests/support/run_command.hpp"

namespace wagesim::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

constexpr std::uint64_t kPeriod = 1'000'000;
constexpr const char* kClock = "quantize_update.clk_i";

std::uint32_t address_of(QuantizeUpdateRegister name)
{
    return static_cast<std::uint32_t>(name);
}

/// Codes of an activation burst; its cycles are added to `cycles`.
std::vector<std::int8_t> activate(QuantizeUpdateUnit& unit, const std::vector<std::int32_t>& operands,
                                  CycleCount& cycles)
{
    std::vector<std::int8_t> codes(operands.size());
    std::vector<std::uint8_t> flags(operands.size());
    cycles += unit.write_register(address_of(QuantizeUpdateRegister::mode),
                                  static_cast<std::uint32_t>(QuantizeUpdateMode::activation));
    cycles += unit.write_register(address_of(QuantizeUpdateRegister::attenuation), 3);
    Burst burst;
    burst.count = operands.size();
    burst.operand = {operands.data(), ElementType::int32};
    burst.result = {codes.data(), ElementType::int8};
    burst.auxiliary_result = {flags.data(), ElementType::uint8};
    cycles += unit.run(burst);
    return codes;
}

std::vector<std::int32_t> operands_from(std::int32_t first, std::size_t count)
{
    std::vector<std::int32_t> operands;
    for (std::size_t i = 0; i < count; ++i) operands.push_back(first + 37 * static_cast<std::int32_t>(i));
    return operands;
}

class WaveUnit : public ::testing::Test {
protected:
    TemporaryFolder folder_;
    std::string file_ = folder_ / "wave.fst";
    std::unique_ptr<RecordableUnit> unit_ = rtl::make_recordable_unit(WAGESIM_TEST_LANES);
    CycleCount cycles_ = 0;
};

TEST_F(WaveUnit, HasTheHierarchyOfTheRtl)
{
    unit_->open_wave(file_, kPeriod);
    unit_->record_wave(true);
    activate(*unit_, operands_from(0, 9), cycles_);
    unit_->close_wave();

    const FstFile wave(file_);
    EXPECT_EQ(wave.timescale(), -15);
    ASSERT_FALSE(wave.scopes().empty());
    EXPECT_EQ(wave.scopes().front(), "quantize_update");
    for (const std::string& scope : wave.scopes()) EXPECT_EQ(scope.find("quantize_update"), 0U) << scope;
    EXPECT_THAT(wave.scopes(), Contains("quantize_update.quantize_update.gen_lane[0].u_lane"));
    for (const char* const port : {"clk_i", "rst_ni", "reg_we_i", "in_data_i", "in_side_i", "in_keep_i", "in_last_i",
                                   "in_ready_o", "out_data_o", "out_side_o", "out_valid_o", "idle_o"}) {
        EXPECT_TRUE(wave.has(std::string("quantize_update.") + port)) << port;
    }
}

TEST_F(WaveUnit, HasARisingEdgeForEachCycleThatTheUnitReturned)
{
    unit_->open_wave(file_, kPeriod);
    CycleCount before = 0;
    activate(*unit_, operands_from(0, 9), before);  // not recorded
    unit_->record_wave(true);
    activate(*unit_, operands_from(100, 23), cycles_);
    cycles_ += unit_->write_register(address_of(QuantizeUpdateRegister::key_1), 5);
    EXPECT_EQ(unit_->read_register(address_of(QuantizeUpdateRegister::attenuation)), 3U);
    unit_->record_wave(false);
    activate(*unit_, operands_from(0, 9), before);  // not recorded
    unit_->close_wave();

    std::uint64_t edges = 0;
    std::uint64_t reads = 0;
    FstFile(file_).for_each_edge(
        kClock, [&](const FstFile::Sample& at) { ++(at.number("quantize_update.reg_re_i") != 0 ? reads : edges); });
    EXPECT_EQ(edges, cycles_);
    EXPECT_GE(reads, 1U);
}

TEST_F(WaveUnit, ShowsOperandsAndResultsWhereTheyMove)
{
    const std::vector<std::int32_t> operands = operands_from(-600, 4 * WAGESIM_TEST_LANES + 1);
    unit_->open_wave(file_, kPeriod);
    unit_->record_wave(true);
    const std::vector<std::int8_t> codes = activate(*unit_, operands, cycles_);
    unit_->close_wave();

    std::vector<std::int32_t> offered;
    std::vector<std::int8_t> handed_over;
    FstFile(file_).for_each_edge(kClock, [&](const FstFile::Sample& at) {
        const auto moves = [&](const char* valid, const char* ready, const char* keep, std::size_t lane) {
            return at.number(std::string("quantize_update.") + valid) != 0 &&
                   at.number(std::string("quantize_update.") + ready) != 0 &&
                   at.number(std::string("quantize_update.") + keep, lane, 1) != 0;
        };
        for (std::size_t lane = 0; lane < WAGESIM_TEST_LANES; ++lane) {
            if (moves("in_valid_i", "in_ready_o", "in_keep_i", lane)) {
                offered.push_back(static_cast<std::int32_t>(at.number("quantize_update.in_data_i", 48 * lane, 32)));
            }
            if (moves("out_valid_o", "out_ready_i", "out_keep_o", lane)) {
                handed_over.push_back(static_cast<std::int8_t>(at.number("quantize_update.out_data_o", 16 * lane, 8)));
            }
        }
    });
    EXPECT_EQ(offered, operands);
    EXPECT_EQ(handed_over, codes);
}

TEST_F(WaveUnit, TimeIsThePeriodAndMovesForwardOnly)
{
    unit_->open_wave(file_, kPeriod);
    unit_->record_wave(true);
    const auto write = [&] { unit_->write_register(address_of(QuantizeUpdateRegister::gamma), 1); };
    write();
    write();
    unit_->advance_wave(10 * kPeriod);
    write();
    unit_->advance_wave(3 * kPeriod);
    write();
    unit_->record_wave(false);
    unit_->record_wave(true);
    write();
    unit_->close_wave();

    std::vector<std::uint64_t> times;
    FstFile(file_).for_each_edge(kClock, [&](const FstFile::Sample& at) { times.push_back(at.time() / kPeriod); });
    EXPECT_THAT(times, ElementsAre(1, 2, 10, 11, 12));
}

TEST_F(WaveUnit, AFileThatCannotBeCreatedIsAnError)
{
    EXPECT_THROW(unit_->open_wave("/nowhere/wave.fst", kPeriod), std::runtime_error);
    EXPECT_THROW(unit_->record_wave(true), std::logic_error);
}

}  // namespace
}  // namespace wagesim::test
