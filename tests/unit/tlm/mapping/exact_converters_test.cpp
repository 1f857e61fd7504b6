// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Bits of exact converters, worked out by hand from the lines that a layer drives.
#include <gtest/gtest.h>

#include <vector>

#include "tlm/mapping/exact_converters.hpp"
#include "tlm/mapping/mapping.hpp"

namespace wagesim::chip {
namespace {

/// LeNet: 25 x 32, 800 x 64, 3136 x 512, 512 x 10 weights.
Network four_layers()
{
    Network network;
    network.input = {1, 28, 28};
    for (const int filters : {32, 64}) {
        Layer conv;
        conv.kind = Layer::Kind::conv;
        conv.units = filters;
        conv.kernel = 5;
        conv.pool = Pooling{};
        network.layers.push_back(conv);
    }
    for (const int units : {512, 10}) {
        Layer dense;
        dense.units = units;
        network.layers.push_back(dense);
    }
    return network;
}

struct Bits {
    std::vector<int> forward, backward;
};

Bits bits_of(const ChipConfig& config)
{
    const Mapping mapping(config, four_layers(), ChipOptions{});
    Bits out;
    for (std::size_t i = 0; i < mapping.layers().size(); ++i) {
        const ExactConverters exact =
            exact_converters(config.crossbar, Widths{}, mapping.layers()[i], mapping.placement().layers[i]);
        out.forward.push_back(exact.forward);
        out.backward.push_back(exact.backward);
    }
    return out;
}

TEST(ExactConverters, OfTheBaselineChip)
{
    // Forward, pairs: 2 x 25 + 1 = 51 and 2 x 128 + 1 = 257 levels. Backward, single cells: 33, 65, 129 and 11.
    const Bits bits = bits_of({});
    EXPECT_EQ(bits.forward, (std::vector<int>{6, 9, 9, 9}));
    EXPECT_EQ(bits.backward, (std::vector<int>{6, 7, 8, 4}));
}

TEST(ExactConverters, OfWiderDigitsAndFewerLines)
{
    ChipConfig config;
    config.crossbar.dac_bits = 2;
    config.crossbar.active_lines = 20;
    config.crossbar.subtract = Subtract::digital;
    config.crossbar.input_coding = InputCoding::sign_magnitude;
    // Signed pulses: 2 x 20 x 3 + 1 = 121 levels everywhere, but for 10 lines: 61.
    const Bits bits = bits_of(config);
    EXPECT_EQ(bits.forward, (std::vector<int>{7, 7, 7, 7}));
    EXPECT_EQ(bits.backward, (std::vector<int>{7, 7, 7, 6}));
}

TEST(ExactConverters, OfCellsThatWeightsDoNotFill)
{
    ChipConfig config;
    config.crossbar.cell_bits = 3;  // ternary weights take one level of a cell all the same
    EXPECT_EQ(bits_of(config).forward, bits_of({}).forward);
    EXPECT_EQ(bits_of(config).backward, bits_of({}).backward);
}

TEST(ExactConverters, TruncationDropsBitsOfEveryLayer)
{
    ChipConfig config;
    config.crossbar.adc_mode = AdcMode::truncate;
    const Bits bits = bits_of(config);
    EXPECT_EQ(bits.forward, (std::vector<int>{9, 9, 9, 9}));
    EXPECT_EQ(bits.backward, (std::vector<int>{8, 8, 8, 8}));
}

TEST(ExactConverters, OfCellsOfTheirOwnForBackward)
{
    ChipConfig config;
    config.backward = BackwardCells::dedicated;
    // Rows of the transposed matrices: 64 x 25 and 512 and 10 outputs, in arrays of 128; 2 x 10 + 1 = 21 levels.
    const Bits bits = bits_of(config);
    EXPECT_EQ(bits.forward, (std::vector<int>{6, 9, 9, 9}));
    EXPECT_EQ(std::vector<int>(bits.backward.begin() + 1, bits.backward.end()), (std::vector<int>{9, 9, 5}));
}

}  // namespace
}  // namespace wagesim::chip
