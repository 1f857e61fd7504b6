// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The gradient array's sums against the definition, whatever the cut into commands; its tiles and cycles by hand.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tlm/gradient_array/gradient_engine.hpp"
#include "tlm/gradient_array/gradient_timing.hpp"

namespace wagesim::chip {
namespace {

LayerGeometry convolution(int in_c, int extent, int out_c, int kernel, int stride, int pad)
{
    LayerGeometry g;
    g.kind = Layer::Kind::conv;
    g.in_c = in_c;
    g.in_h = g.in_w = extent;
    g.out_c = out_c;
    g.kernel_h = g.kernel_w = kernel;
    g.stride = stride;
    g.pad = pad;
    g.acc_h = g.acc_w = (extent + 2 * pad - kernel) / stride + 1;
    return g;
}

LayerGeometry dense(int in_c, int extent, int out_c)
{
    LayerGeometry g = convolution(in_c, extent, out_c, extent, 1, 0);
    g.kind = Layer::Kind::dense;
    return g;
}

struct Case {
    const char* name;
    LayerGeometry geometry;
    ElementType operands;
    ElementType sums;
    bool nonnegative;
};

class GradientSums : public ::testing::TestWithParam<Case> {
protected:
    static constexpr std::size_t kSamples = 5;

    GradientSums() : g_(GetParam().geometry), engine_(5)
    {
        inputs_.resize(kSamples * static_cast<std::size_t>(g_.inputs()));
        errors_.resize(kSamples * static_cast<std::size_t>(g_.accumulators()));
        for (auto& code : inputs_) {
            code = static_cast<std::int8_t>(static_cast<int>(engine_() % 255) - 127);
            if (GetParam().nonnegative && code < 0) code = static_cast<std::int8_t>(-code);
        }
        for (auto& error : errors_) error = static_cast<int>(engine_() % 255) - 127;
    }

    /// O, I, kh, kw, by the definition.
    std::vector<std::int64_t> expected() const
    {
        std::vector<std::int64_t> out;
        for (int o = 0; o < g_.out_c; ++o) {
            for (int i = 0; i < g_.in_c; ++i) {
                for (int tap = 0; tap < g_.kernel_h * g_.kernel_w; ++tap) out.push_back(sum(o, i, tap));
            }
        }
        return out;
    }

    template <class Sum>
    std::vector<std::int64_t> accumulated(const std::vector<std::size_t>& cut)
    {
        GradientEngine engine({{g_, 8, GetParam().nonnegative, 8, 127}});
        std::vector<Sum> gradients(static_cast<std::size_t>(g_.weights()), 42);
        Sum maximum = -1;
        std::vector<std::byte> operands(errors_.size() * bytes_of(GetParam().operands));
        visit_element_type(GetParam().operands, [&](auto zero) {
            auto* const to = reinterpret_cast<decltype(zero)*>(operands.data());
            for (std::size_t i = 0; i < errors_.size(); ++i) to[i] = static_cast<decltype(zero)>(errors_[i]);
        });
        std::size_t first = 0;
        for (std::size_t i = 0; i < cut.size(); ++i) {
            GradientCommand command;
            command.first_sample = first;
            command.samples = cut[i];
            command.first = i == 0;
            command.last = i + 1 == cut.size();
            command.operands.type = GetParam().operands;
            command.gradients.type = element_type_of<Sum>();
            engine.accumulate(
                command, inputs_.data() + first * static_cast<std::size_t>(g_.inputs()),
                operands.data() + first * static_cast<std::size_t>(g_.accumulators()) * bytes_of(GetParam().operands),
                command.last ? GradientEngine::Results{reinterpret_cast<std::byte*>(gradients.data()),
                                                       reinterpret_cast<std::byte*>(&maximum)}
                             : GradientEngine::Results{});
            first += cut[i];
        }
        Sum largest = 0;
        for (const Sum sum : gradients) largest = std::max(largest, sum < 0 ? -sum : sum);
        EXPECT_EQ(maximum, largest);
        return {gradients.begin(), gradients.end()};
    }

private:
    std::int64_t sum(int o, int i, int tap) const
    {
        std::int64_t out = 0;
        for (int n = 0; n < static_cast<int>(kSamples); ++n) {
            for (int y = 0; y < g_.acc_h; ++y) {
                for (int x = 0; x < g_.acc_w; ++x) {
                    const int in_y = y * g_.stride - g_.pad + tap / g_.kernel_w;
                    const int in_x = x * g_.stride - g_.pad + tap % g_.kernel_w;
                    if (in_y < 0 || in_y >= g_.in_h || in_x < 0 || in_x >= g_.in_w) continue;
                    const int input = ((n * g_.in_h + in_y) * g_.in_w + in_x) * g_.in_c + i;
                    const int error = ((n * g_.acc_h + y) * g_.acc_w + x) * g_.out_c + o;
                    out += std::int64_t{errors_[static_cast<std::size_t>(error)]} *
                           inputs_[static_cast<std::size_t>(input)];
                }
            }
        }
        return out;
    }

    LayerGeometry g_;
    std::mt19937 engine_;
    std::vector<std::int8_t> inputs_;
    std::vector<int> errors_;
};

TEST_P(GradientSums, AreTheSameHoweverTheBatchIsCut)
{
    const auto reference = expected();
    for (const std::vector<std::size_t>& cut :
         {std::vector<std::size_t>{5}, std::vector<std::size_t>{2, 2, 1}, std::vector<std::size_t>{1, 1, 1, 1, 1}}) {
        if (GetParam().sums == ElementType::int32) {
            ASSERT_EQ(accumulated<std::int32_t>(cut), reference);
        } else {
            ASSERT_EQ(accumulated<std::int64_t>(cut), reference);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Layers, GradientSums,
    ::testing::Values(Case{"same", convolution(3, 7, 5, 3, 1, 1), ElementType::int8, ElementType::int32, true},
                      Case{"strided", convolution(2, 8, 4, 3, 2, 2), ElementType::int16, ElementType::int64, false},
                      Case{"pointwise", convolution(6, 4, 7, 1, 1, 0), ElementType::int8, ElementType::int32, false},
                      Case{"shared", convolution(64, 3, 500, 3, 1, 1), ElementType::int8, ElementType::int32, true},
                      Case{"wide", convolution(1, 5, 3, 5, 1, 2), ElementType::int32, ElementType::int64, true},
                      Case{"dense", dense(4, 3, 11), ElementType::int8, ElementType::int32, true},
                      Case{"flat", dense(30, 1, 4), ElementType::int16, ElementType::int32, false}),
    [](const auto& layer) { return layer.param.name; });

TEST(GradientTiling, ArrayIsAsSquareAsAPowerOfTwoAllows)
{
    const auto tiling = [](int macs) {
        GradientArrayConfig config;
        config.macs_per_cycle = macs;
        return GradientTiling(config);
    };
    EXPECT_EQ(tiling(4096).rows(), 64U);
    EXPECT_EQ(tiling(4096).columns(), 64U);
    EXPECT_EQ(tiling(2048).columns(), 32U);
    EXPECT_EQ(tiling(2048).rows(), 64U);
    EXPECT_EQ(tiling(1).rows(), 1U);
    EXPECT_EQ(tiling(100).columns(), 8U);
    EXPECT_EQ(tiling(100).rows(), 12U);
}

TEST(GradientTiling, TilesCoverTheMatrixAndTheOperands)
{
    for (const LayerGeometry& g :
         {convolution(32, 14, 64, 5, 1, 2), dense(64, 7, 512), convolution(100, 6, 70, 3, 1, 1)}) {
        const GradientTiling tiling{GradientArrayConfig{}};
        const auto tiles = tiling.tiles(g);
        EXPECT_EQ(tiles.size(), tiling.passes(g));
        std::uint64_t weights = 0;
        std::vector<bool> inputs(static_cast<std::size_t>(g.inputs())),
            operands(static_cast<std::size_t>(g.accumulators()));
        for (const GradientTile& tile : tiles) {
            weights += tile.weights;
            for (std::uint64_t i = 0; i < tile.inputs; ++i) inputs.at(tile.inputs_first + i) = true;
            for (std::uint64_t i = 0; i < tile.operands; ++i) operands.at(tile.operands_first + i) = true;
        }
        EXPECT_EQ(weights, static_cast<std::uint64_t>(g.weights()));
        EXPECT_EQ(std::count(inputs.begin(), inputs.end(), true), g.inputs());
        EXPECT_EQ(std::count(operands.begin(), operands.end(), true), g.accumulators());
    }
    EXPECT_EQ(GradientTiling{GradientArrayConfig{}}.passes(dense(64, 7, 512)), 49U * 8);
}

TEST(GradientTiming, APositionACycleAndTwoForWideOperands)
{
    const LayerGeometry g = convolution(32, 14, 64, 5, 1, 2);
    EXPECT_EQ(gradient_tile_cycles(g, 16, 8), 16U * 196);
    EXPECT_EQ(gradient_tile_cycles(g, 16, 9), 2U * 16 * 196);
    EXPECT_EQ(gradient_tile_cycles(g, 1, 16), 2U * 196);
    EXPECT_EQ(gradient_tile_cycles(g, 1, 18), 3U * 196);
}

}  // namespace
}  // namespace wagesim::chip
