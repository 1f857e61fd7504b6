// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Pooling and unpooling against numerics.md, element by element: ties, overlaps, gaps, windows that do not fit.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "ref/quantize_update/registers.hpp"
#include "tlm/common/invariant.hpp"
#include "tlm/mac_partition/pooling_unit.hpp"

namespace wagesim::chip {
namespace {

struct Case {
    int extent, channels, size, stride;
};

LayerGeometry geometry(const Case& of)
{
    LayerGeometry g;
    g.out_c = of.channels;
    g.acc_h = of.extent;
    g.acc_w = of.extent + 2;
    g.pool = Pooling{of.size, of.stride};
    g.out_h = (g.acc_h - of.size) / of.stride + 1;
    g.out_w = (g.acc_w - of.size) / of.stride + 1;
    return g;
}

class PoolingUnit : public ::testing::TestWithParam<Case> {
protected:
    PoolingUnit() : g_(geometry(GetParam())), engine_(3) {}

    std::size_t acc(int y, int x, int c) const
    {
        const auto size = [](int n) { return static_cast<std::size_t>(n); };
        return (size(y) * size(g_.acc_w) + size(x)) * size(g_.out_c) + size(c);
    }

    template <class Acc, class Winner>
    void check_pool()
    {
        std::vector<Acc> accumulators(static_cast<std::size_t>(g_.accumulators()));
        for (auto& value : accumulators) value = static_cast<Acc>(engine_() % 7) - 3;  // ties abound
        const std::size_t stride = static_cast<std::size_t>(g_.out_c) + 5;             // columns of a wider tensor
        const auto places = static_cast<std::size_t>(g_.out_h) * static_cast<std::size_t>(g_.out_w);
        std::vector<Acc> pooled(places * stride, 99);
        std::vector<Winner> winners(places * stride, 77);
        const auto channels = static_cast<std::size_t>(g_.out_c);
        pool_rows(g_, static_cast<std::size_t>(g_.out_h), channels,
                  {accumulators.data(), element_type_of<Acc>(), channels},
                  {pooled.data(), element_type_of<Acc>(), stride}, {winners.data(), element_type_of<Winner>(), stride});
        for (int y = 0; y < g_.out_h; ++y) {
            for (int x = 0; x < g_.out_w; ++x) {
                const std::size_t at = static_cast<std::size_t>(y * g_.out_w + x) * stride;
                for (int c = 0; c < g_.out_c; ++c) {
                    int winner = 0;
                    const auto element = [&](int k) {
                        return accumulators[acc(y * g_.pool->stride + k / g_.pool->size,
                                                x * g_.pool->stride + k % g_.pool->size, c)];
                    };
                    for (int k = 1; k < g_.pool->size * g_.pool->size; ++k) {
                        if (element(k) > element(winner)) winner = k;
                    }
                    ASSERT_EQ(pooled[at + static_cast<std::size_t>(c)], element(winner));
                    ASSERT_EQ(winners[at + static_cast<std::size_t>(c)], winner);
                }
                ASSERT_EQ(pooled[at + channels], 99);  // others' columns stay
                ASSERT_EQ(winners[at + channels], 77);
            }
        }
    }

    template <class Code, class Winner, class Operand>
    void check_unpool(int largest)
    {
        const auto outputs = static_cast<std::size_t>(g_.outputs());
        std::vector<Code> codes(outputs);
        std::vector<std::uint8_t> flags(outputs);
        std::vector<Winner> winners(outputs);
        std::vector<Operand> expected(static_cast<std::size_t>(g_.accumulators()), 0);
        for (std::size_t i = 0; i < outputs; ++i) {
            codes[i] =
                static_cast<Code>(static_cast<int>(engine_() % (2 * static_cast<unsigned>(largest) + 1)) - largest);
            flags[i] = static_cast<std::uint8_t>(engine_() % 4);
            winners[i] = static_cast<Winner>(engine_() % static_cast<unsigned>(g_.pool->size * g_.pool->size));
            const int c = static_cast<int>(i) % g_.out_c;
            const int x = static_cast<int>(i) / g_.out_c % g_.out_w;
            const int y = static_cast<int>(i) / g_.out_c / g_.out_w;
            if ((flags[i] & kFlagActive) == 0) continue;
            const int k = winners[i];
            expected[acc(y * g_.pool->stride + k / g_.pool->size, x * g_.pool->stride + k % g_.pool->size, c)] +=
                codes[i];
        }
        std::vector<Operand> operands(expected.size(), 55);
        unpool_sample(g_, {codes.data(), element_type_of<Code>(), 0}, flags.data(),
                      {winners.data(), element_type_of<Winner>(), 0}, {operands.data(), element_type_of<Operand>(), 0});
        EXPECT_EQ(operands, expected);
    }

    LayerGeometry g_;
    std::mt19937 engine_;
};

TEST_P(PoolingUnit, FirstMaximumWins)
{
    check_pool<std::int32_t, std::uint8_t>();
    check_pool<std::int64_t, std::uint8_t>();
    check_pool<std::int32_t, std::uint16_t>();
    check_pool<std::int64_t, std::uint16_t>();
}

TEST_P(PoolingUnit, UnpoolsToTheWinnersAndAddsOverlaps)
{
    const int overlap = g_.pool_overlap() * g_.pool_overlap();
    check_unpool<std::int8_t, std::uint8_t, std::int8_t>(127 / overlap);
    check_unpool<std::int8_t, std::uint8_t, std::int16_t>(127);
    check_unpool<std::int16_t, std::uint8_t, std::int32_t>(32767);
    check_unpool<std::int16_t, std::uint16_t, std::int32_t>(32767);
}

INSTANTIATE_TEST_SUITE_P(Cases, PoolingUnit,
                         ::testing::Values(Case{4, 3, 2, 2}, Case{6, 32, 2, 2}, Case{7, 17, 2, 2}, Case{7, 5, 3, 2},
                                           Case{6, 40, 3, 1}, Case{8, 6, 2, 3}, Case{5, 1, 1, 1}, Case{5, 2, 5, 1}));

TEST(Pooling, WinnersTakeTwoBytesOnlyWhereTheyMust)
{
    EXPECT_EQ(winner_type({16, 1}), ElementType::uint8);
    EXPECT_EQ(winner_type({17, 1}), ElementType::uint16);
}

TEST(Pooling, RefusesOperandsOfOtherTypes)
{
    LayerGeometry g = geometry({2, 1, 2, 2});
    const std::vector<std::int8_t> codes = {5, 6};
    const std::vector<std::uint8_t> flags = {kFlagActive, kFlagActive};
    const std::vector<std::uint8_t> winners = {0, 3};
    std::vector<std::int64_t> operands(8, 9);
    for (const ElementType type : {ElementType::int64, ElementType::uint8, ElementType::float64}) {
        EXPECT_THROW(unpool_sample(g, {codes.data(), ElementType::int8, 1}, flags.data(),
                                   {winners.data(), ElementType::uint8, 1}, {operands.data(), type, 1}),
                     InvariantError);
    }
    EXPECT_EQ(operands, std::vector<std::int64_t>(8, 9));
}

TEST(Pooling, WithoutPoolingInactiveCodesVanish)
{
    LayerGeometry g;
    g.out_c = 4;
    g.acc_h = g.acc_w = g.out_h = g.out_w = 1;
    const std::vector<std::int16_t> codes = {5, -6, 300, -301};
    const std::vector<std::uint8_t> flags = {kFlagActive, kFlagUnclipped, kFlagActive | kFlagUnclipped, 0};
    std::vector<std::int16_t> operands(4, 9);
    unpool_sample(g, {codes.data(), ElementType::int16, 4}, flags.data(), {}, {operands.data(), ElementType::int16, 4});
    EXPECT_EQ(operands, (std::vector<std::int16_t>{5, 0, 300, 0}));
}

}  // namespace
}  // namespace wagesim::chip
