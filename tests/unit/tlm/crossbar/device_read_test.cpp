// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading real devices: with nothing off, the definition of ideal ones; the fast implementation against the definition
// on every vector extension of this machine; noise, offsets and gains of converters; and that neither threads nor the
// way positions are cut shows.
#include <gtest/gtest.h>
#include <hwy/highway.h>
#include <omp.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "tlm/crossbar/crossbar_reader.hpp"
#include "tlm/crossbar/device/conductance.hpp"
#include "tlm/crossbar/device/device_arrays.hpp"
#include "tlm/crossbar/device/device_random.hpp"

namespace wagesim::chip {
namespace {

using Reading = DeviceArrays::Reading;
using Sums = std::vector<std::int64_t>;
constexpr double kReadErrors = 5.0;

template <class T>
T pick(std::mt19937& random, const std::vector<T>& from)
{
    return from[random() % from.size()];
}

DeviceConfig everything()
{
    DeviceConfig device;
    device.levels = 3;
    device.program_sigma = 0.05;
    device.set_step = 0.9;
    device.reset_step = 0.8;
    device.write_failure = 0.05;
    device.write_pulses = 3;
    device.write_tolerance = 0.05;
    device.stuck_at_0 = 0.02;
    device.stuck_at_1 = 0.01;
    device.drift_exponent = 0.05;
    device.drift_sigma = 0.02;
    device.drift_start_cycles = 100;
    device.read_sigma = 0.7;
    device.adc_offset_sigma = 0.4;
    device.adc_gain_sigma = 0.05;
    device.wire_resistance = 1e-4;
    return device;
}

/// Arrays and inputs, everything drawn at random.
struct DeviceCase {
    explicit DeviceCase(unsigned seed)
    {
        std::mt19937 random(seed);
        config.rows = pick(random, std::vector<int>{1, 5, 32, 64, 100});
        config.columns = pick(random, std::vector<int>{1, 7, 16, 33, 64});
        config.cell_bits = pick(random, std::vector<int>{1, 1, 2, 3, 7});
        config.dac_bits = pick(random, std::vector<int>{1, 1, 2, 3, 8});
        config.active_lines = pick(random, std::vector<int>{1, 3, 31, 32, 64, 128});
        config.adc_bits = pick(random, std::vector<int>{1, 3, 5, 8, 12, 32});
        config.adc_mode = pick(random, std::vector<AdcMode>{AdcMode::saturate, AdcMode::truncate});
        config.lines_per_adc = pick(random, std::vector<int>{1, 3, 8, 200});
        config.subtract = pick(random, std::vector<Subtract>{Subtract::analog, Subtract::digital});
        config.backward_read = pick(random, std::vector<BackwardRead>{BackwardRead::two_phase, BackwardRead::bipolar});
        config.input_coding =
            pick(random, std::vector<InputCoding>{InputCoding::twos_complement, InputCoding::sign_magnitude});
        weight_bits = pick(random, std::vector<int>{2, 2, 3, 5, 8});
        bits = pick(random, std::vector<int>{2, 5, 8, 8, 8, 8, 10, 16});
        rows = 1 + random() % 110;
        columns = 1 + random() % 70;
        positions = pick(random, std::vector<std::size_t>{1, 2, 5, 19});
        const int code_limit = (1 << (weight_bits - 1)) - 1;
        const int input_limit = (1 << (bits - 1)) - 1;
        codes.resize(rows * columns);
        std::uniform_int_distribution<int> any_code(-code_limit, code_limit);
        std::uniform_int_distribution<int> any_input(-input_limit, input_limit);
        for (auto& code : codes) code = static_cast<std::int8_t>(any_code(random));
        for (std::size_t i = 0; i < positions * std::max(rows, columns); ++i) inputs.push_back(any_input(random));
        narrow.assign(inputs.begin(), inputs.end());
    }

    [[nodiscard]] std::size_t arrays() const
    {
        const auto along = [](std::size_t lines, int array) {
            return (lines + static_cast<std::size_t>(array) - 1) / static_cast<std::size_t>(array);
        };
        return along(rows, config.rows) * along(columns, config.columns);
    }
    [[nodiscard]] ConstMatrix matrix(std::size_t lines, std::size_t first, std::size_t count) const
    {
        ConstMatrix out;
        out.data = bits <= 8 ? static_cast<const void*>(narrow.data() + first * lines)
                             : static_cast<const void*>(inputs.data() + first * lines);
        out.type = bits <= 8 ? ElementType::int8 : ElementType::int32;
        out.rows = count;
        out.columns = out.stride = lines;
        return out;
    }
    [[nodiscard]] std::unique_ptr<DeviceArrays> programmed(const DeviceConfig& device, Reading reading) const
    {
        auto out = std::make_unique<DeviceArrays>(config, device, weight_bits, arrays(), 0, reading);
        out->begin_block({RowIndex(0), RowIndex(rows), ColumnIndex(0), ColumnIndex(columns)});
        CellWear wear(arrays(), 8, static_cast<std::size_t>(config.rows), static_cast<std::size_t>(config.columns));
        wear.begin_programming(out->most_pulses());
        for (std::size_t c = 0; c < columns; ++c) out->write_column(c, codes.data() + c * rows, wear);
        out->begin_program({5000, 3});
        out->settle();
        return out;
    }
    /// Forward, then backward, positions in calls of `at_once`.
    [[nodiscard]] Sums read(const DeviceArrays& arrays, std::size_t at_once = 1000, bool accumulate = false) const
    {
        Sums sums(positions * (rows + columns), 11);
        for (std::size_t first = 0; first < positions; first += at_once) {
            const std::size_t count = std::min(at_once, positions - first);
            arrays.forward(matrix(rows, first, count), bits,
                           {sums.data() + first * columns, ElementType::int64, count, columns, columns}, accumulate,
                           {4, first});
            arrays.backward(matrix(columns, first, count), bits,
                            {sums.data() + positions * columns + first * rows, ElementType::int64, count, rows, rows},
                            accumulate, {4, first});
        }
        return sums;
    }
    [[nodiscard]] Sums read(CrossbarReader& reader) const
    {
        const CellView cells{codes.data(), rows, columns, rows, (std::int64_t{1} << (weight_bits - 1)) - 1};
        reader.programmed(cells);
        Sums sums(positions * (rows + columns), 11);
        reader.forward(cells, matrix(rows, 0, positions), bits,
                       {sums.data(), ElementType::int64, positions, columns, columns}, false);
        reader.backward(cells, matrix(columns, 0, positions), bits,
                        {sums.data() + positions * columns, ElementType::int64, positions, rows, rows}, false);
        return sums;
    }

    CrossbarConfig config;
    int weight_bits = 2, bits = 8;
    std::size_t rows = 1, columns = 1, positions = 1;
    std::vector<std::int8_t> codes;
    std::vector<std::int32_t> inputs;
    std::vector<std::int8_t> narrow;
};

TEST(DeviceArrays, WithNothingOffAreIdeal)
{
    for (unsigned seed = 0; seed < 30; ++seed) {
        const DeviceCase example(seed);
        const auto ideal = make_naive_bit_serial_reader(example.config, example.weight_bits);
        const Sums expected = example.read(*ideal);
        ASSERT_EQ(example.read(*example.programmed({}, Reading::fast)), expected) << "seed " << seed;
        ASSERT_EQ(example.read(*example.programmed({}, Reading::by_definition)), expected) << "seed " << seed;
    }
}

TEST(DeviceArrays, FastReadingIsTheDefinitionOnEveryVectorExtension)
{
    std::size_t extensions = 0;
    const std::int64_t supported = hwy::SupportedTargets();
    for (unsigned seed = 0; seed < 20; ++seed) {
        const DeviceCase example(seed);
        const bool add = seed % 2 == 0;
        const Sums expected = example.read(*example.programmed(everything(), Reading::by_definition), 1000, add);
        const auto fast = example.programmed(everything(), Reading::fast);
        extensions = 0;
        for (std::int64_t target = 1; target > 0 && target <= supported; target <<= 1) {
            if ((supported & target) == 0) continue;
            hwy::SetSupportedTargetsForTest(target);
            ++extensions;
            ASSERT_EQ(example.read(*fast, 1000, add), expected) << "seed " << seed << ", " << hwy::TargetName(target);
        }
        hwy::SetSupportedTargetsForTest(0);
    }
    EXPECT_GE(extensions, 1U);
}

TEST(DeviceArrays, NeitherThreadsNorCallsShow)
{
    const int before = omp_get_max_threads();
    for (unsigned seed = 0; seed < 20; ++seed) {
        const DeviceCase example(seed);
        omp_set_num_threads(1);
        const auto one = example.programmed(everything(), Reading::fast);
        const Sums expected = example.read(*one);
        omp_set_num_threads(4);
        const auto four = example.programmed(everything(), Reading::fast);
        EXPECT_EQ(example.read(*four), expected);
        for (const std::size_t at_once : {1U, 2U, 7U}) EXPECT_EQ(example.read(*four, at_once), expected);
    }
    omp_set_num_threads(before);
}

TEST(DeviceArrays, AnotherProgramReadsOtherNoise)
{
    const DeviceCase example(2);
    DeviceConfig device;
    device.read_sigma = 3.0;
    const auto arrays = example.programmed(device, Reading::fast);
    const Sums first = example.read(*arrays);
    EXPECT_EQ(example.read(*arrays), first);
    arrays->begin_program({5000, 4});
    EXPECT_NE(example.read(*arrays), first);
}

/// One array of 64 x 64 erased cells, read forward with no line driven.
std::vector<std::int64_t> read_nothing(const CrossbarConfig& config, const DeviceConfig& device, std::size_t positions,
                                       int bits)
{
    DeviceArrays arrays(config, device, 2, 1, 0);
    arrays.begin_block({RowIndex(0), RowIndex(64), ColumnIndex(0), ColumnIndex(64)});
    arrays.settle();
    const std::vector<std::int8_t> inputs(positions * 64, 0);
    ConstMatrix matrix;
    matrix.data = inputs.data();
    matrix.rows = positions;
    matrix.columns = matrix.stride = 64;
    std::vector<std::int64_t> sums(positions * 64);
    arrays.forward(matrix, bits, {sums.data(), ElementType::int64, positions, 64, 64}, false, {});
    return sums;
}

CrossbarConfig small_array()
{
    CrossbarConfig config;
    config.rows = config.columns = 64;
    config.active_lines = 64;
    return config;
}

TEST(DeviceArrays, NoiseHasItsSpread)
{
    // Sign and magnitude of two bits: a single pulse, so that a sum is a conversion.
    CrossbarConfig config = small_array();
    config.input_coding = InputCoding::sign_magnitude;
    DeviceConfig device;
    device.read_sigma = 6.0;
    const std::vector<std::int64_t> read = read_nothing(config, device, 2000, 2);
    double sum = 0.0, squares = 0.0;
    for (const std::int64_t value : read) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value * value);
    }
    const auto n = static_cast<double>(read.size());
    const double variance = 36.0 + 1.0 / 12.0;  // noise, and rounding to codes
    EXPECT_NEAR(sum / n, 0.0, kReadErrors * std::sqrt(variance / n));
    EXPECT_NEAR(squares / n, variance, kReadErrors * variance * std::sqrt(2.0 / n));
}

TEST(DeviceArrays, ConvertersHaveOffsetsOfTheirOwn)
{
    CrossbarConfig config = small_array();
    config.lines_per_adc = 8;
    DeviceConfig device;
    device.adc_offset_sigma = 5.0;
    std::set<std::int64_t> different;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        device.seed = seed;
        const std::vector<std::int64_t> read = read_nothing(config, device, 1, 8);
        for (std::size_t line = 0; line < 64; ++line) {
            const double offset = 5.0 * normal(device_key(seed, DeviceDraw::adc_offset, 0, 0, 0, line / 8));
            // Pulses 1, 2, ..., 64 and -128 give the negative of what each converts.
            EXPECT_EQ(read[line], -std::lrint(offset)) << line;
            different.insert(read[line]);
        }
    }
    EXPECT_GT(different.size(), 10U);
}

TEST(DeviceArrays, ConvertersHaveGainsOfTheirOwn)
{
    CrossbarConfig config = small_array();
    config.cell_bits = 4;
    config.dac_bits = 7;
    config.adc_bits = 20;
    config.lines_per_adc = 4;
    DeviceConfig device;
    device.adc_gain_sigma = 0.05;
    DeviceArrays arrays(config, device, 5, 1, 9);
    arrays.begin_block({RowIndex(0), RowIndex(2), ColumnIndex(0), ColumnIndex(64)});
    const std::vector<std::int8_t> codes = {15, 0};
    CellWear wear(1, 1, static_cast<std::size_t>(config.rows), static_cast<std::size_t>(config.columns));
    wear.begin_programming(arrays.most_pulses());
    for (std::size_t c = 0; c < 64; ++c) arrays.write_column(c, codes.data(), wear);
    arrays.settle();
    const std::vector<std::int8_t> inputs = {127, 0};
    ConstMatrix matrix;
    matrix.data = inputs.data();
    matrix.rows = 1;
    matrix.columns = matrix.stride = 2;
    std::vector<std::int32_t> sums(64);
    arrays.forward(matrix, 8, {sums.data(), ElementType::int32, 1, 64, 64}, false, {});
    for (std::size_t line = 0; line < 64; ++line) {
        const double gain = 1.0 + 0.05 * normal(device_key(1, DeviceDraw::adc_gain, 9, 0, 0, line / 4));
        const double conductance = std::nearbyint(15.0 * 1024.0 * gain);
        EXPECT_EQ(sums[line], std::lrint(127.0 * conductance / 1024.0)) << line;
        EXPECT_NEAR(sums[line], 127.0 * 15.0 * gain, 0.6);
    }
    EXPECT_NE(sums[0], sums[4]);
}

TEST(DeviceArrays, HandOnNoMoreThanIdealOnesCould)
{
    // Widths of sums are proven with ideal cells; all lines driven into cells stuck at 1 and much noise exceed them.
    CrossbarConfig config = small_array();
    DeviceConfig device;
    device.read_sigma = 1000.0;
    for (const std::int64_t sum : read_nothing(config, device, 50, 8)) EXPECT_LE(std::abs(sum), 255 * 64);
}

TEST(DeviceArrays, GoOnFromAState)
{
    const DeviceCase example(11);
    const auto whole = example.programmed(everything(), Reading::fast);
    DeviceArrays resumed(example.config, everything(), example.weight_bits, example.arrays(), 0);
    resumed.begin_block({RowIndex(0), RowIndex(example.rows), ColumnIndex(0), ColumnIndex(example.columns)});
    resumed.restore(whole->state());
    for (DeviceArrays* arrays : {whole.get(), &resumed}) {
        arrays->begin_program({77777, 8});
        arrays->settle();
    }
    EXPECT_EQ(example.read(resumed), example.read(*whole));
}

}  // namespace
}  // namespace wagesim::chip
