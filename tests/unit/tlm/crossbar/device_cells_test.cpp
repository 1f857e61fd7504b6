// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Each effect on cells by itself: exact where no number is drawn, within five standard errors where one is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tlm/crossbar/device/conductance.hpp"
#include "tlm/crossbar/device/device_cells.hpp"

namespace wagesim::chip {
namespace {

constexpr double kCellErrors = 5.0;

/// One array of many cells, every one of them asked for the same level.
class Array {
public:
    explicit Array(const DeviceConfig& device, int cell_bits = 2, std::uint64_t unit = 0)
        : config_(config_of(cell_bits)),
          cells_(config_, device, 1, 1, unit),
          wear_(1, 1, rows(), columns()),
          most_pulses_(static_cast<std::size_t>(device.write_pulses))
    {
    }

    CellPulses program(std::uint8_t level)
    {
        cells_.begin_programming();
        wear_.begin_programming(most_pulses_);
        const std::uint64_t before = wear_.total();
        const std::vector<std::uint8_t> levels(rows(), level);
        CellPulses pulses;
        for (std::size_t c = 0; c < columns(); ++c) pulses += cells_.write({0, 0, 0, c}, levels.data(), rows(), wear_);
        EXPECT_EQ(wear_.total() - before, pulses.set + pulses.reset);
        return pulses;
    }
    void at(std::uint64_t cycles) { cells_.begin({cycles, 0}); }

    /// In levels.
    [[nodiscard]] std::vector<double> read() const
    {
        std::vector<double> out;
        std::vector<std::int32_t> column(rows());
        for (std::size_t c = 0; c < columns(); ++c) {
            cells_.read({0, 0, 0, c}, rows(), column.data());
            for (const std::int32_t g : column) out.push_back(std::ldexp(g, -conductance_bits(config_)));
        }
        return out;
    }
    [[nodiscard]] DeviceCells& cells() noexcept { return cells_; }

private:
    static CrossbarConfig config_of(int cell_bits)
    {
        CrossbarConfig config;
        config.rows = 200;
        config.columns = 100;
        config.cell_bits = cell_bits;
        return config;
    }
    [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(config_.rows); }
    [[nodiscard]] std::size_t columns() const { return static_cast<std::size_t>(config_.columns); }

    CrossbarConfig config_;
    DeviceCells cells_;
    CellWear wear_;
    std::size_t most_pulses_;
};

double mean_of(const std::vector<double>& values)
{
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values)
{
    const double mean = mean_of(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

std::size_t count_of(const std::vector<double>& values, double value)
{
    return static_cast<std::size_t>(std::count(values.begin(), values.end(), value));
}

TEST(DeviceCells, IdealOnesHoldTheirLevels)
{
    for (const int cell_bits : {1, 2, 7}) {
        Array array(DeviceConfig{}, cell_bits);
        for (const int level : {1, (1 << cell_bits) - 1, 0}) {
            array.program(static_cast<std::uint8_t>(level));
            EXPECT_EQ(count_of(array.read(), level), 20000U);
        }
    }
}

TEST(DeviceCells, CountPulsesOfCellsThatChange)
{
    Array array(DeviceConfig{});
    const CellPulses up = array.program(2);
    EXPECT_EQ(up.set, 20000U);
    EXPECT_EQ(up.reset, 0U);
    const CellPulses same = array.program(2);
    EXPECT_EQ(same.set + same.reset, 0U);
    const CellPulses down = array.program(1);
    EXPECT_EQ(down.set, 0U);
    EXPECT_EQ(down.reset, 20000U);
}

TEST(DeviceCells, VariationHasItsSpread)
{
    DeviceConfig device;
    device.program_sigma = 0.05;
    Array array(device);
    array.program(2);
    const std::vector<double> read = array.read();
    const double sigma = 0.05 * 3.0;  // ranges of three levels
    const double n = 20000.0;
    EXPECT_NEAR(mean_of(read), 2.0, kCellErrors * sigma / std::sqrt(n));
    EXPECT_NEAR(deviation_of(read), sigma, kCellErrors * sigma / std::sqrt(2.0 * n));
    // Cells that are asked for nothing new are left alone; others draw anew.
    array.program(2);
    EXPECT_EQ(array.read(), read);
    array.program(1);
    array.program(2);
    EXPECT_NE(array.read(), read);
    // None conducts less than nothing.
    array.program(0);
    const std::vector<double> off = array.read();
    EXPECT_GE(*std::min_element(off.begin(), off.end()), 0.0);
    EXPECT_NEAR(static_cast<double>(count_of(off, 0.0)), n / 2.0, kCellErrors * std::sqrt(n) / 2.0 + 100.0);
}

TEST(DeviceCells, StepsUpAndDownDiffer)
{
    DeviceConfig device;
    device.set_step = 0.5;
    device.reset_step = 0.75;
    Array array(device);
    array.program(2);
    EXPECT_EQ(count_of(array.read(), 1.0), 20000U);
    array.program(0);
    EXPECT_EQ(count_of(array.read(), 0.25), 20000U);
}

TEST(DeviceCells, VerificationEndsPulsesWithinItsTolerance)
{
    DeviceConfig device;
    device.set_step = 0.5;
    device.write_pulses = 10;
    device.write_tolerance = 0.05;  // 0.15 levels
    Array array(device);
    // 2 (1 - 2^-n) is within 0.15 of 2 after four pulses.
    EXPECT_EQ(array.program(2).set, 4U * 20000U);
    EXPECT_EQ(count_of(array.read(), 1.875), 20000U);

    // With variation, a pulse hits with probability P(|x| <= tolerance / sigma), and so does each further one.
    DeviceConfig noisy;
    noisy.program_sigma = 0.05;
    noisy.write_pulses = 6;
    noisy.write_tolerance = 0.05;
    Array drawn(noisy);
    const CellPulses pulses = drawn.program(2);
    const double hit = std::erf(1.0 / std::sqrt(2.0));
    double expected = 0.0, variance = 0.0;
    for (int pulse = 0; pulse < 6; ++pulse) {
        expected += std::pow(1.0 - hit, pulse);
        variance += (2.0 * pulse + 1.0) * std::pow(1.0 - hit, pulse);
    }
    variance -= expected * expected;
    const double n = 20000.0;
    EXPECT_NEAR(static_cast<double>(pulses.set + pulses.reset) / n, expected,
                kCellErrors * std::sqrt(variance / n) + 0.002);
    std::size_t outside = 0;
    for (const double value : drawn.read()) outside += std::abs(value - 2.0) > 0.1501 ? 1U : 0U;
    const double failed = std::pow(1.0 - hit, 6);
    EXPECT_NEAR(static_cast<double>(outside) / n, failed, kCellErrors * std::sqrt(failed / n) + 2e-4);
}

TEST(DeviceCells, FailedWritesStayWhereTheyAre)
{
    DeviceConfig device;
    device.write_failure = 0.1;
    Array array(device);
    array.program(2);
    const std::vector<double> first = array.read();
    const double n = 20000.0;
    EXPECT_NEAR(static_cast<double>(count_of(first, 0.0)), 0.1 * n, kCellErrors * std::sqrt(0.09 * n));
    EXPECT_EQ(count_of(first, 0.0) + count_of(first, 2.0), 20000U);
    array.program(1);
    const std::vector<double> second = array.read();
    EXPECT_NEAR(static_cast<double>(count_of(second, 2.0)), 0.09 * n, kCellErrors * std::sqrt(0.09 * n));
    // Several pulses make up for failures.
    device.write_pulses = 4;
    Array patient(device);
    patient.program(2);
    EXPECT_NEAR(static_cast<double>(count_of(patient.read(), 0.0)), 1e-4 * n, kCellErrors * std::sqrt(1e-4 * n));
}

TEST(DeviceCells, HaveSomeLevelsOnly)
{
    DeviceConfig device;
    device.levels = 4;  // 0, 5, 10, 15 of 15
    Array array(device, 4);
    const std::vector<double> expected = {0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 15, 15, 15};
    for (std::size_t level = 0; level < expected.size(); ++level) {
        array.program(static_cast<std::uint8_t>(level));
        EXPECT_EQ(count_of(array.read(), expected[level]), 20000U) << level;
    }
    // As many as codes, or a multiple of their steps: no difference.
    for (const int levels : {16, 31, 46}) {
        device.levels = levels;
        CrossbarConfig config;
        config.cell_bits = 4;
        for (int level = 0; level < 16; ++level) {
            EXPECT_EQ(target_conductance(config, device, level), level << conductance_bits(config));
        }
    }
}

TEST(DeviceCells, SomeAreStuckForGood)
{
    DeviceConfig device;
    device.stuck_at_0 = 0.02;
    device.stuck_at_1 = 0.01;
    Array array(device);
    array.program(1);
    const std::vector<double> ones = array.read();
    const double n = 20000.0;
    EXPECT_NEAR(static_cast<double>(count_of(ones, 0.0)), 0.02 * n, kCellErrors * std::sqrt(0.0196 * n));
    EXPECT_NEAR(static_cast<double>(count_of(ones, 3.0)), 0.01 * n, kCellErrors * std::sqrt(0.0099 * n));
    array.program(2);
    const std::vector<double> twos = array.read();
    for (std::size_t i = 0; i < ones.size(); ++i) {
        ASSERT_EQ(ones[i] == 1.0, twos[i] == 2.0) << "whatever is programmed, the same cells are stuck";
        if (ones[i] != 1.0) {
            ASSERT_EQ(ones[i], twos[i]);
        }
    }
    device.seed = 2;
    Array other(device);
    other.program(1);
    EXPECT_NE(other.read(), ones);
    device.seed = 1;
    Array elsewhere(device, 2, 1);
    elsewhere.program(1);
    EXPECT_NE(elsewhere.read(), ones) << "another group of arrays has other faults";
}

TEST(DeviceCells, DriftByAPowerOfTime)
{
    DeviceConfig device;
    device.drift_exponent = 0.1;
    device.drift_start_cycles = 1000;
    Array array(device, 1);
    array.at(5000);
    array.program(1);
    for (const std::uint64_t age : {0ULL, 500ULL, 1000ULL, 2000ULL, 64000ULL, 1000000000ULL}) {
        array.at(5000 + age);
        const double expected = std::pow(std::max(1.0, static_cast<double>(age) / 1000.0), -0.1);
        const std::vector<double> read = array.read();
        EXPECT_NEAR(read.front(), expected, std::ldexp(0.501, -13)) << age;
        EXPECT_EQ(count_of(read, read.front()), 20000U);
    }
}

TEST(DeviceCells, DriftFromTheirOwnLastProgramming)
{
    DeviceConfig device;
    device.drift_exponent = 0.1;
    device.drift_start_cycles = 10;
    Array array(device, 1);
    array.program(1);
    array.at(10000);
    const std::vector<double> old = array.read();
    array.program(1);
    EXPECT_EQ(array.read(), old) << "what is not rewritten goes on drifting";
    array.program(0);
    array.program(1);
    EXPECT_EQ(count_of(array.read(), 1.0), 20000U);
}

TEST(DeviceCells, ExponentsDiffer)
{
    DeviceConfig device;
    device.drift_exponent = 0.1;
    device.drift_sigma = 0.02;
    device.drift_start_cycles = 1;
    Array array(device, 1);
    array.program(1);
    array.at(1024);
    std::vector<double> exponents;
    for (const double value : array.read()) exponents.push_back(-std::log2(value) / 10.0);
    const double n = 20000.0;
    EXPECT_NEAR(mean_of(exponents), 0.1, kCellErrors * 0.02 / std::sqrt(n) + 1e-5);
    EXPECT_NEAR(deviation_of(exponents), 0.02, kCellErrors * 0.02 / std::sqrt(2.0 * n));
}

TEST(DeviceCells, GoOnFromAState)
{
    DeviceConfig device;
    device.program_sigma = 0.05;
    device.write_failure = 0.05;
    device.stuck_at_1 = 0.01;
    device.drift_exponent = 0.05;
    device.drift_sigma = 0.01;
    Array whole(device);
    whole.program(1);
    whole.at(3000);
    whole.program(2);
    const DeviceState state = whole.cells().state();

    Array resumed(device);
    resumed.program(3);
    resumed.cells().restore(state);
    for (Array* array : {&whole, &resumed}) array->at(100000);
    EXPECT_EQ(resumed.read(), whole.read());
    EXPECT_EQ(resumed.program(1).reset, whole.program(1).reset);
    for (Array* array : {&whole, &resumed}) array->at(900000);
    EXPECT_EQ(resumed.read(), whole.read());

    DeviceState broken = state;
    broken.cells.pop_back();
    EXPECT_THROW(resumed.cells().restore(broken), std::invalid_argument);
    broken = state;
    broken.written.front() = 17;
    EXPECT_THROW(resumed.cells().restore(broken), std::invalid_argument);
    broken = state;
    broken.cells.front() = 0xFFFFFFFF;
    EXPECT_THROW(resumed.cells().restore(broken), std::invalid_argument);
    broken = state;
    broken.times.clear();
    EXPECT_THROW(resumed.cells().restore(broken), std::invalid_argument);
}

}  // namespace
}  // namespace wagesim::chip
