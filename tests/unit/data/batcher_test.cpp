// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Order and augmentation against the independent implementation's golden files.
#include "ref/data/batcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "ref/data/npz.hpp"
#include "ref/numerics/random_words.hpp"
#include "tests/support/golden.hpp"

namespace wagesim {
namespace {

using test::golden_path;
using test::GoldenTraining;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

LabelledImages numbered_images(std::size_t count, const ImageSize& size)
{
    LabelledImages out;
    out.size = size;
    for (std::size_t i = 0; i < count * size.bytes(); ++i) out.images.push_back(static_cast<std::uint8_t>(i % 251 + 1));
    for (std::size_t i = 0; i < count; ++i) out.labels.push_back(static_cast<std::uint16_t>(i % 10));
    return out;
}

TEST(Shuffle, EveryGoldenOrder)
{
    const NpzReader golden(golden_path("rng.npz"));
    std::size_t compared = 0;
    for (const std::string& name : golden.names()) {
        unsigned long long seed = 0, epoch = 0;
        unsigned n = 0;
        if (std::sscanf(name.c_str(), "shuffle/seed%llu/epoch%llu/n%u", &seed, &epoch, &n) != 3) continue;
        SCOPED_TRACE(name);
        EXPECT_THAT(shuffled_order(seed, epoch, n), ElementsAreArray(golden.read(name).values<std::uint32_t>()));
        ++compared;
    }
    EXPECT_EQ(compared, 24U);
}

TEST(Shuffle, NoImagesAndOneImage)
{
    EXPECT_TRUE(shuffled_order(1, 0, 0).empty());
    EXPECT_THAT(shuffled_order(1, 0, 1), ElementsAre(0));
}

class GoldenBatches : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenBatches, PositionsImagesAndLabelsOfEveryStep)
{
    const GoldenTraining golden(GetParam());
    Batcher batcher(golden.data(), golden.options().batcher());
    for (std::uint64_t step = 0; step < golden.steps(); ++step) {
        SCOPED_TRACE(step);
        const BatchView view = batcher.batch(step);
        const std::vector<std::uint32_t> expected = golden.positions(step);
        ASSERT_THAT(batcher.positions(), ElementsAreArray(expected));
        ASSERT_EQ(view.samples, expected.size());
        const std::size_t bytes = golden.data().size.bytes();
        for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_EQ(view.labels[i], golden.data().labels[expected[i]]);
            EXPECT_TRUE(std::equal(view.images + i * bytes, view.images + (i + 1) * bytes,
                                   golden.data().images.begin() + static_cast<std::ptrdiff_t>(expected[i] * bytes)));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenBatches, ::testing::ValuesIn(test::golden_trainings()),
                         [](const auto& file) { return test::identifier_of(file.param); });

TEST(Batcher, LeavesOutTheLastPartialBatchAndGoesOnWithTheNextEpoch)
{
    const LabelledImages data = numbered_images(7, {1, 2, 2});
    Batcher batcher(data, {3, 1, false, Augment::none});
    EXPECT_EQ(batcher.steps_per_epoch(), 2U);
    (void)batcher.batch(1);
    EXPECT_THAT(batcher.positions(), ElementsAre(3, 4, 5));
    (void)batcher.batch(2);
    EXPECT_THAT(batcher.positions(), ElementsAre(0, 1, 2));
}

TEST(Batcher, BatchesDoNotDependOnWhatWasAskedBefore)
{
    const LabelledImages data = numbered_images(10, {1, 3, 3});
    const Batcher::Options options = {2, 9, true, Augment::crop_flip};
    Batcher forward(data, options);
    for (std::uint64_t step = 0; step < 12; ++step) (void)forward.batch(step);
    const BatchView late = forward.batch(3);
    Batcher fresh(data, options);
    const BatchView direct = fresh.batch(3);
    EXPECT_EQ(forward.positions(), fresh.positions());
    EXPECT_TRUE(std::equal(late.images, late.images + 18, direct.images));
}

TEST(Batcher, RefusesBatchesThatTheDataCannotFill)
{
    const LabelledImages data = numbered_images(4, {1, 2, 2});
    EXPECT_NO_THROW(Batcher(data, {4, 1, true, Augment::none}));
    EXPECT_THROW(Batcher(data, {5, 1, true, Augment::none}), DataError);
    EXPECT_THROW(Batcher(data, {0, 1, true, Augment::none}), DataError);
    LabelledImages short_of_bytes = data;
    short_of_bytes.images.pop_back();
    EXPECT_THROW(Batcher(short_of_bytes, {4, 1, true, Augment::none}), DataError);
}

TEST(Augmentation, EveryGoldenImage)
{
    const NpzReader golden(golden_path("augment.npz"));
    LabelledImages data;
    data.size = {3, 32, 32};
    data.images = golden.read("images").bytes;
    data.labels.assign(4, 0);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        SCOPED_TRACE(epoch);
        Batcher batcher(data, {4, 1, false, Augment::crop_flip});
        const BatchView view = batcher.batch(epoch);
        const NpyArray expected = golden.read("epoch" + std::to_string(epoch) + "/images");
        ASSERT_EQ(expected.bytes.size(), 4 * data.size.bytes());
        EXPECT_TRUE(std::equal(expected.bytes.begin(), expected.bytes.end(), view.images));
    }
}

/// Images that show their crop: byte = 1 + 16 row + column, zero only where the padding is.
LabelledImages coordinate_images(std::size_t count)
{
    LabelledImages out;
    out.size = {1, 8, 8};
    for (std::size_t i = 0; i < count; ++i) {
        for (unsigned byte = 0; byte < 64; ++byte) {
            out.images.push_back(static_cast<std::uint8_t>(1 + 16 * (byte / 8) + byte % 8));
        }
        out.labels.push_back(0);
    }
    return out;
}

TEST(Augmentation, OffsetsAndFlipsOfAThousandPositions)
{
    const NpzReader golden(golden_path("augment.npz"));
    const LabelledImages data = coordinate_images(1000);
    std::size_t flips = 0;
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
        const std::string prefix = "epoch" + std::to_string(epoch) + "/";
        const auto row = golden.read(prefix + "row").values<int>();
        const auto column = golden.read(prefix + "column").values<int>();
        const auto flip = golden.read(prefix + "flip").values<int>();
        Batcher flipping(data, {1000, 1, false, Augment::crop_flip});
        Batcher cropping(data, {1000, 1, false, Augment::crop});
        const BatchView flipped = flipping.batch(epoch);
        const BatchView cropped = cropping.batch(epoch);
        for (std::size_t i = 0; i < 1000; ++i) {
            for (int byte = 0; byte < 64; ++byte) {
                const int y = byte / 8 + row[i] - 4;
                const int x = byte % 8 + column[i] - 4;
                const int mirrored = 7 - byte % 8 + column[i] - 4;
                const auto expected = [y](int at) { return y < 0 || y > 7 || at < 0 || at > 7 ? 0 : 1 + 16 * y + at; };
                const std::size_t at = i * 64 + static_cast<std::size_t>(byte);
                ASSERT_EQ(cropped.images[at], expected(x)) << i << " " << byte;
                ASSERT_EQ(flipped.images[at], expected(flip[i] != 0 ? mirrored : x)) << i << " " << byte;
            }
            flips += static_cast<std::size_t>(flip[i]);
        }
    }
    EXPECT_GT(flips, 1000U);
}

/// Crops of padding alone, which inputs narrower or lower than the padding have.
TEST(Augmentation, SmallImagesAreCutFromTheirPadding)
{
    for (const std::size_t height : {1U, 2U, 3U, 4U, 5U}) {
        for (const std::size_t width : {1U, 2U, 3U, 4U, 5U}) {
            const ImageSize size{2, height, width};
            const LabelledImages data = numbered_images(1, size);
            const Framing framing = padded_framing(size);
            for (std::uint32_t row = 0; row <= framing.row_margin(); ++row) {
                for (std::uint32_t column = 0; column <= framing.column_margin(); ++column) {
                    for (const bool flip : {false, true}) {
                        std::vector<std::uint8_t> expected;
                        for (std::size_t i = 0; i < size.bytes(); ++i) {
                            const std::size_t across = i % width;
                            const std::size_t x = (flip ? width - 1 - across : across) + column;
                            const std::size_t y = i / width % height + row;
                            const bool inside = x >= 4 && x < width + 4 && y >= 4 && y < height + 4;
                            const std::size_t from = (i / (width * height) * height + (y - 4)) * width + (x - 4);
                            expected.push_back(inside ? data.images[from] : std::uint8_t{0});
                        }
                        std::vector<std::uint8_t> cut(size.bytes(), 0xEE);
                        cut_image(data.images.data(), framing, {row, column, flip}, cut.data());
                        ASSERT_EQ(cut, expected) << height << "x" << width << " at " << row << ", " << column;
                    }
                }
            }
        }
    }
}

TEST(Augmentation, FollowsTheImageThroughTheShuffle)
{
    const LabelledImages data = coordinate_images(50);
    Batcher in_order(data, {50, 3, false, Augment::crop_flip});
    Batcher shuffled(data, {50, 3, true, Augment::crop_flip});
    const BatchView straight = in_order.batch(4);
    const BatchView mixed = shuffled.batch(4);
    ASSERT_NE(shuffled.positions(), in_order.positions());
    for (std::size_t i = 0; i < 50; ++i) {
        const std::size_t p = shuffled.positions()[i];
        EXPECT_TRUE(std::equal(mixed.images + i * 64, mixed.images + (i + 1) * 64, straight.images + p * 64));
    }
}

}  // namespace
}  // namespace wagesim
