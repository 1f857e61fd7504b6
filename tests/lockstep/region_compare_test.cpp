// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Layouts and comparison of single regions, in all types and around the edges of the blocked pass.
#include "platforms/verify/region_compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "platforms/verify/coverage.hpp"

namespace wagesim::verify {
namespace {

using chip::RegionOrder;
using chip::TensorRegion;

TEST(Coverage, TakesRangesOnceInAnyOrder)
{
    Coverage seen;
    EXPECT_TRUE(seen.empty());
    EXPECT_TRUE(seen.add(10, 20));
    EXPECT_FALSE(seen.add(10, 20));
    EXPECT_FALSE(seen.add(19, 21));
    EXPECT_FALSE(seen.add(5, 11));
    EXPECT_FALSE(seen.add(0, 100));
    EXPECT_FALSE(seen.add(12, 13));
    EXPECT_FALSE(seen.add(20, 20));
    EXPECT_TRUE(seen.add(20, 30));
    EXPECT_TRUE(seen.add(0, 5));
    EXPECT_FALSE(seen.is_exactly(30));
    EXPECT_TRUE(seen.add(5, 10));
    EXPECT_TRUE(seen.is_exactly(30));
    EXPECT_FALSE(seen.is_exactly(31));
    seen.clear();
    EXPECT_TRUE(seen.empty());
}

/// A channel-last region of random values beside its channel-first reference, made with plain index arithmetic.
template <class Chip, class Ref>
struct Pair {
    Pair(const Shape& shape, std::size_t first_channel, std::size_t channels, std::size_t first_sample,
         std::size_t samples, std::uint32_t seed)
        : tensor{0, TensorName::acc, shape, 32, "layer0/acc"}, reference(shape.size())
    {
        std::mt19937 random(seed);
        std::uniform_int_distribution<int> any(0, 100);
        for (Ref& value : reference) value = static_cast<Ref>(any(random));
        const std::size_t positions = shape[2] * shape[3];
        for (std::size_t n = first_sample; n < first_sample + samples; ++n) {
            for (std::size_t p = 0; p < positions; ++p) {
                for (std::size_t c = first_channel; c < first_channel + channels; ++c) {
                    where.push_back((n * shape[1] + c) * positions + p);
                    stored.push_back(static_cast<Chip>(reference[where.back()]));
                }
            }
        }
        region.name = TensorName::acc;
        region.type = element_type_of<Chip>();
        region.data = stored.data();
        region.first_sample = first_sample;
        region.samples = samples;
        region.channels = channels;
        region.height = shape[2];
        region.width = shape[3];
        region.first_channel = first_channel;
        region.tensor_channels = shape[1];
    }
    [[nodiscard]] TensorView view() const { return {element_type_of<Ref>(), tensor.shape, reference.data()}; }

    ContractTensor tensor;
    std::vector<Ref> reference;
    std::vector<Chip> stored;
    std::vector<std::size_t> where;  ///< contract position of each stored element
    TensorRegion region;
};

template <class Chip, class Ref>
void check_every_element(const Shape& shape, std::size_t first_channel, std::size_t channels)
{
    Pair<Chip, Ref> pair(shape, first_channel, channels, 1, 2, 7);
    const RegionLayout layout = layout_of(pair.region, pair.tensor);
    ASSERT_EQ(layout.size(), pair.stored.size());
    ASSERT_FALSE(compare_region(pair.region, layout, pair.view()));
    for (std::size_t i = 0; i < pair.stored.size(); ++i) {
        ASSERT_TRUE(layout.holds(pair.where[i]));
        ASSERT_EQ(layout.offset_of(pair.where[i]), i);
        const Chip kept = pair.stored[i];
        pair.stored[i] = static_cast<Chip>(kept + 3);
        const auto found = compare_region(pair.region, layout, pair.view());
        ASSERT_TRUE(found) << shape.text() << " element " << i;
        ASSERT_EQ(found->count, 1U);
        ASSERT_EQ(found->first, pair.where[i]);
        ASSERT_EQ(found->expected, static_cast<std::int64_t>(kept));
        ASSERT_EQ(found->got, static_cast<std::int64_t>(kept) + 3);
        ASSERT_EQ(found->max_deviation, 3.0);
        pair.stored[i] = kept;
    }
}

TEST(RegionCompare, FindsEveryElementAroundBlockEdges)
{
    for (const std::size_t channels : {1U, 2U, 15U, 16U, 17U, 33U}) {
        for (const std::size_t width : {1U, 5U, 16U, 17U}) {
            check_every_element<std::int8_t, std::int8_t>({4, channels, 1, width}, 0, channels);
        }
    }
    check_every_element<std::int32_t, std::int16_t>({3, 6, 6, 6}, 0, 6);
}

TEST(RegionCompare, FindsEveryElementOfChannelGroups)
{
    check_every_element<std::int32_t, std::int32_t>({3, 20, 3, 3}, 0, 7);
    check_every_element<std::int32_t, std::int32_t>({3, 20, 3, 3}, 7, 7);
    check_every_element<std::int32_t, std::int32_t>({3, 20, 3, 3}, 14, 6);
    check_every_element<std::int64_t, std::int64_t>({3, 20, 1, 1}, 19, 1);
}

TEST(RegionCompare, ChannelGroupHoldsOnlyItsChannels)
{
    Pair<std::int8_t, std::int8_t> pair({3, 5, 2, 2}, 1, 2, 1, 2, 1);
    const RegionLayout layout = layout_of(pair.region, pair.tensor);
    std::size_t held = 0;
    for (std::size_t flat = 0; flat < pair.tensor.shape.size(); ++flat) held += layout.holds(flat) ? 1U : 0U;
    EXPECT_EQ(held, pair.where.size());
}

template <class Chip>
void check_against_all_references()
{
    check_every_element<Chip, std::int8_t>({3, 3, 2, 2}, 0, 3);
    check_every_element<Chip, std::uint8_t>({3, 3, 2, 2}, 0, 3);
    check_every_element<Chip, std::int16_t>({3, 3, 2, 2}, 0, 3);
    check_every_element<Chip, std::uint16_t>({3, 3, 2, 2}, 0, 3);
    check_every_element<Chip, std::int32_t>({3, 3, 2, 2}, 0, 3);
    check_every_element<Chip, std::int64_t>({3, 3, 2, 2}, 0, 3);
}

TEST(RegionCompare, AllPairsOfTypes)
{
    check_against_all_references<std::int8_t>();
    check_against_all_references<std::uint8_t>();
    check_against_all_references<std::int16_t>();
    check_against_all_references<std::uint16_t>();
    check_against_all_references<std::int32_t>();
    check_against_all_references<std::int64_t>();
}

TEST(RegionCompare, SameBitsInTypesOfOtherSignDiffer)
{
    std::int8_t stored = -1;
    const std::uint8_t reference = 255;
    TensorRegion region;
    region.order = RegionOrder::scalar;
    region.data = &stored;
    const ContractTensor tensor{0, TensorName::max_error, {}, 8, "layer0/max_error"};
    const auto found = compare_region(region, layout_of(region, tensor), {ElementType::uint8, {}, &reference});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->expected, 255);
    EXPECT_EQ(found->got, -1);
}

TEST(RegionCompare, CountsAndMeasuresAllDifferences)
{
    Pair<std::int16_t, std::int16_t> pair({2, 3, 4, 4}, 0, 3, 0, 2, 3);
    for (const std::size_t i : {5U, 40U, 41U}) pair.stored[i] = static_cast<std::int16_t>(pair.stored[i] - 10);
    pair.stored[60] = static_cast<std::int16_t>(pair.stored[60] + 300);
    const auto found = compare_region(pair.region, layout_of(pair.region, pair.tensor), pair.view());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->count, 4U);
    EXPECT_EQ(found->max_deviation, 300.0);
    EXPECT_EQ(found->first, std::min({pair.where[5], pair.where[40], pair.where[41], pair.where[60]}));
}

TEST(RegionCompare, SeesOnlyTheFlagAskedFor)
{
    std::vector<std::uint8_t> flags = {0, 1, 2, 3};
    const std::vector<std::uint8_t> unclipped = {0, 0, 1, 1};
    TensorRegion region;
    region.name = TensorName::mask_unclipped;
    region.type = ElementType::uint8;
    region.data = flags.data();
    region.flag_mask = 2;
    region.samples = 1;
    region.channels = 4;
    const ContractTensor tensor{0, TensorName::mask_unclipped, {1, 4}, 1, "layer0/mask_unclipped"};
    const RegionLayout layout = layout_of(region, tensor);
    const TensorView view{ElementType::uint8, tensor.shape, unclipped.data()};
    EXPECT_FALSE(compare_region(region, layout, view));
    flags[2] ^= 1;
    EXPECT_FALSE(compare_region(region, layout, view));
    flags[3] ^= 2;
    const auto found = compare_region(region, layout, view);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->first, 3U);
    EXPECT_EQ(found->expected, 1);
    EXPECT_EQ(found->got, 0);
}

TEST(RegionLayout, RefusesRegionsThatAreNotTheTensors)
{
    const ContractTensor acc{1, TensorName::acc, {4, 3, 5, 6}, 32, "layer1/acc"};
    TensorRegion good;
    good.type = ElementType::int32;
    good.samples = 2;
    good.channels = 3;
    good.height = 5;
    good.width = 6;
    EXPECT_EQ(layout_of(good, acc).size(), 2U * 3 * 5 * 6);
    const auto refused = [&](auto change) {
        TensorRegion region = good;
        change(region);
        EXPECT_THROW((void)layout_of(region, acc), std::logic_error);
    };
    refused([](TensorRegion& r) { r.channels = 2; });
    refused([](TensorRegion& r) { std::swap(r.height, r.width); });
    refused([](TensorRegion& r) { r.first_sample = 3; });
    refused([](TensorRegion& r) { r.samples = 0; });
    refused([](TensorRegion& r) { r.tensor_channels = 4; });
    refused([](TensorRegion& r) {
        r.tensor_channels = 3;
        r.first_channel = 1;
    });
    refused([](TensorRegion& r) { r.flag_mask = 1; });
    refused([](TensorRegion& r) { r.type = ElementType::float64; });
    refused([](TensorRegion& r) { r.order = RegionOrder::scalar; });
    refused([](TensorRegion& r) {
        r.order = RegionOrder::row_major;
        r.first = 359;
        r.count = 2;
    });
}

}  // namespace
}  // namespace wagesim::verify
