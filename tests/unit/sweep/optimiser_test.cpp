// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Optimisers on a problem whose front is known: they come near it, and ask for the same designs again.
#include "platforms/sweep/optimiser.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/sweep/sweep_values.hpp"

namespace wagesim::sweep {
namespace {

constexpr int kValues = 21;

/// Three axes of 21 values; the third one only costs.
config::SweepConfig sweep_of_cubes()
{
    std::vector<std::string> values;
    for (int i = 0; i < kValues; ++i) values.push_back(std::to_string(i));
    config::SweepConfig sweep = tiny_sweep();
    sweep.axes = {axis("a", values), axis("b", values), axis("c", values)};
    return sweep;
}

/// Distances from (0, 0) and from (20, 0), and c on top: the front is b = c = 0.
std::vector<double> costs_of(std::uint64_t design)
{
    const auto c = static_cast<double>(design % kValues);
    const auto b = static_cast<double>(design / kValues % kValues);
    const auto a = static_cast<double>(design / kValues / kValues);
    return {a * a + b * b + c, (a - 20) * (a - 20) + b * b + c};
}

struct Asked {
    std::vector<std::vector<std::uint64_t>> generations;
    std::set<std::uint64_t> on_front;
};

Asked asked_by(config::Algorithm algorithm, std::uint64_t seed)
{
    const config::SweepConfig sweep = sweep_of_cubes();
    const DesignGrid grid(sweep);
    config::Sampling sampling;
    sampling.algorithm = algorithm;
    sampling.population = 40;
    sampling.generations = 30;
    sampling.seed = seed;
    Asked asked;
    optimise(grid, sampling, 2, [&](const std::vector<std::uint64_t>& designs) {
        asked.generations.push_back(designs);
        std::vector<Cost> costs;
        for (const std::uint64_t design : designs) {
            costs.emplace_back(costs_of(design));
            if (design % (kValues * kValues) == 0) asked.on_front.insert(design);
        }
        return costs;
    });
    return asked;
}

class Optimiser : public ::testing::TestWithParam<config::Algorithm> {};

TEST_P(Optimiser, ComesNearTheFront)
{
    const Asked asked = asked_by(GetParam(), 1);
    // 1240 designs of 9261 have some 3 of the front's 21 by chance.
    EXPECT_GE(asked.on_front.size(), 12U);
    for (const auto& generation : asked.generations) EXPECT_LE(generation.size(), 40U);
}

TEST_P(Optimiser, AsksForTheSameDesignsAgain)
{
    EXPECT_EQ(asked_by(GetParam(), 5).generations, asked_by(GetParam(), 5).generations);
    EXPECT_NE(asked_by(GetParam(), 5).generations, asked_by(GetParam(), 6).generations);
}

INSTANTIATE_TEST_SUITE_P(All, Optimiser,
                         ::testing::Values(config::Algorithm::nsga2, config::Algorithm::nspso, config::Algorithm::maco),
                         [](const auto& algorithm) { return std::string(config::name_of(algorithm.param)); });

TEST(Optimisers, PassOnWhatEvaluationThrows)
{
    struct Stop final : std::exception {};
    const config::SweepConfig sweep = sweep_of_cubes();
    const DesignGrid grid(sweep);
    config::Sampling sampling;
    sampling.population = 8;
    sampling.generations = 1;
    EXPECT_THROW(
        optimise(grid, sampling, 2, [](const std::vector<std::uint64_t>&) -> std::vector<Cost> { throw Stop(); }),
        Stop);
}

TEST(Optimisers, LeaveWhatMustNotBeChosen)
{
    const config::SweepConfig sweep = sweep_of_cubes();
    const DesignGrid grid(sweep);
    config::Sampling sampling;
    sampling.population = 40;
    sampling.generations = 20;
    std::vector<std::uint64_t> last;
    optimise(grid, sampling, 2, [&](const std::vector<std::uint64_t>& designs) {
        last = designs;
        std::vector<Cost> costs;
        for (const std::uint64_t design : designs) {
            costs.push_back(design / kValues / kValues < 10 ? Cost(costs_of(design)) : std::nullopt);
        }
        return costs;
    });
    std::size_t forbidden = 0;
    for (const std::uint64_t design : last) forbidden += design / kValues / kValues < 10 ? 0 : 1;
    EXPECT_LT(forbidden, last.size() / 4) << "half of all designs are forbidden";
}

}  // namespace
}  // namespace wagesim::sweep
