// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The scoreboard on synthetic steps: what differs is found where it is, what is missing or shown twice is a failure.
#include "platforms/verify/tensor_comparator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "platforms/verify/fault_injector.hpp"
#include "ref/data/dump.hpp"
#include "tests/lockstep/synthetic_step.hpp"

namespace wagesim::verify {
namespace {

using chip::TensorRegion;
using test::SyntheticStep;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::size_t kBatch = 6;

/// `value` with that bit the other way; the top bit of a signed element is its sign.
std::int64_t flipped(std::int64_t value, int bit, const ContractTensor& tensor)
{
    const bool is_sign = tensor.shape.rank() > 0 && bit == tensor.bits - 1 && tensor.bits > 1 &&
                         tensor.name != TensorName::pool_winner && tensor.name != TensorName::prediction;
    const std::int64_t weight = std::int64_t{1} << bit;
    if (is_sign) return value < 0 ? value + weight : value - weight;
    return value ^ weight;
}

class Comparing : public ::testing::Test {
protected:
    /// One step of `synthetic` through `comparator`.
    void compare(SyntheticStep& synthetic, TensorComparator& comparator, chip::TensorTap* tap = nullptr)
    {
        reference.begin_step(7);
        synthetic.deliver(reference);
        comparator.begin_step(reference);
        synthetic.show(tap != nullptr ? *tap : comparator);
        comparator.end_step();
    }
    [[nodiscard]] std::uint64_t elements() const
    {
        std::uint64_t sum = 0;
        for (const ContractTensor& tensor : contract.all()) sum += tensor.shape.size();
        return sum;
    }

    ContractTensors contract{make_geometry(test::synthetic_network(), Widths{}), Widths{}, kBatch};
    ReferenceTensors reference{contract};
};

TEST_F(Comparing, CountsEveryElementOfEveryTensor)
{
    for (const std::size_t group : {0U, 1U, 2U}) {
        SyntheticStep synthetic(contract, 7, 1, {4, 11, group, {}});
        TensorComparator comparator(contract, OnDifference::stop);
        compare(synthetic, comparator);
        EXPECT_EQ(comparator.result().tensors_compared, contract.size());
        EXPECT_EQ(comparator.result().elements_compared, elements());
        EXPECT_EQ(comparator.result().differences, 0U);
        EXPECT_FALSE(comparator.result().first_difference);
    }
}

TEST_F(Comparing, FindsOneFlippedBitOfEveryTensorAtItsPlace)
{
    std::mt19937 random(11);
    for (std::size_t position = 0; position < contract.size(); ++position) {
        const ContractTensor& tensor = contract[position];
        for (int repeat = 0; repeat < 4; ++repeat) {
            const std::size_t index = random() % tensor.shape.size();
            const int bit = static_cast<int>(random() % static_cast<unsigned>(std::min(tensor.bits, 30)));
            SyntheticStep synthetic(contract, 7, static_cast<std::uint32_t>(random()),
                                    {4, 11, repeat % 2 == 0 ? 0U : 2U, {}});
            TensorComparator comparator(contract, OnDifference::stop);
            FaultInjector injector(contract, {7, tensor.layer, tensor.name, index, bit}, &comparator);
            injector.begin_step(7);
            compare(synthetic, comparator, &injector);
            ASSERT_TRUE(injector.reached());
            ASSERT_TRUE(comparator.stopped()) << tensor.path;
            const TensorDifference& found = *comparator.result().first_difference;
            EXPECT_EQ(found.step, 7U);
            EXPECT_EQ(found.layer, tensor.layer);
            EXPECT_EQ(found.name, tensor.name);
            EXPECT_EQ(found.index, index);
            EXPECT_EQ(comparator.result().differences, 1U);
            if (tensor.name == TensorName::loss) {
                EXPECT_EQ(std::get<double>(found.expected), synthetic.loss());
                EXPECT_NE(std::get<double>(found.got), synthetic.loss());
                continue;
            }
            const std::int64_t value = synthetic.expected(position, index);
            EXPECT_EQ(std::get<std::int64_t>(found.expected), value);
            EXPECT_EQ(std::get<std::int64_t>(found.got), flipped(value, bit, tensor)) << tensor.path;
        }
    }
}

TEST_F(Comparing, MissingRegionOfAnyTensorIsAFailure)
{
    for (std::size_t position = 0; position < contract.size(); ++position) {
        const ContractTensor& tensor = contract[position];
        SyntheticStep synthetic(contract, 7, 1, {4, 11, 0, [&](std::vector<TensorRegion>& regions) {
                                                     const auto last = std::find_if(
                                                         regions.rbegin(), regions.rend(), [&](const TensorRegion& r) {
                                                             return r.layer == tensor.layer && r.name == tensor.name;
                                                         });
                                                     regions.erase(std::next(last).base());
                                                 }});
        TensorComparator comparator(contract, OnDifference::stop);
        EXPECT_THAT([&] { compare(synthetic, comparator); },
                    ThrowsMessage<std::logic_error>(HasSubstr("step7/" + tensor.path + " ")));
    }
}

TEST_F(Comparing, RegionShownTwiceIsAFailure)
{
    for (const std::size_t at : {0U, 3U, 20U}) {
        SyntheticStep synthetic(
            contract, 7, 1, {4, 11, 0, [&](std::vector<TensorRegion>& regions) { regions.push_back(regions.at(at)); }});
        TensorComparator comparator(contract, OnDifference::stop);
        EXPECT_THAT([&] { compare(synthetic, comparator); }, ThrowsMessage<std::logic_error>(HasSubstr("again")));
    }
}

TEST_F(Comparing, OverlappingRegionsAreAFailure)
{
    SyntheticStep synthetic(contract, 7, 1, {4, 11, 0, [&](std::vector<TensorRegion>& regions) {
                                                 ++regions.front().count;  // of weight_stored
                                             }});
    TensorComparator comparator(contract, OnDifference::stop);
    EXPECT_THROW(compare(synthetic, comparator), std::logic_error);
}

TEST_F(Comparing, NothingShownIsAFailure)
{
    SyntheticStep synthetic(contract, 7, 1, {4, 11, 0, [](std::vector<TensorRegion>& regions) { regions.clear(); }});
    TensorComparator comparator(contract, OnDifference::measure);
    EXPECT_THROW(compare(synthetic, comparator), std::logic_error);
}

TEST_F(Comparing, NothingLeftSwitchedOnIsAFailure)
{
    SyntheticStep synthetic(contract, 7, 1);
    TensorComparator comparator(contract, OnDifference::stop);
    for (const ContractTensor& tensor : contract.all()) comparator.switch_off(7, tensor.layer, tensor.name);
    EXPECT_THAT([&] { compare(synthetic, comparator); }, ThrowsMessage<std::logic_error>(HasSubstr("nothing")));
}

TEST_F(Comparing, TensorOutsideTheContractIsAFailure)
{
    SyntheticStep synthetic(contract, 7, 1, {4, 11, 0, [](std::vector<TensorRegion>& regions) {
                                                 regions.back().layer = 3;
                                                 regions.back().name = TensorName::pooled;
                                             }});
    TensorComparator comparator(contract, OnDifference::stop);
    EXPECT_THAT([&] { compare(synthetic, comparator); }, ThrowsMessage<std::logic_error>(HasSubstr("layer3/pooled")));
}

TEST_F(Comparing, IncompleteReferenceIsAFailure)
{
    TensorComparator comparator(contract, OnDifference::stop);
    reference.begin_step(7);
    EXPECT_THAT([&] { comparator.begin_step(reference); },
                ThrowsMessage<std::logic_error>(HasSubstr("layer0/weight_stored")));
}

TEST_F(Comparing, ReferenceRefusesWhatTheContractHasNot)
{
    const std::int8_t code = 0;
    reference.begin_step(7);
    EXPECT_THROW(reference.on_tensor({7, 3, TensorName::output}, {ElementType::int8, {6, 4}, &code}), std::logic_error);
    EXPECT_THROW(reference.on_tensor({6, 0, TensorName::attenuation}, {ElementType::int8, {}, &code}),
                 std::logic_error);
    EXPECT_THROW(reference.on_tensor({7, 0, TensorName::attenuation}, {ElementType::int8, {1}, &code}),
                 std::logic_error);
    reference.on_tensor({7, 0, TensorName::attenuation}, {ElementType::int8, {}, &code});
    EXPECT_THROW(reference.on_tensor({7, 0, TensorName::attenuation}, {ElementType::int8, {}, &code}),
                 std::logic_error);
}

TEST_F(Comparing, ReportsTheLowestIndexWhateverTheOrderOfRegions)
{
    SyntheticStep synthetic(contract, 7, 1, {2, 11, 0, [](std::vector<TensorRegion>& regions) {
                                                 std::reverse(regions.begin(), regions.end());
                                             }});
    TensorComparator comparator(contract, OnDifference::stop);
    FaultInjector low(contract, {7, 0, TensorName::acc, 4, 0}, &comparator);
    FaultInjector high(contract,
                       {7, 0, TensorName::acc, contract[*contract.find(0, TensorName::acc)].shape.size() - 1, 0}, &low);
    FaultInjector later(contract, {7, 0, TensorName::input, 0, 0}, &high);
    low.begin_step(7);
    high.begin_step(7);
    later.begin_step(7);
    compare(synthetic, comparator, &later);
    EXPECT_EQ(comparator.result().first_difference->name, TensorName::acc);
    EXPECT_EQ(comparator.result().first_difference->index, 4U);
    EXPECT_EQ(comparator.result().differences, 2U) << "other tensors are not looked at after the first difference";
}

TEST_F(Comparing, MeasuringGoesOnAndCountsByName)
{
    SyntheticStep synthetic(contract, 7, 1);
    TensorComparator comparator(contract, OnDifference::measure);
    FaultInjector first(contract, {7, 1, TensorName::gradient, 3, 9}, &comparator);
    FaultInjector second(contract, {7, 3, TensorName::gradient, 5, 2}, &first);
    FaultInjector third(contract, {7, 0, TensorName::mask_active, 17, 0}, &second);
    for (FaultInjector* injector : {&first, &second, &third}) injector->begin_step(7);
    compare(synthetic, comparator, &third);
    EXPECT_FALSE(comparator.stopped());
    EXPECT_EQ(comparator.result().tensors_compared, contract.size());
    EXPECT_EQ(comparator.result().differences, 3U);
    EXPECT_EQ(comparator.result().first_difference->name, TensorName::mask_active);
    const auto& gradient = comparator.result().by_name[static_cast<std::size_t>(TensorName::gradient)];
    EXPECT_EQ(gradient.differences, 2U);
    EXPECT_EQ(gradient.max_deviation, 512.0);
    EXPECT_EQ(gradient.sum_deviation, 512.0 + 4.0);
    EXPECT_EQ(gradient.mean_deviation(), 516.0 / static_cast<double>(gradient.elements_compared));
    EXPECT_GT(gradient.largest_expected, 0.0);
    const auto& of_layer = comparator.result().by_layer.at({TensorName::gradient, 3});
    EXPECT_EQ(of_layer.differences, 1U);
    EXPECT_EQ(of_layer.max_deviation, 4.0);
    EXPECT_LT(of_layer.elements_compared, gradient.elements_compared);
    EXPECT_EQ(comparator.result().by_layer.at({TensorName::gradient, 2}).differences, 0U);
    EXPECT_GT(gradient.elements_compared, 2U);
    EXPECT_EQ(comparator.result().by_name[static_cast<std::size_t>(TensorName::input)].differences, 0U);
}

TEST_F(Comparing, SwitchedOffTensorIsNeitherComparedNorMissed)
{
    SyntheticStep synthetic(contract, 7, 1);
    TensorComparator comparator(contract, OnDifference::stop);
    FaultInjector injector(contract, {7, 2, TensorName::error_q, 3, 1}, &comparator);
    injector.begin_step(7);
    comparator.switch_off(7, 2, TensorName::error_q);
    compare(synthetic, comparator, &injector);
    EXPECT_TRUE(injector.reached());
    EXPECT_FALSE(comparator.stopped());
    EXPECT_EQ(comparator.result().tensors_compared, contract.size() - 1);
    comparator.reset();
    compare(synthetic, comparator);
    EXPECT_TRUE(comparator.stopped()) << "the switch held for that study only; the flipped bit is still there";
}

TEST_F(Comparing, DifferencesAreNamedInTheContractsOrder)
{
    const TensorDifference difference{
        3, 1, TensorName::error_q, {6, 3, 4, 5}, 2 * 60 + 1 * 20 + 3 * 5 + 4, std::int64_t{-12}, std::int64_t{13}};
    EXPECT_THAT(difference.coordinates(), ::testing::ElementsAre(2, 1, 3, 4));
    EXPECT_EQ(difference.text(), "step 3, layer 1, error_q [2, 1, 3, 4]: expected -12, got 13");
    const TensorDifference loss{0, 0, TensorName::loss, {}, 0, 0.5, 0.75};
    EXPECT_EQ(loss.text(), "step 0, loss: expected 0.5, got 0.75");
}

TEST(ContractTensorsTest, ListsWhatEachLayerHas)
{
    const ContractTensors contract(make_geometry(test::synthetic_network(), Widths{}), Widths{}, kBatch);
    const auto has = [&](std::uint32_t layer, TensorName name) { return contract.find(layer, name).has_value(); };
    EXPECT_TRUE(has(0, TensorName::pooled));
    EXPECT_TRUE(has(0, TensorName::pool_winner));
    EXPECT_FALSE(has(1, TensorName::pooled));
    EXPECT_FALSE(has(0, TensorName::error_out));
    EXPECT_TRUE(has(1, TensorName::error_out));
    EXPECT_TRUE(has(2, TensorName::mask_active));
    EXPECT_FALSE(has(3, TensorName::mask_active));
    EXPECT_FALSE(has(3, TensorName::output));
    EXPECT_TRUE(has(3, TensorName::error_mac));
    EXPECT_TRUE(has(0, TensorName::loss));
    EXPECT_FALSE(has(1, TensorName::loss));
    EXPECT_FALSE(has(4, TensorName::input));
    // 15 of every layer, 3 of hidden ones, 2 of the pooled one, error_out but in the first, loss and prediction.
    EXPECT_EQ(contract.size(), 4U * 15 + 3 * 3 + 2 + 3 + 2);
}

/// The dump files' list was written apart from this one; both follow docs/interfaces.md.
TEST(ContractTensorsTest, ListsWhatDumpFilesHold)
{
    const std::vector<LayerGeometry> layers = make_geometry(test::synthetic_network(), Widths{});
    const std::vector<LayerBounds> bounds = make_bounds(layers, Widths{}, kBatch);
    const ContractTensors contract(layers, Widths{}, kBatch);
    for (std::uint32_t layer = 0; layer < layers.size(); ++layer) {
        for (std::size_t i = 0; i < kTensorNames.size(); ++i) {
            const auto name = static_cast<TensorName>(i);
            if (belongs_to_step(name) && layer > 0) continue;
            const auto extent = tensor_extent(layers, bounds, layer, name, kBatch);
            const auto position = contract.find(layer, name);
            ASSERT_EQ(extent.has_value(), position.has_value()) << layer << " " << text_of(name);
            if (!position) continue;
            EXPECT_EQ(extent->shape, contract[*position].shape) << contract[*position].path;
        }
    }
}

TEST(ContractTensorsTest, LossIsTheExactSumConvertedOnce)
{
    const ContractTensors contract(make_geometry(test::synthetic_network(), Widths{}), Widths{}, kBatch);
    const int attenuation = make_geometry(test::synthetic_network(), Widths{}).back().attenuation;
    const int scale = 2 * (7 + 1 + attenuation) + 1;
    EXPECT_EQ(contract.loss(0, 0), 0.0);
    EXPECT_EQ(contract.loss(3, 0), std::ldexp(3.0, -scale));
    EXPECT_EQ(contract.loss(0, 1), std::ldexp(1.0, 64 - scale));
    // 2^53 + 1 is a tie and goes to even; one more bit below decides upward.
    EXPECT_EQ(contract.loss((std::uint64_t{1} << 53) + 1, 0), std::ldexp(9007199254740992.0, -scale));
    EXPECT_EQ(contract.loss((std::uint64_t{1} << 54) + 3, 0), std::ldexp(18014398509481988.0, -scale));
}

}  // namespace
}  // namespace wagesim::verify
